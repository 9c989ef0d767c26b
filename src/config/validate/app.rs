//! `[app]`: the tasks, and what runs in them.

use super::super::file::AppSection;
use super::problems::Problems;
use crate::model::spec::{App, Autoscaling};
use std::collections::BTreeMap;
use toml::Spanned;

/// Memory that goes with CPU units on Fargate: the least, the most and the step, in MiB (Amazon ECS Developer Guide,
/// task CPU and memory). The smallest has no 1536.
const SIZES: &[(u32, u32, u32, u32)] = &[
    (256, 512, 2048, 512),
    (512, 1024, 4096, 1024),
    (1024, 2048, 8192, 1024),
    (2048, 4096, 16_384, 1024),
    (4096, 8192, 30_720, 1024),
    (8192, 16_384, 61_440, 4096),
    (16_384, 32_768, 122_880, 8192),
];

/// CloudWatch Logs API Reference, PutRetentionPolicy.
const RETENTION: &[u32] =
    &[1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];

/// Tasks of a service (Amazon ECS service quotas).
const MOST_TASKS: u32 = 5000;

/// What the deployment tells every task.
const TAKEN: &[&str] = &["DB_HOST", "DB_WRITER_HOST", "SESSIONS_TABLE"];

pub(super) fn app(section: &AppSection, regions: usize, problems: &mut Problems) -> App {
    let (cpu, memory) = size(section, problems);
    let (autoscaling, desired) = count(section, problems);
    App {
        image: image("[app] image", section.image.as_ref(), regions, problems).unwrap_or_default(),
        port: problems.whole("[app] port", section.port.as_ref(), 1..=65_535, 8080) as u16,
        cpu,
        memory,
        desired,
        autoscaling,
        container_insights: section.container_insights.unwrap_or(true),
        environment: environment(&section.environment, problems),
        log_retention_days: problems.known(
            "[app] log_retention_days",
            section.log_retention_days.as_ref(),
            RETENTION,
            30,
        ),
        template: None,
    }
}

/// The name of an image that every Region can pull; `None` when the key is not there.
pub(super) fn image(
    key: &str,
    image: Option<&Spanned<String>>,
    regions: usize,
    problems: &mut Problems,
) -> Option<String> {
    let image = image?;
    let text = image.get_ref().as_str();
    let like = "use one like `123456789012.dkr.ecr.{region}.amazonaws.com/shop:1.0`";
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        problems.at(image, format!("{key}: `{text}` is no name of an image: {like}"));
    } else if let Some(other) = text.split('{').skip(1).find(|rest| !rest.starts_with("region}")) {
        let name = other.split('}').next().unwrap_or(other);
        problems.at(image, format!("{key}: `{{{name}}}` stands for nothing: did you mean `{{region}}`?"));
    } else if regions > 1
        && let Some(region) = ecr_region(text).filter(|region| *region != "{region}")
    {
        let why = "it would be lost with its Region";
        problems.at(
            image,
            format!("{key}: is kept in {region} alone, {why}: replicate it and write `{{region}}` for {region}"),
        );
    }
    Some(text.into())
}

/// The Region of a private registry of Amazon ECR: `<account>.dkr.ecr[-fips].<region>.amazonaws.com`, or
/// `<account>.dkr-ecr[-fips].<region>.on.aws` (Amazon ECR User Guide, endpoints).
fn ecr_region(image: &str) -> Option<&str> {
    let host = image.split('/').next()?;
    match host.split('.').collect::<Vec<_>>()[..] {
        [_, "dkr", "ecr" | "ecr-fips", region, "amazonaws", "com", ..] => Some(region),
        [_, "dkr-ecr" | "dkr-ecr-fips", region, "on", "aws"] => Some(region),
        _ => None,
    }
}

fn size(section: &AppSection, problems: &mut Problems) -> (u32, u32) {
    let known: Vec<u32> = SIZES.iter().map(|size| size.0).collect();
    let before = problems.0.len();
    let cpu = problems.known("[app] cpu", section.cpu.as_ref(), &known, 1024);
    let asked = section.memory.as_ref().map_or(2048, |memory| *memory.get_ref());
    let Some((_, least, most, step)) = SIZES.iter().find(|size| size.0 == cpu) else { return (cpu, 2048) };
    let (least, most) = (*least, *most);
    let fits = |memory: u32| (memory - least).is_multiple_of(*step) && (cpu, memory) != (256, 1536);
    let near = (least..=most).step_by(256).filter(|memory| fits(*memory));
    let near = near.min_by_key(|memory| i64::from(*memory).abs_diff(asked)).unwrap_or(least);
    if i64::from(near) != asked && problems.0.len() == before {
        let these =
            if cpu == 256 { "512, 1024 or 2048 MiB".into() } else { format!("{least} to {most} MiB by {step}") };
        let text = format!("[app] memory: {asked} MiB with cpu {cpu}: Fargate takes {these}: the nearest is {near}");
        match section.memory.as_ref().or(section.cpu.as_ref()) {
            Some(key) => problems.at(key, text),
            None => return (cpu, near),
        }
    }
    (cpu, near)
}

/// How the count of tasks is kept, and what it is at first.
fn count(section: &AppSection, problems: &mut Problems) -> (Option<Autoscaling>, u32) {
    let keys = [("min", &section.min), ("max", &section.max), ("cpu_target", &section.cpu_target)];
    let desired = |problems: &mut Problems, usual| {
        problems.whole("[app] desired", section.desired.as_ref(), 1..=MOST_TASKS, usual)
    };
    if section.autoscaling == Some(false) {
        for (name, value) in keys {
            if let Some(value) = value {
                problems.at(value, format!("[app] {name}: has no effect with autoscaling = false: remove one of them"));
            }
        }
        return (None, desired(problems, 3));
    }
    let min = problems.whole("[app] min", section.min.as_ref(), 1..=MOST_TASKS, 3);
    let max = problems.whole("[app] max", section.max.as_ref(), 1..=MOST_TASKS, 12);
    let cpu_percent = problems.whole("[app] cpu_target", section.cpu_target.as_ref(), 10..=90, 60);
    if min > max
        && let Some(key) = section.min.as_ref().or(section.max.as_ref())
    {
        problems.at(key, format!("[app] min: {min} is more than max {max}: lower min or raise max"));
        return (None, min);
    }
    let tasks = desired(problems, 3.clamp(min, max));
    if !(min..=max).contains(&tasks)
        && let Some(key) = &section.desired
    {
        problems.at(key, format!("[app] desired: {tasks} is not between min {min} and max {max}: change one of them"));
    }
    (Some(Autoscaling { min, max, cpu_percent }), tasks)
}

fn environment(given: &BTreeMap<String, Spanned<String>>, problems: &mut Problems) -> BTreeMap<String, String> {
    for (name, value) in given {
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
        if !name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') || !name.chars().all(plain) {
            let rule = "use letters, digits and `_`, like LOG_LEVEL";
            problems.at(value, format!("[app] environment: `{name}` is no name of a variable: {rule}"));
        } else if TAKEN.contains(&name.as_str()) {
            problems.at(value, format!("[app] environment: {name} is told by the deployment: remove it"));
        } else if value.get_ref().contains("{{resolve:") {
            let why = "a secret would stand in the task definition for all to read";
            problems.at(value, format!("[app] environment: {name} refers to a secret: {why}: remove it"));
        }
    }
    given.iter().map(|(name, value)| (name.clone(), value.get_ref().clone())).collect()
}
