//! IPv4 networks, read strictly.

use std::fmt;
use std::net::Ipv4Addr;

/// The sizes of a VPC and of a subnet (Amazon VPC User Guide, VPC CIDR blocks).
pub const LARGEST: u8 = 16;
pub const SMALLEST: u8 = 28;

/// Bits of a made VPC's prefix that its public subnets have more: each has a sixteenth.
pub const PUBLIC_BITS: u8 = 4;

/// The smallest VPC that is made: a load balancer's subnet is a /27 at least (Application Load Balancer User Guide,
/// subnets for your load balancer).
pub const SMALLEST_MADE: u8 = 27 - PUBLIC_BITS;

/// No host can have an address in these (RFC 6890; 224.0.0.0/3 is multicast and reserved).
const NEVER: [Cidr; 4] = [
    Cidr { base: 0, prefix: 8 },
    Cidr { base: 127 << 24, prefix: 8 },
    Cidr { base: 169 << 24 | 254 << 16, prefix: 16 },
    Cidr { base: 224 << 24, prefix: 3 },
];

/// A network: an address whose host bits are zero, and how many bits are the network's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cidr {
    base: u32,
    prefix: u8,
}

/// What is wrong with a text that should be the CIDR of a VPC.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CidrError {
    #[error("`{text}` is no IPv4 CIDR: write four numbers from 0 to 255 and a prefix, like 10.0.0.0/16")]
    Form { text: String },
    #[error("`{text}` has host bits set: write {network}")]
    HostBits { text: String, network: Cidr },
    #[error("`{text}` has a prefix of {prefix}: AWS takes VPCs from /{LARGEST} to /{SMALLEST}")]
    Size { text: String, prefix: u8 },
    #[error("`{text}` lies in {never}, where no host can be: take one of 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16")]
    Never { text: String, never: Cidr },
}

impl Cidr {
    /// The network of a VPC.
    ///
    /// # Errors
    /// When the text is anything but `a.b.c.d/p` with zero host bits, a size that AWS takes and
    /// addresses that a host can have.
    pub fn vpc(text: &str) -> Result<Self, CidrError> {
        let cidr = Self::parse(text)?;
        if !(LARGEST..=SMALLEST).contains(&cidr.prefix) {
            return Err(CidrError::Size { text: text.into(), prefix: cidr.prefix });
        }
        match NEVER.into_iter().find(|never| never.overlaps(cidr)) {
            Some(never) => Err(CidrError::Never { text: text.into(), never }),
            None => Ok(cidr),
        }
    }

    /// Any network.
    ///
    /// # Errors
    /// As [`Cidr::vpc`], but for size and range.
    pub fn parse(text: &str) -> Result<Self, CidrError> {
        let form = || CidrError::Form { text: text.into() };
        let (address, prefix) = text.split_once('/').ok_or_else(form)?;
        let address: Ipv4Addr = address.parse().map_err(|_| form())?;
        let digits = prefix.bytes().all(|byte| byte.is_ascii_digit()) && (prefix == "0" || !prefix.starts_with('0'));
        let prefix: u8 = prefix.parse().ok().filter(|prefix| digits && *prefix <= 32).ok_or_else(form)?;
        let cidr = Self { base: address.to_bits() & mask(prefix), prefix };
        if cidr.base != address.to_bits() {
            return Err(CidrError::HostBits { text: text.into(), network: cidr });
        }
        Ok(cidr)
    }

    pub fn prefix(self) -> u8 {
        self.prefix
    }

    /// Whether an address is in both.
    pub fn overlaps(self, other: Self) -> bool {
        let mask = mask(self.prefix.min(other.prefix));
        self.base & mask == other.base & mask
    }

    /// The part at a place, from 0, when the network is cut into parts that have `bits` more bits of
    /// prefix. None when there is no such part.
    pub fn part(self, bits: u8, place: u32) -> Option<Self> {
        let prefix = self.prefix.checked_add(bits).filter(|prefix| *prefix <= 32)?;
        if u64::from(place) >= 1 << bits {
            return None;
        }
        let offset = u64::from(place) << (32 - prefix);
        Some(Self { base: self.base | u32::try_from(offset).ok()?, prefix })
    }
}

impl fmt::Display for Cidr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", Ipv4Addr::from_bits(self.base), self.prefix)
    }
}

fn mask(prefix: u8) -> u32 {
    u32::MAX.checked_shl(32 - u32::from(prefix)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_only_what_is_a_network() {
        assert_eq!(Cidr::parse("10.0.0.0/16").unwrap().to_string(), "10.0.0.0/16");
        assert_eq!(Cidr::parse("0.0.0.0/0").unwrap().to_string(), "0.0.0.0/0");
        for text in [
            "",
            "10.0.0.0",
            "10.0.0.0/",
            "/16",
            "10.0.0/16",
            "10.0.0.0/33",
            "10.0.0.0/016",
            "10.0.0.0/+16",
            " 10.0.0.0/16",
            "10.0.0.0/16 ",
            "010.0.0.0/16",
            "10.0.0.256/32",
            "10.0.0.0/16/16",
            "fd00::/16",
            "10.0.0.0/99999999999",
            "10.0.0.0/-1",
            "١0.0.0.0/16",
        ] {
            assert_eq!(Cidr::parse(text), Err(CidrError::Form { text: text.into() }), "{text:?}");
        }
    }

    #[test]
    fn says_what_to_do() {
        let told = |text| Cidr::vpc(text).unwrap_err().to_string();
        assert_eq!(told("10.1.2.3/16"), "`10.1.2.3/16` has host bits set: write 10.1.0.0/16");
        assert_eq!(told("10.0.0.0/8"), "`10.0.0.0/8` has a prefix of 8: AWS takes VPCs from /16 to /28");
        assert_eq!(told("10.0.0.0/29"), "`10.0.0.0/29` has a prefix of 29: AWS takes VPCs from /16 to /28");
        assert_eq!(told("x"), "`x` is no IPv4 CIDR: write four numbers from 0 to 255 and a prefix, like 10.0.0.0/16");
        for (text, never) in [
            ("127.0.0.0/16", "127.0.0.0/8"),
            ("0.4.0.0/16", "0.0.0.0/8"),
            ("169.254.7.0/24", "169.254.0.0/16"),
            ("239.0.0.0/16", "224.0.0.0/3"),
            ("255.255.0.0/16", "224.0.0.0/3"),
        ] {
            assert!(told(text).contains(&format!("lies in {never},")), "{}", told(text));
        }
        assert!(Cidr::vpc("223.255.0.0/16").is_ok() && Cidr::vpc("169.253.0.0/16").is_ok());
    }

    fn any_cidr() -> impl Strategy<Value = Cidr> {
        (any::<u32>(), 0u8..=32).prop_map(|(bits, prefix)| Cidr { base: bits & mask(prefix), prefix })
    }

    fn holds(cidr: Cidr, address: u32) -> bool {
        (u64::from(cidr.base)..u64::from(cidr.base) + (1u64 << (32 - cidr.prefix))).contains(&u64::from(address))
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(cidr in any_cidr()) {
            prop_assert_eq!(Cidr::parse(&cidr.to_string()), Ok(cidr));
        }

        #[test]
        fn host_bits_are_refused_with_the_network(address in any::<u32>(), prefix in 0u8..=32) {
            let text = format!("{}/{prefix}", Ipv4Addr::from_bits(address));
            match Cidr::parse(&text) {
                Ok(cidr) => prop_assert_eq!(cidr.base, address),
                Err(CidrError::HostBits { network, .. }) => {
                    prop_assert!(network.base != address && holds(network, address));
                    prop_assert_eq!(Cidr::parse(&network.to_string()), Ok(network));
                }
                Err(other) => prop_assert!(false, "{other}"),
            }
        }

        #[test]
        fn overlap_is_having_an_address_in_common(a in any_cidr(), b in any_cidr()) {
            // Two networks are apart or one lies in the other: then the smaller one's first address is in both.
            let common = holds(a, b.base) || holds(b, a.base);
            prop_assert_eq!(a.overlaps(b), common);
            prop_assert_eq!(b.overlaps(a), common);
        }

        #[test]
        fn parts_fill_the_whole_and_do_not_overlap(whole in any_cidr(), bits in 0u8..=4) {
            let parts: Vec<_> = (0..1u32 << bits).filter_map(|place| whole.part(bits, place)).collect();
            prop_assert_eq!(whole.part(bits, 1 << bits), None);
            if u32::from(whole.prefix) + u32::from(bits) > 32 {
                prop_assert!(parts.is_empty());
                return Ok(());
            }
            prop_assert_eq!(parts.len(), 1 << bits);
            let mut next = u64::from(whole.base);
            for part in &parts {
                prop_assert_eq!(u64::from(part.base), next);
                prop_assert!(whole.overlaps(*part) && part.prefix == whole.prefix + bits);
                next += 1 << (32 - part.prefix);
            }
            prop_assert_eq!(next, u64::from(whole.base) + (1u64 << (32 - whole.prefix)));
        }
    }
}
