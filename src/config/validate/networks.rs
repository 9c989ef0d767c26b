//! That the networks of the Regions do not overlap: peered VPCs must not (Amazon VPC Peering Guide, limitations).

use super::super::file::RegionSection;
use super::problems::Problems;
use crate::model::cidr::Cidr;
use crate::model::spec::Site;

/// Whether both are networks that AWS would take, and have an address in common.
fn overlap(one: &str, other: &str) -> bool {
    Cidr::vpc(one).is_ok_and(|one| Cidr::vpc(other).is_ok_and(|other| one.overlaps(other)))
}

/// Says it of the later of two, where its network is written, else of the earlier one.
pub(super) fn apart(sections: &[RegionSection], sites: &[Site], problems: &mut Problems) {
    for (place, site) in sites.iter().enumerate() {
        let Some(before) = sites[..place].iter().position(|before| overlap(before.network.cidr(), site.network.cidr()))
        else {
            continue;
        };
        let written = |place: usize| sections.get(place).and_then(|section| section.vpc_cidr.as_ref());
        let (said, key, of) = match (written(place), written(before)) {
            (Some(key), _) => (site, key, &sites[before]),
            (None, Some(key)) => (&sites[before], key, site),
            (None, None) => continue,
        };
        let usual = if written(before).is_none() || written(place).is_none() { ", the default" } else { "" };
        let hint = free(sites).map_or("use another one".into(), |free| format!("use one like `{free}`"));
        problems.at(
            key,
            format!(
                "[[regions]] vpc_cidr: `{}` overlaps `{}` of {}{usual}, and peered networks must not: {hint}",
                said.network.cidr(),
                of.network.cidr(),
                of.name
            ),
        );
    }
}

/// A network that overlaps none of theirs.
fn free(sites: &[Site]) -> Option<String> {
    let mut all = (0..=255).map(|number| format!("10.{number}.0.0/16"));
    all.find(|one| !sites.iter().any(|site| overlap(one, site.network.cidr())))
}
