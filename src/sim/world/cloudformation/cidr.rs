//! Blocks of IPv4 addresses.

use std::fmt;
use std::net::Ipv4Addr;

/// `10.0.0.0/16`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cidr {
    base: u32,
    prefix: u32,
}

/// Most blocks that Fn::Cidr makes (CloudFormation User Guide, Fn::Cidr).
const MOST_SLICES: u64 = 256;

impl Cidr {
    /// Host bits are cleared, as EC2 does it (EC2 API Reference, CreateVpc).
    pub fn parse(text: &str) -> Option<Self> {
        let (address, prefix) = text.split_once('/')?;
        let address: Ipv4Addr = address.parse().ok()?;
        let prefix: u32 = prefix.parse().ok().filter(|prefix| *prefix <= 32)?;
        Some(Self { base: u32::from(address) & mask(prefix), prefix })
    }

    pub fn prefix(self) -> u32 {
        self.prefix
    }

    /// Whether `inner` lies in it.
    pub fn holds(self, inner: Self) -> bool {
        self.prefix <= inner.prefix && inner.base & mask(self.prefix) == self.base
    }

    pub fn overlaps(self, other: Self) -> bool {
        self.holds(other) || other.holds(self)
    }

    /// Its first `count` blocks with `host_bits` bits for hosts; `None` where it has not so many.
    pub fn slices(self, count: u64, host_bits: u32) -> Option<Vec<Self>> {
        let prefix = 32_u32.checked_sub(host_bits).filter(|prefix| *prefix >= self.prefix && host_bits > 0)?;
        let fits = 1_u64 << (prefix - self.prefix);
        if count == 0 || count > MOST_SLICES || count > fits {
            return None;
        }
        let block = |n: u64| Some(Self { base: self.base + u32::try_from(n << host_bits).ok()?, prefix });
        (0..count).map(block).collect()
    }
}

fn mask(prefix: u32) -> u32 {
    u32::MAX.checked_shl(32 - prefix).unwrap_or(0)
}

impl fmt::Display for Cidr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", Ipv4Addr::from(self.base), self.prefix)
    }
}

#[cfg(test)]
mod tests {
    use super::Cidr;

    fn cidr(text: &str) -> Cidr {
        Cidr::parse(text).expect("a block")
    }

    #[test]
    fn blocks_hold_and_overlap() {
        assert!(cidr("10.0.0.0/16").holds(cidr("10.0.255.0/24")));
        assert!(!cidr("10.0.0.0/16").holds(cidr("10.1.0.0/24")));
        assert!(cidr("10.0.1.0/24").overlaps(cidr("10.0.0.0/16")));
        assert!(!cidr("10.0.0.0/24").overlaps(cidr("10.0.1.0/24")));
        assert!(cidr("0.0.0.0/0").holds(cidr("255.255.255.255/32")));
        assert_eq!(cidr("10.0.7.9/20").to_string(), "10.0.0.0/20");
        assert_eq!((Cidr::parse("10.0.0.0/33"), Cidr::parse("10.0.0/8"), Cidr::parse("10.0.0.0")), (None, None, None));
    }

    #[test]
    fn slices_follow_each_other() {
        let slices = cidr("10.0.0.0/16").slices(3, 8).expect("slices");
        let texts: Vec<String> = slices.iter().map(Cidr::to_string).collect();
        assert_eq!(texts, ["10.0.0.0/24", "10.0.1.0/24", "10.0.2.0/24"]);
        assert_eq!(cidr("10.0.0.0/24").slices(2, 8), None);
        assert_eq!(cidr("10.0.0.0/24").slices(1, 9), None);
    }
}
