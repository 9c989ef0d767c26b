//! What cannot be right in a [`Site`](super::Site), in words that say where and what to do.

use crate::model::cidr::{Cidr, CidrError};
use std::fmt;

/// Everything that is wrong, never none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct Mistakes(pub Vec<Mistake>);

impl fmt::Display for Mistakes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, mistake) in self.0.iter().enumerate() {
            if place > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{mistake}")?;
        }
        Ok(())
    }
}

impl From<Mistake> for Mistakes {
    fn from(mistake: Mistake) -> Self {
        Self(vec![mistake])
    }
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Mistake {
    #[error("Regions: {count} named: a stack in several Regions needs at least two")]
    TooFewRegions { count: usize },
    #[error("Region {region}: named twice: remove one")]
    RegionTwice { region: String },
    #[error("Region `{region}`: no name of a Region: use one like eu-west-1")]
    RegionName { region: String },
    #[error("Region `{region}`: not of this stack: its Regions are {known}")]
    UnknownRegion { region: String, known: String },
    #[error("Region {region}: cannot be peered with itself: name two Regions")]
    SameRegion { region: String },

    #[error("Region {region}: VPC CIDR {error}")]
    Cidr { region: String, error: CidrError },
    #[error("Regions {a} and {b}: VPC CIDRs {a_cidr} and {b_cidr} overlap, peered VPCs must not: change one")]
    Overlap { a: String, a_cidr: Cidr, b: String, b_cidr: Cidr },
    #[error("Region {region}: VPC CIDR {cidr} is too small to be cut into subnets: use a prefix from 16 to {smallest}")]
    TooSmall { region: String, cidr: Cidr, smallest: u8 },
    #[error("Region {region}: {zones} Availability Zones: use 2 or 3, load balancers and databases need two")]
    Zones { region: String, zones: u32 },
    #[error("Region {region}: interface endpoints have names of their own in China: use NAT gateways or a given VPC")]
    EndpointsInChina { region: String },

    #[error("Region {region}: `{value}` is no {what}: it begins with `{prefix}`, then 8 to 17 of 0-9 and a-f")]
    Id { region: String, what: &'static str, value: String, prefix: &'static str },
    #[error("Region {region}: {count} {kind} subnets given: name at least two, in different Availability Zones")]
    TooFewSubnets { region: String, kind: &'static str, count: usize },
    #[error("Region {region}: `{id}` is given twice: remove one, a subnet is either public or private")]
    IdTwice { region: String, id: String },
    #[error(
        "Region {region}: no route tables given: name those of the private subnets, the other Regions are reached through them"
    )]
    NoRouteTables { region: String },

    #[error("{what} `{name}`: use {rule}")]
    Name { what: &'static str, name: String, rule: &'static str },
    #[error("{what} `{name}`: {length} characters, AWS takes {limit}: shorten the stack's name")]
    TooLong { what: &'static str, name: String, length: usize, limit: usize },
    #[error("{what}: 0 is no port: use one from 1 to 65535")]
    Port { what: &'static str },
    #[error("log retention: CloudWatch Logs does not know {days} days: use {nearest}")]
    Retention { days: u16, nearest: u16 },

    #[error("role path `{path}`: begin and end it with `/`, like /tandem/, in at most 512 visible characters")]
    RolePath { path: String },
    #[error("{what} `{arn}`: give an ARN like {like}")]
    Arn { what: &'static str, arn: String, like: &'static str },
    #[error("{what}: has no effect with {with}: remove one of them")]
    NoEffect { what: &'static str, with: &'static str },
    #[error("repository `{arn}`: would be pulled across Regions and die with its own: write {{region}} for its Region")]
    RepositoryRegion { arn: String },
    #[error("secret `{name}`: begin with part of a name, then letters, digits, /_+=.@-!, `*` and `?`, like shop/*")]
    Secret { name: String },
    #[error("grant of {actions}: {why}")]
    Grant { actions: String, why: &'static str },
    #[error("{what}: {length} characters, AWS takes {limit} in all policies of a role: name fewer, or use wildcards")]
    PolicyTooLong { what: &'static str, length: usize, limit: usize },
    #[error("control table: no Regions named: name those of its replicas")]
    NoControlRegions,

    #[error("tag `{key}`: {why}")]
    Tag { key: String, why: &'static str },
    #[error("tags: {count} given, at most {limit} beside Tandem's own: remove some")]
    TooManyTags { count: usize, limit: usize },
    #[error(
        "template {name}: {bytes} bytes, CloudFormation takes {limit}: name fewer grants, secrets and repositories"
    )]
    TooLarge { name: String, bytes: usize, limit: usize },
    #[error("template {name}: cannot be written, {why}: report it")]
    Unwritable { name: String, why: String },
}
