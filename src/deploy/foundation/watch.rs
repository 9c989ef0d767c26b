//! `<stack>-watch`: what a watcher in a Region stands on. Nothing of it is the application's, so that a watcher does not go
//! with the VPC, the NAT gateways or the roles of what it watches.

use super::mistake::{Mistake, Mistakes};
use super::site::Site;
use super::template::{Document, Template, attribute, joined, reference, stack_tags, sub, tags};
use super::{network, outputs, roles};
use crate::model::cidr::Cidr;
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use std::time::Duration;

/// Of the VPC, the same in every Region: it is peered with nothing, so no network can get into its way.
const NETWORK: &str = "10.255.255.0/24";

/// One more than a task needs: Fargate takes the other one when it cannot start in the first.
const ZONES: u32 = 2;

/// Assumed: a gateway and two roles, half a minute each.
const EXPECTED: Duration = Duration::from_secs(90);

/// The watch stack of a Region, which need not be one of the site's. `policies`: what its watcher may do, statements by
/// the names of the policies; in their ARNs `${AWS::AccountId}` is the account.
///
/// # Errors
/// All that is wrong with the site, or with the names of a watcher there.
pub fn watch(site: &Site, region: &str, policies: Vec<(&str, Vec<Json>)>) -> Result<Template, Mistakes> {
    site.check_watcher(region)?;
    let name = site.watch_stack();
    let cidr = Cidr::vpc(NETWORK).map_err(|error| Mistake::Cidr { region: region.into(), error })?;
    let mut document = Document::new(format!("Tandem: what the watcher of {} in {region} stands on", site.stack));
    let (vpc, public) = network::add_public(&mut document, site, "watch-", cidr, ZONES);
    document.add(
        "WatchSecurityGroup",
        "AWS::EC2::SecurityGroup",
        json!({
            "GroupName": site.group("watch"),
            "GroupDescription": "Watcher",
            "VpcId": vpc,
            // nobody calls a watcher
            "SecurityGroupIngress": [],
            "SecurityGroupEgress": [{ "IpProtocol": "-1", "CidrIp": "0.0.0.0/0", "Description": "all that it watches" }],
            "Tags": tags(site, "watch"),
        }),
    );
    document.add(
        "LogGroup",
        "AWS::Logs::LogGroup",
        json!({
            "LogGroupName": site.watch_log_group(),
            "RetentionInDays": site.log_retention_days,
            "Tags": tags(site, "watch-logs"),
        }),
    );
    let policies = policies.into_iter().map(|(name, all)| (name, all.into_iter().map(of_account).collect())).collect();
    let arns = roles::add_of_watcher(&mut document, site, region, policies);
    document.output(outputs::VPC, vpc);
    document.output(outputs::PUBLIC, joined(&public));
    document.output(outputs::WATCH, attribute("WatchSecurityGroup", "GroupId"));
    document.output(outputs::EXECUTION, arns.execution);
    document.output(outputs::TASK, arns.task);
    document.output(outputs::LOGS, reference("LogGroup"));
    Ok(Template {
        body: document.body(&name)?,
        name,
        region: region.into(),
        parameters: BTreeMap::new(),
        tags: stack_tags(site),
        capabilities: vec!["CAPABILITY_NAMED_IAM"],
        expected: EXPECTED,
    })
}

/// A statement whose ARNs are of the account and partition that the stack is in.
fn of_account(mut statement: Json) -> Json {
    for arn in statement["Resource"].as_array_mut().into_iter().flatten() {
        if let Some(text) = arn.as_str().filter(|text| text.starts_with("arn:aws:")) {
            *arn = sub(text.replacen("arn:aws:", "arn:${AWS::Partition}:", 1));
        }
    }
    statement
}
