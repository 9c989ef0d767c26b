//! Route 53: zones, records, health checks with their checkers, and how a name is answered.

use super::World;
use crate::geo::Place;
use std::net::Ipv4Addr;

/// Route 53 of the account.
#[derive(Debug, Clone, Default)]
pub struct Dns {}

/// A DNS answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DnsAnswer {
    pub code: ResponseCode,
    pub records: Vec<DnsRecord>,
    /// Every record had to be taken because none was healthy.
    pub last_resort: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResponseCode {
    NoError,
    NxDomain,
    /// No zone of this account holds the name.
    Refused,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DnsRecord {
    pub name: String,
    pub ttl_s: u32,
    pub data: RecordData,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RecordData {
    A(Ipv4Addr),
    Cname(String),
    Txt(String),
    Ns(String),
    Soa(String),
}

/// Types that are answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecordType {
    A,
    Aaaa,
    Cname,
    Txt,
    Ns,
    Soa,
}

/// What the authoritative servers answer a client at `place`. `roll` (0 to 1) draws among weights;
/// the same roll gives the same answer.
pub fn resolve(_world: &World, _name: &str, _kind: RecordType, _place: &Place, _roll: f64) -> DnsAnswer {
    DnsAnswer { code: ResponseCode::Refused, records: vec![], last_resort: false }
}

pub fn tick(_world: &mut World) {}
