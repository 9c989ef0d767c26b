//! Service Quotas over awsJson1_1: what an account may have of what a multi-Region stack is made of.
//!
//! Values are AWS's defaults (AWS General Reference, service endpoints and quotas), but for Fargate's, which accounts in
//! use have had raised. Nothing in this world is refused because of a quota.
#![allow(non_snake_case, reason = "members are spelt as AWS spells them")]

use crate::faults;
use crate::operation::{Answer, Caller, Protocol, Refusal, Service};
use crate::operations;
use crate::paging;
use crate::world::{ACCOUNT, World};
use serde::{Deserialize, Serialize};

pub const SERVICEQUOTAS: Service = Service {
    scope: "servicequotas",
    speaks: &[Protocol::Json { target: "ServiceQuotasV20190624", version: "1.1" }],
    items: &[],
    misshapen: "IllegalArgumentException",
    global: false,
    operations: operations![
        ListServiceQuotas => list, reads;
        GetServiceQuota => get, reads;
        GetAWSDefaultServiceQuota => get_default, reads;
    ],
};

/// A quota: the service's code and name, its own, AWS's default, and what this account has.
struct Known {
    service: (&'static str, &'static str),
    code: &'static str,
    name: &'static str,
    usual: f64,
    value: f64,
    /// It belongs to the account, and is told in us-east-1 alone.
    global: bool,
}

const EC2: (&str, &str) = ("ec2", "Amazon Elastic Compute Cloud (Amazon EC2)");
const ELB: (&str, &str) = ("elasticloadbalancing", "Elastic Load Balancing (ELB)");
const RDS: (&str, &str) = ("rds", "Amazon Relational Database Service (Amazon RDS)");
const VPC: (&str, &str) = ("vpc", "Amazon Virtual Private Cloud (Amazon VPC)");

const fn known(service: (&'static str, &'static str), code: &'static str, name: &'static str, value: f64) -> Known {
    Known { service, code, name, usual: value, value, global: false }
}

const QUOTAS: &[Known] = &[
    known(("cloudformation", "AWS CloudFormation"), "L-0485CB21", "Stack count", 2000.0),
    known(EC2, "L-0263D0A3", "EC2-VPC Elastic IPs", 5.0),
    known(ELB, "L-53DA6B97", "Application Load Balancers per Region", 50.0),
    known(ELB, "L-B22855CB", "Target Groups per Region", 3000.0),
    Known {
        value: 1000.0,
        ..known(("fargate", "AWS Fargate"), "L-3032A538", "Fargate On-Demand vCPU resource count", 6.0)
    },
    known(RDS, "L-7B6409FD", "DB instances", 40.0),
    known(RDS, "L-952B80B8", "DB clusters", 40.0),
    Known { global: true, ..known(("route53", "Amazon Route 53"), "L-ACB674F3", "Health checks", 200.0) },
    known(VPC, "L-F678F1CE", "VPCs per Region", 5.0),
    known(VPC, "L-FE5A380F", "NAT gateways per Availability Zone", 5.0),
];

#[derive(Serialize)]
struct Quota {
    ServiceCode: &'static str,
    ServiceName: &'static str,
    QuotaArn: String,
    QuotaCode: &'static str,
    QuotaName: &'static str,
    Value: f64,
    Unit: &'static str,
    Adjustable: bool,
    GlobalQuota: bool,
}

#[derive(Deserialize)]
struct List {
    ServiceCode: String,
    NextToken: Option<String>,
    MaxResults: Option<usize>,
}

#[derive(Serialize)]
struct Listed {
    NextToken: Option<String>,
    Quotas: Vec<Quota>,
}

#[derive(Deserialize)]
struct Get {
    ServiceCode: String,
    QuotaCode: String,
}

#[derive(Serialize)]
struct Got {
    Quota: Quota,
}

fn list(world: &mut World, caller: &Caller, ask: List) -> Answer<Listed> {
    let found: Vec<&Known> = of(&ask.ServiceCode, &caller.region)?;
    let size = ask.MaxResults.unwrap_or(100).clamp(1, 100);
    let token = ask.NextToken.as_deref();
    let (page, next) = paging::page(found, |one| one.code.to_string(), token, size, "InvalidPaginationTokenException")?;
    Ok(Listed { NextToken: next, Quotas: page.into_iter().map(|one| told(world, caller, one, false)).collect() })
}

fn get(world: &mut World, caller: &Caller, ask: Get) -> Answer<Got> {
    Ok(Got { Quota: told(world, caller, find(caller, &ask)?, false) })
}

fn get_default(world: &mut World, caller: &Caller, ask: Get) -> Answer<Got> {
    Ok(Got { Quota: told(world, caller, find(caller, &ask)?, true) })
}

fn find(caller: &Caller, ask: &Get) -> Answer<&'static Known> {
    let found = of(&ask.ServiceCode, &caller.region)?.into_iter().find(|one| one.code == ask.QuotaCode);
    found.ok_or_else(|| missing("The request failed because the specified quota does not exist."))
}

/// What a service has in a Region. Whoever asks elsewhere for what is global is told that there is no such service.
fn of(service: &str, region: &str) -> Answer<Vec<&'static Known>> {
    let here = |one: &&Known| one.service.0 == service && (!one.global || region == "us-east-1");
    let found: Vec<&Known> = QUOTAS.iter().filter(here).collect();
    if found.is_empty() {
        return Err(missing("The request failed because the specified service does not exist."));
    }
    Ok(found)
}

fn missing(why: &str) -> Refusal {
    Refusal::new(400, "NoSuchResourceException", why)
}

fn told(world: &World, caller: &Caller, quota: &Known, usual: bool) -> Quota {
    let (service, name) = quota.service;
    let value =
        if usual { quota.usual } else { faults::quota(world, &caller.region, quota.code).unwrap_or(quota.value) };
    Quota {
        ServiceCode: service,
        ServiceName: name,
        QuotaArn: format!("arn:aws:servicequotas:{}:{ACCOUNT}:{service}/{}", caller.region, quota.code),
        QuotaCode: quota.code,
        QuotaName: quota.name,
        Value: value,
        Unit: "None",
        Adjustable: true,
        GlobalQuota: quota.global,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doc::{Doc, Input};
    use crate::faults::FaultSpec;
    use serde_json::json;

    fn call(world: &mut World, region: &str, operation: &str, ask: Doc) -> Answer<Doc> {
        let caller = Caller { region: region.into(), principal: "AKIA".into(), now: world.now };
        let found = SERVICEQUOTAS.operations.iter().find(|known| known.name == operation);
        (found.expect("it is spoken").run)(world, &caller, Input::Typed(ask))
    }

    fn value(answer: Answer<Doc>) -> Option<f64> {
        answer.ok().and_then(|told| told["Quota"]["Value"].as_f64())
    }

    #[test]
    fn what_is_global_is_told_in_one_region() {
        let mut world = World::empty(1);
        let ask = json!({ "ServiceCode": "route53", "QuotaCode": "L-ACB674F3" });
        assert_eq!(value(call(&mut world, "us-east-1", "GetServiceQuota", ask.clone())), Some(200.0));
        let refused = call(&mut world, "eu-west-1", "GetServiceQuota", ask).expect_err("it is not told here");
        assert_eq!(refused.code, "NoSuchResourceException");
    }

    #[test]
    fn a_fault_lowers_a_quota_and_not_its_default() {
        let mut world = World::empty(1);
        let ask = || json!({ "ServiceCode": "fargate", "QuotaCode": "L-3032A538" });
        let fault = FaultSpec { kind: "F32".into(), region: Some("eu-west-1".into()), ..FaultSpec::default() };
        let fault = FaultSpec { quota: Some("L-3032A538".into()), value: Some(2.0), ..fault };
        faults::start(&mut world, fault).expect("it begins");
        assert_eq!(value(call(&mut world, "eu-west-1", "GetServiceQuota", ask())), Some(2.0));
        assert_eq!(value(call(&mut world, "eu-west-1", "GetAWSDefaultServiceQuota", ask())), Some(6.0));
        assert_eq!(value(call(&mut world, "us-east-1", "GetServiceQuota", ask())), Some(1000.0));
        let other = json!({ "ServiceCode": "vpc", "QuotaCode": "L-F678F1CE" });
        assert_eq!(value(call(&mut world, "eu-west-1", "GetServiceQuota", other)), Some(5.0));
    }
}
