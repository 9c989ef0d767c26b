//! `[[regions]]`: where the stack is, and in what network.

use super::super::file::{File, RegionSection};
use super::problems::Problems;
use super::{given, networks};
use crate::model::cidr::{Cidr, CidrError, LARGEST, SMALLEST, SMALLEST_MADE};
use crate::model::spec::{Certificate, Nat, Network, Site};
use crate::model::text::nearest;
use toml::Spanned;

/// Regions that are commercial and open by default or by opting in (AWS General Reference, 2026).
pub(in crate::config) const REGIONS: &[&str] = &[
    "af-south-1",
    "ap-east-1",
    "ap-east-2",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-south-2",
    "ap-southeast-1",
    "ap-southeast-2",
    "ap-southeast-3",
    "ap-southeast-4",
    "ap-southeast-5",
    "ap-southeast-6",
    "ap-southeast-7",
    "ca-central-1",
    "ca-west-1",
    "eu-central-1",
    "eu-central-2",
    "eu-north-1",
    "eu-south-1",
    "eu-south-2",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "il-central-1",
    "me-central-1",
    "me-south-1",
    "mx-central-1",
    "sa-east-1",
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
];

/// A global database has one primary and at most ten secondary Regions (Aurora User Guide, global database).
const MOST_REGIONS: usize = 11;

pub(super) fn sites(file: &File, problems: &mut Problems) -> Vec<Site> {
    let mut seen: Vec<&str> = vec![];
    for region in &file.regions {
        name(&region.name, &seen, problems);
        seen.push(region.name.get_ref());
        certificate(region, problems);
    }
    if let Some(first) = file.regions.first()
        && file.regions.len() < 2
    {
        problems.at(&first.name, "[[regions]]: one Region is not active-active: add a second [[regions]]");
    }
    if let Some(last) = file.regions.get(MOST_REGIONS) {
        let text = format!("a global database has at most {MOST_REGIONS} Regions: remove some");
        problems.at(&last.name, format!("[[regions]]: {} Regions: {text}", file.regions.len()));
    }
    let with = file.regions.iter().filter(|region| region.certificate.is_some()).count();
    let made = file.dns.certificates == Some(true);
    if with != 0
        && !made
        && let Some(bare) = file.regions.iter().find(|region| region.certificate.is_none())
    {
        let way = "every Region needs its own: give it, or let it be made with [dns] certificates = true";
        problems.at(&bare.name, format!("[[regions]] certificate: some Regions have one: {way}"));
    }
    let mut sites: Vec<Site> =
        file.regions.iter().enumerate().map(|(place, region)| site(place, region, problems)).collect();
    for site in sites.iter_mut().filter(|site| site.certificate.is_none() && made) {
        site.certificate = Some(Certificate::Made);
    }
    networks::apart(&file.regions, &sites, problems);
    sites
}

fn site(place: usize, region: &RegionSection, problems: &mut Problems) -> Site {
    let cidr = match &region.vpc_cidr {
        Some(cidr) => {
            vpc_cidr(cidr, region.vpc.is_none(), problems);
            cidr.get_ref().clone()
        }
        None => format!("10.{place}.0.0/16"),
    };
    let kinds = [("per-zone", Nat::PerZone), ("one", Nat::One), ("none", Nat::None)];
    let made = |problems: &mut Problems| Network::Made {
        cidr: cidr.clone(),
        zones: problems.whole("[[regions]] zones", region.zones.as_ref(), 2..=3, 3),
        nat: problems.word("[[regions]] nat", region.nat.as_ref(), &kinds, Nat::PerZone),
    };
    Site {
        name: region.name.get_ref().clone(),
        network: given::network(region, &cidr, problems).unwrap_or_else(|| made(problems)),
        certificate: region.certificate.as_ref().map(|arn| Certificate::Given(arn.get_ref().clone())),
    }
}

fn name(region: &Spanned<String>, seen: &[&str], problems: &mut Problems) {
    let name = region.get_ref().as_str();
    if !REGIONS.contains(&name) {
        problems.at(region, format!("[[regions]] name: {}", no_region(name)));
    }
    if seen.contains(&name) {
        problems.at(region, format!("[[regions]] name: `{name}` stands twice: remove one"));
    }
}

/// That the name is none of a Region, and which one may have been meant.
pub(super) fn no_region(name: &str) -> String {
    let hint = nearest(name, REGIONS)
        .map_or_else(|| "use a name like `eu-west-1`".to_string(), |near| format!("did you mean `{near}`?"));
    format!("`{name}` is no Region: {hint}")
}

fn certificate(region: &RegionSection, problems: &mut Problems) {
    let Some(certificate) = &region.certificate else { return };
    let Some(rest) = certificate.get_ref().strip_prefix("arn:aws:acm:") else {
        problems.at(certificate, "[[regions]] certificate: must be the ARN of a certificate, `arn:aws:acm:...`");
        return;
    };
    let (of, here) = (rest.split(':').next().unwrap_or_default(), region.name.get_ref());
    if of != here {
        let why = format!("load balancers of {here} take those of {here} only");
        problems.at(certificate, format!("[[regions]] certificate: is one of {of}: {why}: request one there"));
    }
}

fn vpc_cidr(cidr: &Spanned<String>, made: bool, problems: &mut Problems) {
    let text = cidr.get_ref().as_str();
    let size = || format!("`{text}`: AWS takes networks from /{LARGEST} to /{SMALLEST}: use one like `10.0.0.0/16`");
    let said = match Cidr::vpc(text) {
        Ok(network) if made && network.prefix() > SMALLEST_MADE => {
            format!("`{text}` is too small for the subnets that are made: use /{SMALLEST_MADE} or more")
        }
        Ok(_) => return,
        Err(CidrError::Form { .. }) => format!("`{text}` is no network: use one like `10.0.0.0/16`"),
        Err(CidrError::HostBits { network, .. }) if (LARGEST..=SMALLEST).contains(&network.prefix()) => {
            format!("`{text}` is an address within a network: use `{network}`")
        }
        Err(CidrError::HostBits { .. } | CidrError::Size { .. }) => size(),
        Err(error @ CidrError::Never { .. }) => error.to_string(),
    };
    problems.at(cidr, format!("[[regions]] vpc_cidr: {said}"));
}
