//! Resource record sets, with Route 53's members and in its order.
#![allow(non_snake_case, reason = "members are spelt as AWS spells them")]

use super::{RecordType, names};
use crate::doc::Doc;
use serde::{Deserialize, Serialize};

/// Every record type that Route 53 stores, in the order of its lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum RrType {
    A,
    Aaaa,
    Caa,
    Cname,
    Ds,
    Https,
    Mx,
    Naptr,
    Ns,
    Ptr,
    Soa,
    Spf,
    Srv,
    Sshfp,
    Svcb,
    Tlsa,
    Txt,
}

impl RrType {
    pub fn name(self) -> &'static str {
        match self {
            RrType::A => "A",
            RrType::Aaaa => "AAAA",
            RrType::Caa => "CAA",
            RrType::Cname => "CNAME",
            RrType::Ds => "DS",
            RrType::Https => "HTTPS",
            RrType::Mx => "MX",
            RrType::Naptr => "NAPTR",
            RrType::Ns => "NS",
            RrType::Ptr => "PTR",
            RrType::Soa => "SOA",
            RrType::Spf => "SPF",
            RrType::Srv => "SRV",
            RrType::Sshfp => "SSHFP",
            RrType::Svcb => "SVCB",
            RrType::Tlsa => "TLSA",
            RrType::Txt => "TXT",
        }
    }
}

impl From<RecordType> for RrType {
    fn from(kind: RecordType) -> Self {
        match kind {
            RecordType::A => RrType::A,
            RecordType::Aaaa => RrType::Aaaa,
            RecordType::Cname => RrType::Cname,
            RecordType::Txt => RrType::Txt,
            RecordType::Ns => RrType::Ns,
            RecordType::Soa => RrType::Soa,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RecordSet {
    pub Name: String,
    pub Type: RrType,
    pub SetIdentifier: Option<String>,
    pub Weight: Option<i64>,
    pub Region: Option<String>,
    pub GeoLocation: Option<GeoLocation>,
    pub Failover: Option<String>,
    pub MultiValueAnswer: Option<bool>,
    pub TTL: Option<i64>,
    pub ResourceRecords: Option<Vec<ResourceRecord>>,
    pub AliasTarget: Option<AliasTarget>,
    pub HealthCheckId: Option<String>,
    /// Not in this world; held so that it is refused and not dropped.
    #[serde(skip_serializing)]
    pub TrafficPolicyInstanceId: Option<Doc>,
    /// Not in this world; held so that it is refused and not dropped.
    #[serde(skip_serializing)]
    pub CidrRoutingConfig: Option<Doc>,
    /// Not in this world; held so that it is refused and not dropped.
    #[serde(skip_serializing)]
    pub GeoProximityLocation: Option<Doc>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ResourceRecord {
    pub Value: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GeoLocation {
    pub ContinentCode: Option<String>,
    pub CountryCode: Option<String>,
    pub SubdivisionCode: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AliasTarget {
    pub HostedZoneId: String,
    pub DNSName: String,
    pub EvaluateTargetHealth: bool,
}

/// What tells one record set of a zone from another, in the order of Route 53's lists: reversed
/// name, type, set identifier.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key(pub String, pub RrType, pub String);

impl RecordSet {
    /// A simple record with values.
    pub fn plain(name: &str, kind: RrType, ttl_s: i64, values: Vec<String>) -> Self {
        Self {
            Name: name.into(),
            Type: kind,
            SetIdentifier: None,
            Weight: None,
            Region: None,
            GeoLocation: None,
            Failover: None,
            MultiValueAnswer: None,
            TTL: Some(ttl_s),
            ResourceRecords: Some(values.into_iter().map(|Value| ResourceRecord { Value }).collect()),
            AliasTarget: None,
            HealthCheckId: None,
            TrafficPolicyInstanceId: None,
            CidrRoutingConfig: None,
            GeoProximityLocation: None,
        }
    }

    /// As Route 53 stores it: names normal, ids bare, values in the order given.
    pub fn normal(mut self) -> Self {
        self.Name = names::normal(&self.Name).into_owned();
        self.MultiValueAnswer = self.MultiValueAnswer.filter(|multi| *multi);
        self.ResourceRecords = self.ResourceRecords.filter(|values| !values.is_empty());
        if let Some(target) = &mut self.AliasTarget {
            target.DNSName = names::normal(&target.DNSName).into_owned();
            target.HostedZoneId = target.HostedZoneId.trim_start_matches("/hostedzone/").to_string();
        }
        self
    }

    pub fn key(&self) -> Key {
        Key(names::reversed(&self.Name), self.Type, self.SetIdentifier.clone().unwrap_or_default())
    }

    pub fn values(&self) -> impl Iterator<Item = &str> {
        self.ResourceRecords.iter().flatten().map(|record| record.Value.as_str())
    }

    /// How often a routing policy is named: 1 is right with a set identifier, 0 without.
    pub fn policies(&self) -> usize {
        [
            self.Weight.is_some(),
            self.Region.is_some(),
            self.Failover.is_some(),
            self.GeoLocation.is_some(),
            self.MultiValueAnswer.is_some(),
        ]
        .into_iter()
        .filter(|named| *named)
        .count()
    }

    /// The routing policy in AWS's words.
    pub fn policy(&self) -> &'static str {
        if self.Weight.is_some() {
            "weighted"
        } else if self.Region.is_some() {
            "latency"
        } else if self.Failover.is_some() {
            "failover"
        } else if self.GeoLocation.is_some() {
            "geolocation"
        } else if self.MultiValueAnswer.is_some() {
            "multivalue answer"
        } else {
            "simple"
        }
    }

    /// Equal but for the order of the values: what a DELETE must be.
    pub fn same(&self, other: &RecordSet) -> bool {
        let sorted = |set: &RecordSet| {
            let mut set = set.clone();
            set.ResourceRecords.iter_mut().for_each(|values| values.sort());
            set
        };
        sorted(self) == sorted(other)
    }
}
