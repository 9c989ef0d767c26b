//! What a configuration must mean, beyond its form.

use super::error::{Problem, nearest};
use super::file::File;
use super::{Config, Ui};
use crate::model::stack::Stack;
use std::time::Duration;
use toml::Spanned;

/// Regions that are commercial and open by default or by opting in (AWS General Reference, 2026).
const REGIONS: &[&str] = &[
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

/// The longest stack name: `<stack>-web` names load balancers and target groups, which have 32
/// characters (Elastic Load Balancing quotas).
const LONGEST_NAME: usize = 28;

#[derive(Default)]
struct Problems(Vec<Problem>);

impl Problems {
    fn at<T>(&mut self, value: &Spanned<T>, text: impl Into<String>) {
        self.0.push(Problem { span: value.span(), text: text.into() });
    }
}

pub(super) fn validate(file: File) -> Result<Config, Vec<Problem>> {
    let mut problems = Problems::default();
    stack_name(&file.stack.name, &mut problems);
    regions(&file, &mut problems);
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
    let max_data_loss_s = file.failover.max_data_loss_s.map_or(60, |seconds| {
        if !(0..=86_400).contains(seconds.get_ref()) {
            problems.at(&seconds, "[failover] max_data_loss_s: must be from 0 to 86400 seconds, like 60");
        }
        seconds.into_inner()
    });
    let https = file.regions.iter().any(|region| region.certificate.is_some());
    if !problems.0.is_empty() {
        return Err(problems.0);
    }
    Ok(Config {
        stack: Stack {
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
            max_data_loss: Duration::from_secs(max_data_loss_s as u64),
        },
        ui: Ui { theme: file.ui.theme.unwrap_or_default() },
    })
}

fn stack_name(name: &Spanned<String>, problems: &mut Problems) {
    let text = name.get_ref();
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if text.is_empty() || !text.chars().all(plain) || text.starts_with('-') || text.ends_with('-') {
        problems.at(name, "[stack] name: use lower-case letters, digits and inner hyphens, like `shop`");
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

fn regions(file: &File, problems: &mut Problems) {
    let mut seen: Vec<&str> = vec![];
    for region in &file.regions {
        let name = region.name.get_ref().as_str();
        if !REGIONS.contains(&name) {
            let hint = nearest(name, REGIONS)
                .map_or_else(|| "use a name like `eu-west-1`".to_string(), |near| format!("did you mean `{near}`?"));
            problems.at(&region.name, format!("[[regions]] name: `{name}` is no Region: {hint}"));
        }
        if seen.contains(&name) {
            problems.at(&region.name, format!("[[regions]] name: `{name}` stands twice: remove one"));
        }
        seen.push(name);
        if let Some(certificate) = &region.certificate
            && !certificate.get_ref().starts_with("arn:aws:acm:")
        {
            problems.at(certificate, "[[regions]] certificate: must be the ARN of a certificate, `arn:aws:acm:...`");
        }
    }
    if let Some(first) = file.regions.first()
        && file.regions.len() < 2
    {
        problems.at(&first.name, "[[regions]]: one Region is not active-active: add a second [[regions]]");
    }
    let with = file.regions.iter().filter(|region| region.certificate.is_some()).count();
    if with != 0
        && let Some(bare) = file.regions.iter().find(|region| region.certificate.is_none())
    {
        problems.at(&bare.name, "[[regions]] certificate: some Regions have one: every Region needs its own");
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
