//! Where Regions and people are, and how far apart.

use std::net::{IpAddr, Ipv4Addr};

/// An AWS Region of this world.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Region {
    pub name: &'static str,
    pub latitude: f64,
    pub longitude: f64,
    /// The hosted zone of its Application Load Balancers, for alias records
    /// (AWS General Reference, Elastic Load Balancing endpoints).
    pub alb_zone: &'static str,
}

/// The Regions that this world has.
pub const REGIONS: &[Region] = &[
    Region { name: "ap-northeast-1", latitude: 35.68, longitude: 139.69, alb_zone: "Z14GRHDCWA56QT" },
    Region { name: "ap-south-1", latitude: 19.08, longitude: 72.88, alb_zone: "ZP97RAFLXTNZK" },
    Region { name: "ap-southeast-1", latitude: 1.35, longitude: 103.82, alb_zone: "Z1LMS91P8CMLE5" },
    Region { name: "ap-southeast-2", latitude: -33.87, longitude: 151.21, alb_zone: "Z1GM3OXH4ZPM65" },
    Region { name: "ca-central-1", latitude: 45.50, longitude: -73.57, alb_zone: "ZQSVJUPU6J1EY" },
    Region { name: "eu-central-1", latitude: 50.11, longitude: 8.68, alb_zone: "Z215JYRZR1TBD5" },
    Region { name: "eu-north-1", latitude: 59.33, longitude: 18.07, alb_zone: "Z23TAZ6LKFMNIO" },
    Region { name: "eu-west-1", latitude: 53.35, longitude: -6.26, alb_zone: "Z32O12XQLNTSW2" },
    Region { name: "eu-west-2", latitude: 51.51, longitude: -0.13, alb_zone: "ZHURV8PSTC4K8" },
    Region { name: "sa-east-1", latitude: -23.55, longitude: -46.63, alb_zone: "Z2P70J7HTTTPLU" },
    Region { name: "us-east-1", latitude: 38.95, longitude: -77.45, alb_zone: "Z35SXDOTRQ7X7K" },
    Region { name: "us-east-2", latitude: 39.96, longitude: -83.00, alb_zone: "Z3AADJGX6KTTL2" },
    Region { name: "us-west-1", latitude: 37.77, longitude: -122.42, alb_zone: "Z368ELLRRE2KJ0" },
    Region { name: "us-west-2", latitude: 45.84, longitude: -119.70, alb_zone: "Z1H1FL5HABSF5" },
    // these came later: the place in this list is part of a task's address
    Region { name: "ap-northeast-2", latitude: 37.57, longitude: 126.98, alb_zone: "ZWKZPGTI48KDX" },
    Region { name: "ap-northeast-3", latitude: 34.69, longitude: 135.50, alb_zone: "Z5LXEXXYW11ES" },
    Region { name: "eu-west-3", latitude: 48.86, longitude: 2.35, alb_zone: "Z3Q77PNBQS71R4" },
];

/// Regions that an account must opt in to (AWS Account Management Reference, specify which Regions your account can
/// use). The account of this world has not.
const OPT_IN: [&str; 17] = [
    "af-south-1",
    "ap-east-1",
    "ap-east-2",
    "ap-south-2",
    "ap-southeast-3",
    "ap-southeast-4",
    "ap-southeast-5",
    "ap-southeast-6",
    "ap-southeast-7",
    "ca-west-1",
    "eu-central-2",
    "eu-south-1",
    "eu-south-2",
    "il-central-1",
    "me-central-1",
    "me-south-1",
    "mx-central-1",
];

/// Whether it is a Region that is not enabled.
pub fn is_off(name: &str) -> bool {
    OPT_IN.contains(&name)
}

pub fn region(name: &str) -> Option<&'static Region> {
    REGIONS.iter().find(|region| region.name == name)
}

/// A place where people and their resolvers are, as Route 53's geolocation sees it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Place {
    pub name: &'static str,
    /// Route 53's continent code: AF, AN, AS, EU, NA, OC, SA.
    pub continent: &'static str,
    /// ISO 3166-1 alpha-2.
    pub country: &'static str,
    pub latitude: f64,
    pub longitude: f64,
    /// The /20 that its resolvers and clients have, inside 198.18.0.0/15 (RFC 2544: never routed).
    pub subnet: Ipv4Addr,
    /// Its share of all users, out of 100.
    pub share: u32,
}

macro_rules! places {
    ($($name:literal $continent:literal $country:literal $latitude:literal $longitude:literal $third:literal $share:literal;)*) => {
        /// Where users live.
        pub const PLACES: &[Place] = &[$(Place {
            name: $name, continent: $continent, country: $country, latitude: $latitude, longitude: $longitude,
            subnet: Ipv4Addr::new(198, 18, $third, 0), share: $share,
        }),*];
    };
}

places! {
    "new-york"     "NA" "US"  40.71  -74.01   0 22;
    "san-francisco" "NA" "US" 37.77 -122.42  16 16;
    "toronto"      "NA" "CA"  43.65  -79.38  32  7;
    "sao-paulo"    "SA" "BR" -23.55  -46.63  48  7;
    "london"       "EU" "GB"  51.51   -0.13  64 13;
    "frankfurt"    "EU" "DE"  50.11    8.68  80 12;
    "paris"        "EU" "FR"  48.86    2.35  96  7;
    "johannesburg" "AF" "ZA" -26.20   28.05 112  3;
    "mumbai"       "AS" "IN"  19.08   72.88 128  6;
    "tokyo"        "AS" "JP"  35.68  139.69 144  5;
    "sydney"       "OC" "AU" -33.87  151.21 160  2;
}

/// The place that an address belongs to; an address of no place is taken to be in `new-york`, as
/// unmapped addresses are somewhere too.
pub fn place_of(address: IpAddr) -> &'static Place {
    let IpAddr::V4(v4) = address else { return &PLACES[0] };
    let [a, b, c, _] = v4.octets();
    PLACES.iter().find(|place| (a, b) == (198, 18) && place.subnet.octets()[2] == c & 0xf0).unwrap_or(&PLACES[0])
}

pub fn place(name: &str) -> Option<&'static Place> {
    PLACES.iter().find(|place| place.name == name)
}

/// Round trip between two points, milliseconds: light in fibre over the great circle with the detour
/// that real routes take, and a floor for the last mile.
pub fn round_trip_ms(from: (f64, f64), to: (f64, f64)) -> f64 {
    let (lat1, lon1) = (from.0.to_radians(), from.1.to_radians());
    let (lat2, lon2) = (to.0.to_radians(), to.1.to_radians());
    let half = ((lat2 - lat1) / 2.0).sin().powi(2) + lat1.cos() * lat2.cos() * ((lon2 - lon1) / 2.0).sin().powi(2);
    let kilometres = 2.0 * 6371.0 * half.sqrt().min(1.0).asin();
    6.0 + kilometres / 100.0 * 1.5
}

/// Round trip between a place and a Region, milliseconds.
pub fn latency_ms(place: &Place, region: &Region) -> f64 {
    round_trip_ms((place.latitude, place.longitude), (region.latitude, region.longitude))
}

/// The availability zone of a subnet. There is no EC2 in this world, so the id itself tells: its last
/// character `a`, `b` or `c` is the zone's letter, any other is spread over the three.
pub fn zone_of_subnet(region: &str, subnet: &str) -> String {
    let letter = match subnet.bytes().last() {
        Some(last @ b'a'..=b'c') => last,
        Some(last) => b'a' + last % 3,
        None => b'a',
    };
    format!("{region}{}", char::from(letter))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_tells_its_place() {
        for place in PLACES {
            assert_eq!(place_of(IpAddr::V4(place.subnet)).name, place.name);
        }
        assert_eq!(PLACES.iter().map(|p| p.share).sum::<u32>(), 100);
    }

    #[test]
    fn europeans_are_nearer_to_ireland() {
        let (london, virginia) = (place("london").copied(), region("us-east-1"));
        let (Some(london), Some(virginia), Some(ireland)) = (london, virginia, region("eu-west-1")) else {
            panic!("the map has lost a place")
        };
        assert!(latency_ms(&london, ireland) < latency_ms(&london, virginia));
    }
}
