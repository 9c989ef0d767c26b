//! Listeners.
#![allow(non_snake_case, reason = "members are spelt as AWS spells them")]

use super::actions::{self, ActionWords};
use super::refusals::{self, invalid, no_listener, no_load_balancer, one_of, page_size, refuse, within};
use super::tags::{self, Tag};
use crate::operation::{Answer, Caller, Empty};
use crate::paging;
use crate::world::World;
use crate::world::elb::{Listener, Scheme};
use serde::{Deserialize, Serialize};

/// Listeners that a load balancer may have (quotas).
const MOST: usize = 50;
/// What the API takes when none is named (User Guide, Security policies).
const SSL_POLICY: &str = "ELBSecurityPolicy-2016-08";

#[derive(Deserialize)]
pub struct Create {
    LoadBalancerArn: String,
    Protocol: Option<String>,
    Port: Option<u64>,
    SslPolicy: Option<String>,
    #[serde(default)]
    Certificates: Vec<Certificate>,
    DefaultActions: Vec<ActionWords>,
    #[serde(default)]
    Tags: Vec<Tag>,
}

#[derive(Deserialize, Serialize)]
struct Certificate {
    CertificateArn: Option<String>,
}

#[derive(Serialize)]
pub struct Listeners {
    Listeners: Vec<Described>,
    NextMarker: Option<String>,
}

#[derive(Serialize)]
struct Described {
    ListenerArn: String,
    LoadBalancerArn: String,
    Port: u16,
    Protocol: &'static str,
    Certificates: Option<Vec<Certificate>>,
    SslPolicy: Option<String>,
    DefaultActions: Vec<ActionWords>,
}

fn described(owner: &str, listener: &Listener) -> Described {
    let certificate = |arn: &String| vec![Certificate { CertificateArn: Some(arn.clone()) }];
    Described {
        ListenerArn: listener.arn.clone(),
        LoadBalancerArn: owner.to_string(),
        Port: listener.port,
        Protocol: listener.scheme.name(),
        Certificates: listener.certificate.as_ref().map(certificate),
        SslPolicy: listener.ssl_policy.clone(),
        DefaultActions: actions::write(&listener.default),
    }
}

fn only(owner: &str, listener: &Listener) -> Listeners {
    Listeners { Listeners: vec![described(owner, listener)], NextMarker: None }
}

fn scheme(protocol: &str) -> Answer<Scheme> {
    const ALL: &[&str] = &["HTTP", "HTTPS", "TCP", "TLS", "UDP", "TCP_UDP", "GENEVE", "QUIC", "TCP_QUIC"];
    one_of("protocol", protocol, ALL)?;
    match protocol {
        "HTTP" => Ok(Scheme::Http),
        "HTTPS" => Ok(Scheme::Https),
        _ => refuse(
            "UnsupportedProtocol",
            format!("Listener protocol '{protocol}' is not supported with an Application Load Balancer"),
        ),
    }
}

/// The certificate and the security policy of a listener with this scheme.
fn secured(
    region: &str,
    scheme: Scheme,
    certificates: Vec<Certificate>,
    policy: Option<String>,
) -> Answer<(Option<String>, Option<String>)> {
    let mut arns = certificates.into_iter().filter_map(|certificate| certificate.CertificateArn);
    let (arn, more) = (arns.next(), arns.next());
    if scheme == Scheme::Http {
        if arn.is_some() || policy.is_some() {
            return invalid("Certificates and SSL policies cannot be specified for HTTP listeners");
        }
        return Ok((None, None));
    }
    let Some(arn) = arn else { return invalid("A certificate must be specified for HTTPS listeners") };
    if more.is_some() {
        return refuse("TooManyCertificates", "You can specify only one default certificate for a listener");
    }
    if !arn.starts_with(&format!("arn:aws:acm:{region}:")) && !arn.starts_with("arn:aws:iam::") {
        return refuse("CertificateNotFound", format!("Certificate '{arn}' not found"));
    }
    let policy = policy.unwrap_or_else(|| SSL_POLICY.into());
    if !policy.starts_with("ELBSecurityPolicy-") {
        return refuse("SSLPolicyNotFound", format!("SSL policy '{policy}' not found"));
    }
    Ok((Some(arn), Some(policy)))
}

/// Refuses a certificate that stood once and was deleted. One that was never made here may stand all the same.
fn standing(world: &World, region: &str, certificates: &[Certificate]) -> Answer<()> {
    let mut arns = certificates.iter().filter_map(|certificate| certificate.CertificateArn.as_deref());
    match arns.find(|arn| world.cloudformation.estate.is_gone(region, arn)) {
        Some(arn) => refuse("CertificateNotFound", format!("Certificate '{arn}' not found")),
        None => Ok(()),
    }
}

pub fn create(world: &mut World, caller: &Caller, ask: Create) -> Answer<Listeners> {
    refusals::arn(&ask.LoadBalancerArn, "loadbalancer", "load balancer")?;
    standing(world, &caller.region, &ask.Certificates)?;
    let now = world.now;
    let elb = world.elb_in(&caller.region);
    let owner = elb.load_balancer(&ask.LoadBalancerArn).ok_or_else(|| no_load_balancer(&ask.LoadBalancerArn))?;
    let Some(protocol) = ask.Protocol else { return invalid("A listener protocol must be specified") };
    let scheme = scheme(&protocol)?;
    let Some(port) = ask.Port else { return invalid("A listener port must be specified") };
    within("port", port, 1, 65_535)?;
    let default = actions::read(elb, owner, scheme, ask.DefaultActions)?;
    let (certificate, ssl_policy) = secured(&caller.region, scheme, ask.Certificates, ask.SslPolicy)?;
    let tags = tags::read(ask.Tags)?;
    let port = port as u16;
    if let Some(found) = owner.listeners.get(&port) {
        let same = found.scheme == scheme
            && found.default == default
            && found.certificate == certificate
            && found.ssl_policy == ssl_policy;
        if same {
            return Ok(only(&owner.arn, found));
        }
        return refuse(
            "DuplicateListener",
            format!("A listener already exists on this port for this load balancer '{}'", owner.arn),
        );
    }
    if owner.listeners.len() >= MOST {
        return refuse("TooManyListeners", format!("The maximum number of listeners is '{MOST}'"));
    }
    let listener = Listener { certificate, ssl_policy, tags, ..Listener::new(owner, port, scheme, default) };
    let answer = only(&owner.arn, &listener);
    if let Some(owner) = elb.load_balancer_mut(&ask.LoadBalancerArn) {
        owner.listeners.insert(port, listener);
    }
    elb.rewire(now);
    Ok(answer)
}

#[derive(Deserialize)]
pub struct Describe {
    LoadBalancerArn: Option<String>,
    #[serde(default)]
    ListenerArns: Vec<String>,
    Marker: Option<String>,
    PageSize: Option<u64>,
}

pub fn describe(world: &mut World, caller: &Caller, ask: Describe) -> Answer<Listeners> {
    let size = page_size(ask.PageSize)?;
    let elb = world.elb_in(&caller.region);
    let mut found = vec![];
    match (&ask.LoadBalancerArn, ask.ListenerArns.is_empty()) {
        (Some(arn), true) => {
            refusals::arn(arn, "loadbalancer", "load balancer")?;
            let owner = elb.load_balancer(arn).ok_or_else(|| no_load_balancer(arn))?;
            found.extend(owner.listeners.values().map(|listener| (owner, listener)));
        }
        (None, false) => {
            for arn in &ask.ListenerArns {
                refusals::arn(arn, "listener", "listener")?;
                found.push(elb.listener(arn).ok_or_else(no_listener)?);
            }
            found.sort_by_key(|(owner, listener)| (&owner.name, listener.port));
            found.dedup_by_key(|(_, listener)| &listener.arn);
        }
        (Some(_), false) => {
            return invalid("Listener ARNs and a load balancer ARN cannot be specified at the same time");
        }
        (None, true) => return invalid("You must specify either listener ARNs or a load balancer ARN"),
    }
    let key = |(owner, listener): &(&crate::world::elb::LoadBalancer, &Listener)| {
        format!("{}\0{:05}", owner.name, listener.port)
    };
    let (page, next) = paging::page(found, key, ask.Marker.as_deref(), size, "ValidationError")?;
    let page = page.into_iter().map(|(owner, listener)| described(&owner.arn, listener)).collect();
    Ok(Listeners { Listeners: page, NextMarker: next })
}

#[derive(Deserialize)]
pub struct Modify {
    ListenerArn: String,
    Port: Option<u64>,
    Protocol: Option<String>,
    SslPolicy: Option<String>,
    #[serde(default)]
    Certificates: Vec<Certificate>,
    #[serde(default)]
    DefaultActions: Vec<ActionWords>,
}

pub fn modify(world: &mut World, caller: &Caller, ask: Modify) -> Answer<Listeners> {
    refusals::arn(&ask.ListenerArn, "listener", "listener")?;
    standing(world, &caller.region, &ask.Certificates)?;
    let now = world.now;
    let elb = world.elb_in(&caller.region);
    let (owner, old) = elb.listener(&ask.ListenerArn).ok_or_else(no_listener)?;
    let (owner_arn, old_port) = (owner.arn.clone(), old.port);
    let mut listener = old.clone();
    if let Some(port) = ask.Port {
        within("port", port, 1, 65_535)?;
        listener.port = port as u16;
        if listener.port != old.port && owner.listeners.contains_key(&listener.port) {
            return refuse(
                "DuplicateListener",
                format!("A listener already exists on this port for this load balancer '{owner_arn}'"),
            );
        }
    }
    if let Some(protocol) = &ask.Protocol {
        listener.scheme = scheme(protocol)?;
    }
    let (mut certificates, mut policy) = (ask.Certificates, ask.SslPolicy);
    if listener.scheme == Scheme::Https {
        if certificates.is_empty() {
            certificates.push(Certificate { CertificateArn: old.certificate.clone() });
        }
        policy = policy.or_else(|| old.ssl_policy.clone());
    }
    (listener.certificate, listener.ssl_policy) = secured(&caller.region, listener.scheme, certificates, policy)?;
    if !ask.DefaultActions.is_empty() {
        listener.default = actions::read(elb, owner, listener.scheme, ask.DefaultActions)?;
    }
    let answer = only(&owner_arn, &listener);
    if let Some(owner) = elb.load_balancer_mut(&owner_arn) {
        owner.listeners.remove(&old_port);
        owner.listeners.insert(listener.port, listener);
    }
    elb.rewire(now);
    Ok(answer)
}

#[derive(Deserialize)]
pub struct Delete {
    ListenerArn: String,
}

pub fn delete(world: &mut World, caller: &Caller, ask: Delete) -> Answer<Empty> {
    refusals::arn(&ask.ListenerArn, "listener", "listener")?;
    let now = world.now;
    let elb = world.elb_in(&caller.region);
    let (owner, listener) = elb.listener(&ask.ListenerArn).ok_or_else(no_listener)?;
    let (owner, port) = (owner.arn.clone(), listener.port);
    if let Some(owner) = elb.load_balancer_mut(&owner) {
        owner.listeners.remove(&port);
    }
    elb.rewire(now);
    Ok(Empty {})
}
