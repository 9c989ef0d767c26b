//! What a configuration must mean, beyond its form.

mod app;
mod around;
mod data;
mod failover;
mod given;
mod networks;
mod problems;
mod regions;
mod resources;

pub(super) use data::CLASSES;
pub(super) use regions::REGIONS;

use super::error::Problem;
use super::file::File;
use super::{Config, Ui};
use crate::model::spec::{Nat, Network, Routing, Site, Spec};
use crate::model::stack::Stack;
use problems::Problems;
use toml::Spanned;

/// The longest stack name: `<stack>-web` names load balancers and target groups, which have 32
/// characters (Elastic Load Balancing quotas).
const LONGEST_NAME: usize = 28;

/// The longest first name of a certificate, which is its common name (ACM API Reference, RequestCertificate).
const LONGEST_CERTIFIED: usize = 64;

pub(super) fn validate(file: File) -> Result<Config, Vec<Problem>> {
    let mut problems = Problems::default();
    stack_name(&file.stack.name, &mut problems);
    let sites = regions::sites(&file, &mut problems);
    let watched = file.watch.image.is_some();
    let roles = given::roles(&file.roles, watched, &mut problems);
    let names: Vec<&str> = file.regions.iter().map(|region| region.name.get_ref().as_str()).collect();
    let app = app::app(&file.app, names.len(), &mut problems);
    let database = data::database(&file.database, names.len(), &mut problems);
    let sessions = data::sessions(&file.sessions, &mut problems);
    let control_regions = data::control(&file.control, &names, &mut problems);
    let tags = around::tags(&file.stack.tags, &mut problems);
    let mut ringing = names.clone();
    ringing.extend(control_regions.iter().map(String::as_str).find(|region| watched && !names.contains(region)));
    let alerts = around::alerts(&file.alerts, &ringing, &mut problems);
    let resources = resources::resources(&file.resources, &names, &mut problems);
    let routings = [("latency", Routing::Latency), ("geolocation", Routing::Geolocation)];
    let routing = problems.word("[dns] routing", file.dns.routing.as_ref(), &routings, Routing::Latency);
    let zone = dns_name("[dns] zone", &file.dns.zone, &mut problems);
    let policy = match &file.dns.name {
        Some(name) => {
            let policy = dns_name("[dns] name", name, &mut problems);
            if !policy.ends_with(&format!(".{zone}")) {
                problems.at(name, format!("[dns] name: `{policy}` is not below the zone `{zone}`: use `app.{zone}`"));
            }
            policy
        }
        None => format!("app.{zone}"),
    };
    let health_path = file.app.health_path.map_or_else(
        || "/health".to_string(),
        |path| {
            if !path.get_ref().starts_with('/') || path.get_ref().contains(char::is_whitespace) {
                problems.at(&path, "[app] health_path: must begin with `/` and hold no blanks, like `/health`");
            }
            path.into_inner()
        },
    );
    let ramp = file.operations.ramp.map_or_else(
        || vec![75, 50, 25, 0],
        |ramp| {
            check_ramp(&ramp, &mut problems);
            ramp.into_inner()
        },
    );
    let floor = file.guardrails.floor_regions.map_or(1, |floor| {
        if !(1..file.regions.len().max(2) as i64).contains(floor.get_ref()) {
            problems.at(
                &floor,
                format!(
                    "[guardrails] floor_regions: {} with {} Regions: must be at least 1 and leave one to spare",
                    floor.get_ref(),
                    file.regions.len()
                ),
            );
        }
        floor.into_inner()
    });
    let headroom = file.guardrails.capacity_headroom.map_or(1.25, |headroom| {
        if !(1.0..=10.0).contains(headroom.get_ref()) {
            problems.at(&headroom, "[guardrails] capacity_headroom: must be a number from 1.0 to 10.0, like 1.25");
        }
        headroom.into_inner()
    });
    let failover = failover::failover(&file.failover, &file.watch, file.regions.len(), &mut problems);
    if let Some(at) = &file.failover.guard_image {
        let closed = |site: &&Site| matches!(site.network, Network::Made { nat: Nat::None, .. });
        for site in sites.iter().filter(closed).filter(|site| !control_regions.contains(&site.name)) {
            let text = format!(
                "[failover] guard_image: no task of {} would begin: with nat = \"none\" its guard reaches only a control \
                 table that has a replica there",
                site.name
            );
            problems.at(at, text);
        }
    }
    if sites.iter().any(Site::makes_certificate) && policy.len() > LONGEST_CERTIFIED {
        let text = format!("{} characters: certificates that are made take at most {LONGEST_CERTIFIED}", policy.len());
        problems.at(file.dns.name.as_ref().unwrap_or(&file.dns.zone), format!("[dns] name: {text}: use a shorter one"));
    }
    let https = sites.iter().any(|site| site.certificate.is_some());
    if !problems.0.is_empty() {
        problems.0.sort_by_key(|problem| problem.span.start);
        return Err(problems.0);
    }
    let stack = Stack {
        name: file.stack.name.into_inner(),
        environment: file.stack.environment.map_or_else(|| "prod".into(), Spanned::into_inner),
        regions: file.regions.into_iter().map(|region| region.name.into_inner()).collect(),
        zone,
        policy,
        https,
        health_path,
        ramp,
        floor_regions: floor as usize,
        capacity_headroom: headroom,
        fails_over: failover.by,
        fence: failover.fence,
        accepts_unproven_fence: failover.accepts_unproven_fence,
        max_data_loss: failover.max_data_loss,
        resources,
    };
    let spec = Spec {
        stack: stack.clone(),
        tags,
        app,
        regions: sites,
        roles,
        database,
        sessions,
        control_regions,
        routing,
        alerts,
        watch: failover.watch,
    };
    Ok(Config {
        stack,
        spec,
        ui: Ui { theme: file.ui.theme.unwrap_or_default(), mouse: file.ui.mouse.unwrap_or(true) },
        keys: vec![],
        task_definition: None,
    })
}

fn stack_name(name: &Spanned<String>, problems: &mut Problems) {
    let text = name.get_ref();
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let inner = !text.ends_with('-') && !text.contains("--");
    if !text.starts_with(|c: char| c.is_ascii_lowercase()) || !text.chars().all(plain) || !inner {
        let rule = "use lower-case letters, digits and single inner hyphens, a letter first, like `shop`";
        problems.at(name, format!("[stack] name: {rule}"));
    } else if text.len() > LONGEST_NAME {
        problems.at(
            name,
            format!(
                "[stack] name: {} characters: at most {LONGEST_NAME}, since load balancers are named after it",
                text.len()
            ),
        );
    }
}

fn dns_name(key: &str, name: &Spanned<String>, problems: &mut Problems) -> String {
    let text = name.get_ref().trim_end_matches('.').to_ascii_lowercase();
    let label = |label: &str| {
        (1..=63).contains(&label.len()) && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
    };
    if !text.contains('.') || text.len() > 200 || !text.split('.').all(label) {
        problems.at(name, format!("{key}: `{}` is no DNS name: use one like `example.com`", name.get_ref()));
    }
    text
}

fn check_ramp(ramp: &Spanned<Vec<i64>>, problems: &mut Problems) {
    let steps = ramp.get_ref();
    let falling = steps.windows(2).all(|pair| pair[0] > pair[1]);
    if steps.last() != Some(&0) || !falling || !steps.iter().all(|step| (0..100).contains(step)) {
        problems.at(ramp, "[operations] ramp: must fall from below 100 to 0, like [75, 50, 25, 0]");
    }
}
