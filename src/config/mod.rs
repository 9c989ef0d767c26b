//! The configuration file: one stack a file. Every mistake names file, line, key and what to do.

mod error;
mod file;
mod find;
mod resources;
mod template;
mod theme;
mod validate;

pub use error::{ConfigError, Problem};
pub use find::{Found, find};
pub use theme::ThemeChoice;

use crate::host::Disk;
use crate::model::spec::{
    Alerts, App, Autoscaling, Database, Nat, Network, Roles, Routing, Sessions, Site, Spec, Watch,
};
use crate::model::stack::{FailsOver, Fence, Stack};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// A configuration that may be used.
#[derive(Debug, Clone, PartialEq)]
pub struct Config {
    pub stack: Stack,
    /// What a deployment makes of it; its stack is the same.
    pub spec: Spec,
    pub ui: Ui,
    /// In the order of the file.
    pub keys: Vec<Binding>,
    /// The file of the tasks' definition.
    pub task_definition: Option<Named>,
}

/// A file that the configuration names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// From the folder of the configuration.
    pub file: PathBuf,
    /// From 1.
    pub line: usize,
}

/// How the console looks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ui {
    pub theme: ThemeChoice,
    /// Whether clicks and the wheel are listened to; if not, the terminal selects text as usual.
    pub mouse: bool,
}

impl Default for Ui {
    fn default() -> Self {
        Self { theme: ThemeChoice::default(), mouse: true }
    }
}

/// Keys that the file gives to an action. What is an action and what a key is the console's matter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binding {
    pub action: String,
    pub keys: Vec<String>,
    /// From 1.
    pub line: usize,
}

/// A larger file is no configuration.
const LARGEST: usize = 1 << 20;

/// Reads and checks the file.
///
/// # Errors
/// Everything that is wrong with it, with lines, as far as it can be read.
pub fn load(disk: &dyn Disk, path: &Path) -> Result<Config, ConfigError> {
    let text = disk.read(path).map_err(|why| ConfigError::unreadable(path, &why))?;
    read(disk, path, &text)
}

/// Reads and checks text as if it stood in `path`, and the files that it names.
///
/// # Errors
/// As [`load`].
pub fn read(disk: &dyn Disk, path: &Path, text: &str) -> Result<Config, ConfigError> {
    let mut config = parse(path, text)?;
    let Some(named) = &config.task_definition else { return Ok(config) };
    let file = path.parent().map_or_else(|| named.file.clone(), |folder| folder.join(&named.file));
    let said = |why: String| {
        ConfigError::new(path, Some(named.line), format!("[app] task_definition: {} {why}", named.file.display()))
    };
    let text = disk.read(&file).map_err(|why| said(format!("cannot be read: {why}")))?;
    let template = template::read(&text).map_err(said)?;
    if config.spec.app.image.is_empty()
        && let Some(image) = template.app.get("image").and_then(serde_json::Value::as_str)
    {
        config.spec.app.image = image.into();
    }
    config.spec.app.template = Some(template);
    Ok(config)
}

/// Reads and checks text as if it stood in `path`; files that it names are left alone.
///
/// # Errors
/// As [`load`].
pub fn parse(path: &Path, text: &str) -> Result<Config, ConfigError> {
    if text.len() > LARGEST {
        return Err(ConfigError::new(path, None, "is larger than 1 MiB: this is no configuration of Tandem".into()));
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut file: file::File = toml::from_str(text).map_err(|e| error::from_toml(path, text, &e))?;
    let keys = bindings(std::mem::take(&mut file.keys), text);
    let task_definition = file
        .app
        .task_definition
        .take()
        .map(|named| Named { line: error::line_of(text, named.span().start), file: named.into_inner().into() });
    let mut config = validate::validate(file).map_err(|problems| ConfigError::located(path, text, problems))?;
    if config.spec.watch.image.is_some() {
        config.spec.watch.file = essence(text);
    }
    Ok(Config { keys, task_definition, ..config })
}

/// What the file means to whoever has no screen and deploys nothing. So a new image of the application, say, starts no
/// watcher anew.
fn essence(text: &str) -> String {
    let Ok(mut table) = toml::from_str::<toml::Table>(text) else { return text.into() };
    if let Some(toml::Value::Table(app)) = table.get_mut("app") {
        app.retain(|key, _| key == "health_path");
    }
    for section in ["alerts", "database", "keys", "roles", "sessions", "ui"] {
        table.remove(section);
    }
    toml::to_string(&table).unwrap_or_else(|_| text.into())
}

fn bindings(keys: file::KeysSection, text: &str) -> Vec<Binding> {
    let mut bindings: Vec<Binding> = keys
        .0
        .into_iter()
        .map(|(action, keys)| {
            let line = error::line_of(text, keys.span().start);
            let keys = match keys.into_inner() {
                file::Keys::One(one) => vec![one],
                file::Keys::Several(several) => several,
            };
            Binding { action, keys, line }
        })
        .collect();
    bindings.sort_by_key(|binding| binding.line);
    bindings
}

/// The Regions that a stack can be in.
pub fn regions() -> impl Iterator<Item = &'static str> {
    validate::REGIONS.iter().copied()
}

/// Instance classes to choose from; others of their families are taken as well.
pub fn classes() -> impl Iterator<Item = &'static str> {
    validate::CLASSES.iter().copied()
}

/// The stack of the simulator when there is no configuration file.
pub fn simulated() -> Stack {
    Stack {
        name: "shop".into(),
        environment: "sim".into(),
        regions: vec!["us-east-1".into(), "eu-west-1".into()],
        zone: "shop.example".into(),
        policy: "app.shop.example".into(),
        https: false,
        health_path: "/health".into(),
        ramp: vec![75, 50, 25, 0],
        floor_regions: 1,
        capacity_headroom: 1.25,
        fails_over: FailsOver::Human,
        fence: Fence::Aurora,
        accepts_unproven_fence: false,
        max_data_loss: std::time::Duration::from_secs(60),
        resources: crate::model::resources::Resources::default(),
    }
}

/// What the simulator's stack is made of when there is no configuration file.
pub fn simulated_spec() -> Spec {
    let stack = simulated();
    let site = |(place, name): (usize, &String)| Site {
        name: name.clone(),
        network: Network::Made { cidr: format!("10.{place}.0.0/16"), zones: 3, nat: Nat::PerZone },
        certificate: None,
    };
    Spec {
        tags: BTreeMap::new(),
        app: App {
            image: "123456789012.dkr.ecr.{region}.amazonaws.com/shop-web:1.0".into(),
            port: 8080,
            cpu: 1024,
            memory: 2048,
            desired: 3,
            autoscaling: Some(Autoscaling { min: 3, max: 12, cpu_percent: 60 }),
            container_insights: true,
            environment: BTreeMap::new(),
            log_retention_days: 30,
            template: None,
        },
        regions: stack.regions.iter().enumerate().map(site).collect(),
        roles: Roles::default(),
        database: Database { version: "16.6".into(), class: "db.r6g.large".into(), instances: 2, backup_days: 7 },
        sessions: Sessions { ttl_attribute: "expires_at".into() },
        control_regions: ["us-east-1", "us-east-2", "us-west-2"].map(String::from).into(),
        routing: Routing::Latency,
        alerts: Alerts::default(),
        watch: Watch::default(),
        stack,
    }
}

#[cfg(test)]
mod tests;
