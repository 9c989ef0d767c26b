//! The listeners of a load balancer: the one that users meet, and the one that sends them there.

use super::balancing::ELB;
use super::pieces::{differing, id, items, with};
use crate::cloud::{Aws, elbv2, look};
use crate::deploy::given::{Given, Missing};
use crate::deploy::part::Part;
use crate::model::call::Call;
use crate::model::deploy::{Difference, Next, Ready, Seen};
use crate::model::outcome::CallError;
use crate::model::snapshot::SwitchPosition;
use crate::model::spec::{Certificate, Site, Spec};
use crate::probe::Boxed;
use serde_json::{Value, json};

/// TLS 1.2 and 1.3: health checks of Route 53 do not speak TLS 1.3 alone (Route 53 Developer Guide, How health
/// checks work in HTTPS).
const POLICY: &str = "ELBSecurityPolicy-TLS13-1-2-2021-06";

pub struct Listener {
    region: String,
    balancer: String,
    port: u16,
    kind: Kind,
}

enum Kind {
    /// To the tasks, with this certificate.
    Https(Certificate),
    /// To the tasks.
    Http,
    /// To HTTPS.
    Redirect,
}

/// The port that users meet.
pub fn port(site: &Site) -> u16 {
    if site.certificate.is_some() { 443 } else { 80 }
}

fn listens(seen: &Seen, port: u16) -> bool {
    items(seen.gift("ports")).contains(&port.to_string().as_str())
}

impl Listener {
    /// The one that users meet.
    pub fn main(spec: &Spec, site: &Site) -> Self {
        let kind = site.certificate.clone().map_or(Kind::Http, Kind::Https);
        Self { region: site.name.clone(), balancer: spec.stack.balancer(&site.name), port: port(site), kind }
    }

    /// The one that redirects to it.
    pub fn redirect(spec: &Spec, site: &Site) -> Self {
        Self { region: site.name.clone(), balancer: spec.stack.balancer(&site.name), port: 80, kind: Kind::Redirect }
    }

    /// What a switch on the listener for HTTP says that keeps users from a Region.
    async fn evacuated(&self, aws: &Aws) -> Result<Option<String>, CallError> {
        let plain = look::elbv2::listener(aws, &self.region, &self.balancer, 80).await?;
        let switches = elbv2::switches(aws, &self.region, plain.gift("arn")).await?;
        let away = switches.into_values().find(|switch| switch.position == SwitchPosition::Evacuate);
        Ok(away.map(|switch| switch.body))
    }

    fn role(&self) -> &'static str {
        if matches!(self.kind, Kind::Redirect) { "redirect" } else { "listener" }
    }

    fn call(&self, operation: &str, input: Value) -> Call {
        Call::request(&self.region, ELB, operation, input)
    }
}

impl Part for Listener {
    fn look<'a>(&'a self, aws: &'a Aws, _: &'a Given) -> Boxed<'a, Result<Seen, CallError>> {
        Box::pin(async move {
            let seen = look::elbv2::listener(aws, &self.region, &self.balancer, self.port).await?;
            let changes = matches!(self.kind, Kind::Https(_)) && !seen.exists && listens(&seen, 80);
            let evacuated = if changes { self.evacuated(aws).await? } else { None };
            Ok(match evacuated {
                Some(says) => seen.giving("evacuated", says),
                None => seen,
            })
        })
    }

    /// Switches move with the listener that users meet, and begin with SERVE. And whoever turns one finds it where
    /// HTTPS is, so a stack does not go back.
    fn unavailable(&self, seen: &Seen) -> Option<String> {
        let says = seen.gift("evacuated");
        if !says.is_empty() {
            let at = &self.region;
            return Some(format!("a switch at {at} says \"{says}\": restore that Region first, then change to HTTPS"));
        }
        let back = matches!(self.kind, Kind::Http) && listens(seen, 443);
        back.then(|| {
            let at = &self.region;
            format!("HTTPS stands at {at}, and a stack does not go back to HTTP: give [[regions]] certificate or set [dns] certificates")
        })
    }

    fn want(&self, given: &Given) -> Result<Value, Missing> {
        let want = json!({
            "LoadBalancerArn": given.of(&id(&self.region, "alb"), "arn")?,
            "Port": self.port,
        });
        let forward = || {
            let group = given.of(&id(&self.region, "target-group"), "arn")?;
            Ok(json!([{ "Type": "forward", "TargetGroupArn": group }]))
        };
        let more = match &self.kind {
            Kind::Https(certificate) => json!({
                "Protocol": "HTTPS",
                "SslPolicy": POLICY,
                "Certificates": [{ "CertificateArn": match certificate {
                    Certificate::Given(arn) => arn,
                    Certificate::Made => given.of(&id(&self.region, "certificate"), "certificate")?,
                } }],
                "DefaultActions": forward()?,
            }),
            Kind::Http => json!({ "Protocol": "HTTP", "DefaultActions": forward()? }),
            Kind::Redirect => {
                let to = json!({ "Protocol": "HTTPS", "Port": "443", "StatusCode": "HTTP_301" });
                json!({ "Protocol": "HTTP", "DefaultActions": [{ "Type": "redirect", "RedirectConfig": to }] })
            }
        };
        Ok(with(want, more))
    }

    fn create(&self, want: &Value, given: &Given) -> Result<Call, Missing> {
        let tags = json!({ "Tags": given.tag_list(self.role(), want) });
        Ok(self.call("CreateListener", with(want.clone(), tags)))
    }

    fn ready(&self, _: &Seen) -> Ready {
        Ready::Yes
    }

    fn update(&self, want: &Value, seen: &Seen, differences: &[Difference], _: &Given) -> Result<Next, Missing> {
        let input = with(json!({ "ListenerArn": seen.gift("arn") }), Value::Object(differing(want, differences)));
        Ok(Next::Send(self.call("ModifyListener", input)))
    }

    fn remove(&self, seen: &Seen, _: &Given) -> Result<Next, Missing> {
        Ok(Next::Send(self.call("DeleteListener", json!({ "ListenerArn": seen.gift("arn") }))))
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{self, request, sent};
    use super::*;
    use crate::model::deploy::differences;

    fn site(certificate: Option<&str>) -> Site {
        let certificate = certificate.map(|arn| Certificate::Given(arn.into()));
        Site { certificate, ..fixtures::spec().regions[1].clone() }
    }

    #[test]
    fn users_meet_https_where_there_is_a_certificate() {
        let (spec, given) = (fixtures::spec(), fixtures::given());
        let want = |part: Listener| part.want(&given).unwrap();
        let plain = want(Listener::main(&spec, &site(None)));
        assert_eq!((&plain["Protocol"], &plain["Port"], plain.get("SslPolicy")), (&json!("HTTP"), &json!(80), None));
        let secured = want(Listener::main(&spec, &site(Some("arn:acm"))));
        assert_eq!((&secured["Protocol"], &secured["Port"]), (&json!("HTTPS"), &json!(443)));
        assert_eq!(secured["Certificates"], json!([{ "CertificateArn": "arn:acm" }]));
        assert_eq!(secured["DefaultActions"], plain["DefaultActions"]);
        let redirect = want(Listener::redirect(&spec, &site(Some("arn:acm"))));
        assert_eq!((&redirect["Protocol"], &redirect["Port"]), (&json!("HTTP"), &json!(80)));
        assert_eq!(redirect["DefaultActions"][0]["RedirectConfig"]["StatusCode"], "HTTP_301");
    }

    #[test]
    fn a_certificate_that_is_made_is_waited_for() {
        let (spec, mut given) = (fixtures::spec(), fixtures::given());
        let part = Listener::main(&spec, &Site { certificate: Some(Certificate::Made), ..site(None) });
        assert_eq!(part.want(&given).unwrap_err().node, "eu-west-1/certificate");
        given.learn("eu-west-1/certificate", [("certificate".into(), "arn:made".into())].into());
        assert_eq!(part.want(&given).unwrap()["Certificates"], json!([{ "CertificateArn": "arn:made" }]));
    }

    #[test]
    fn a_new_certificate_changes_nothing_else() {
        let (spec, given) = (fixtures::spec(), fixtures::given());
        let part = Listener::main(&spec, &site(Some("arn:new")));
        let want = part.want(&given).unwrap();
        let is = Listener::main(&spec, &site(Some("arn:old"))).want(&given).unwrap();
        let seen = Seen::there("", is.clone()).giving("arn", "arn:l");
        let next = part.update(&want, &seen, &differences(&want, &is), &given).unwrap();
        let input = json!({ "ListenerArn": "arn:l", "Certificates": [{ "CertificateArn": "arn:new" }] });
        assert_eq!(sent(next), ("ModifyListener".into(), input));
    }

    #[test]
    fn a_change_to_https_waits_for_switches_and_there_is_no_way_back() {
        let spec = fixtures::spec();
        let (plain, secured) = (Listener::main(&spec, &site(None)), Listener::main(&spec, &site(Some("arn:acm"))));
        let none = || Seen::absent().giving("ports", "80");
        assert_eq!(secured.unavailable(&none()), None);
        let away = secured.unavailable(&none().giving("evacuated", "EVACUATE us-east-1 4"));
        assert!(away.is_some_and(|why| why.contains("EVACUATE us-east-1 4") && why.contains("restore")));
        let there = |ports: &str| Seen::there("", json!({})).giving("ports", ports);
        assert_eq!(plain.unavailable(&there("80")), None);
        assert!(plain.unavailable(&there("80,443")).is_some_and(|why| why.contains("[dns] certificates")));
        assert_eq!(Listener::redirect(&spec, &site(None)).unavailable(&there("80,443")), None);
    }

    #[test]
    fn it_is_known_by_its_role() {
        let (spec, given) = (fixtures::spec(), fixtures::given());
        for (part, role) in
            [(Listener::main(&spec, &site(None)), "listener"), (Listener::redirect(&spec, &site(None)), "redirect")]
        {
            let (operation, input) = request(&part.create(&part.want(&given).unwrap(), &given).unwrap());
            assert_eq!(operation, "CreateListener");
            assert!(input["Tags"].as_array().unwrap().contains(&json!({ "Key": "tandem:logical-id", "Value": role })));
        }
    }
}
