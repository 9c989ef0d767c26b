//! What can be typed.

use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Flies two or more AWS Regions as one.
///
/// Without a verb it opens the console: on the embedded simulator unless a configuration file or an
/// endpoint says otherwise.
#[derive(Debug, Parser)]
#[command(name = "tandem", version, max_term_width = 100)]
pub struct Arguments {
    #[command(flatten)]
    pub world: WorldArguments,
    /// Record everything that the console takes in to a new file
    #[arg(long, value_name = "FILE")]
    pub record: Option<PathBuf>,
    /// Set up a stack step by step: it asks, shows what it makes and what that costs, makes it, and opens the console
    #[arg(long)]
    pub deploy: bool,
    #[command(subcommand)]
    pub verb: Option<Verb>,
}

/// Which world, and what may be done to it.
#[derive(Debug, Clone, Args)]
pub struct WorldArguments {
    /// The configuration file [default: the text in $TANDEM_CONFIG, else ./config.toml, then
    /// $XDG_CONFIG_HOME/tandem/config.toml]
    #[arg(long, value_name = "FILE", global = true)]
    pub config: Option<PathBuf>,
    /// Fly the embedded simulator even when there is a configuration file: it simulates that stack
    #[arg(long, global = true)]
    pub sim: bool,
    /// The profile of the AWS configuration to use
    #[arg(long, value_name = "NAME", global = true)]
    pub profile: Option<String>,
    /// Send every AWS call here, e.g. to `tandem sim serve`
    #[arg(long, value_name = "URL", env = "AWS_ENDPOINT_URL", global = true)]
    pub endpoint_url: Option<String>,
    /// Allow operations; without it everything is read-only (the simulator is always writable)
    #[arg(long, global = true)]
    pub write: bool,
    /// Seconds of the simulator that pass in one of yours
    #[arg(long, value_name = "X", default_value_t = 10.0, value_parser = speed, global = true)]
    pub speed: f64,
    /// The seed of the simulator: equal seeds are equal worlds
    #[arg(long, value_name = "N", default_value_t = 7, global = true)]
    pub seed: u64,
    /// auto, or the name of a theme: `tandem themes` lists them
    #[arg(long, value_name = "NAME", global = true)]
    pub theme: Option<String>,
}

#[derive(Debug, Clone, Subcommand)]
pub enum Verb {
    /// Say how the stack is: exit 0 healthy, 1 degraded, 2 could not tell
    Status(StatusArguments),
    /// Say what is ill with the stack, the account and this machine, and what to do: exit 0 healthy, 1 ills found, 2
    /// could not tell
    Doctor(DoctorArguments),
    /// Say what `apply` would do: exit 0 no change, 2 changes, 1 something must be seen to first
    Plan(PlanArguments),
    /// Bring the stack to its configuration: make what is missing, mend what differs
    Apply(ApplyArguments),
    /// Delete the stack, its data included
    Destroy(DestroyArguments),
    /// Look at what [resources] names, say what differs, and tag it as the stack's: exit 0 nothing is left to do, 2
    /// something would be tagged, 1 something is missing or somebody else's
    Adopt(AdoptArguments),
    /// Watch the stack without a screen: evacuate a Region that does not serve, and move the database's writer where
    /// [failover] allows that. One process a vantage Region, until a signal ends it
    Watch(WatchArguments),
    /// Print what was done to the stack from this machine: every call, before it was sent and after
    Journal(JournalArguments),
    /// The sidecar of a task: end it when its Region was deposed, or when that cannot be told for two minutes
    Guard(GuardArguments),
    /// List the themes of the console and where each comes from
    Themes(ThemesArguments),
    /// List what the console's keys do, and the ids by which [keys] of the configuration changes them
    Keys(KeysArguments),
    /// Print the man page: tandem man | man -l -
    Man,
    /// Print completions for a shell
    Completions {
        #[arg(value_enum)]
        shell: clap_complete::Shell,
    },
    /// The simulator of AWS
    #[command(subcommand)]
    Sim(SimVerb),
}

#[derive(Debug, Clone, Args)]
pub struct StatusArguments {
    /// The same as --format json
    #[arg(long, conflicts_with = "format")]
    pub json: bool,
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

#[derive(Debug, Clone, Args)]
pub struct DoctorArguments {
    /// As JSON
    #[arg(long)]
    pub json: bool,
    /// On the embedded simulator: begin with an account that has nothing but the hosted zone
    #[arg(long)]
    pub empty: bool,
}

#[derive(Debug, Clone, Args)]
pub struct WatchArguments {
    /// The vantage Region to look from [default: $AWS_REGION, else the stack's first Region]
    #[arg(long, value_name = "REGION")]
    pub from: Option<String>,
    /// As JSON: an object a line, or one for the status
    #[arg(long, global = true)]
    pub json: bool,
    #[command(subcommand)]
    pub verb: Option<WatchVerb>,
}

#[derive(Debug, Clone, Subcommand)]
pub enum WatchVerb {
    /// Say which watchers live, what each says, who leads, and what holds them back: exit 0 armed, 1 disarmed, 2 could
    /// not tell
    Status,
    /// Switch every watcher off: they go on looking, and begin nothing
    Off {
        /// Why, for whoever finds them off
        #[arg(long, value_name = "TEXT")]
        why: String,
    },
    /// Switch them on again
    On,
    /// Acknowledge that a watcher has moved the database's writer: without it none ever does again
    Ack,
}

#[derive(Debug, Clone, Args)]
pub struct JournalArguments {
    /// A JSON object a line
    #[arg(long)]
    pub json: bool,
}

/// What plan and apply have in common.
#[derive(Debug, Clone, Args)]
pub struct DeployArguments {
    /// Only these parts of the stack, and what they need: areas (foundation, secrets, database, balancing, tasks,
    /// autoscaling, tables, names, watching, watchers), roles or services
    #[arg(long, value_name = "ROLE", value_delimiter = ',')]
    pub only: Vec<String>,
    /// On the embedded simulator: begin with an account that has nothing but the hosted zone
    #[arg(long)]
    pub empty: bool,
}

#[derive(Debug, Clone, Args)]
pub struct PlanArguments {
    #[command(flatten)]
    pub deploy: DeployArguments,
    /// As JSON
    #[arg(long)]
    pub json: bool,
    /// Only print what IAM must allow to whoever deploys and flies the stack: policy documents by name
    #[arg(long, conflicts_with_all = ["json", "only"])]
    pub policy: bool,
}

#[derive(Debug, Clone, Args)]
pub struct ApplyArguments {
    #[command(flatten)]
    pub deploy: DeployArguments,
    /// Do not ask
    #[arg(long)]
    pub yes: bool,
}

#[derive(Debug, Clone, Args)]
pub struct DestroyArguments {
    /// On the embedded simulator: begin with an account that has nothing but the hosted zone
    #[arg(long)]
    pub empty: bool,
    /// Do not ask
    #[arg(long)]
    pub yes: bool,
    /// Delete the database without a last snapshot
    #[arg(long)]
    pub no_final_snapshots: bool,
}

#[derive(Debug, Clone, Args)]
pub struct AdoptArguments {
    /// Only look: nothing is tagged
    #[arg(long)]
    pub check: bool,
    /// As JSON
    #[arg(long)]
    pub json: bool,
    /// Do not ask
    #[arg(long)]
    pub yes: bool,
}

#[derive(Debug, Clone, Args)]
pub struct GuardArguments {
    /// The Region of the task
    #[arg(long, value_name = "REGION")]
    pub region: Option<String>,
    /// The control table of the stack
    #[arg(long, value_name = "NAME")]
    pub table: Option<String>,
    /// Its Regions
    #[arg(long, value_name = "REGION", value_delimiter = ',')]
    pub control_regions: Vec<String>,
    /// The switch for this Region on each peer, asked when the control table is silent
    #[arg(long, value_name = "URL", value_delimiter = ',')]
    pub peers: Vec<String>,
    /// The port of 127.0.0.1 that takes connections once the task may begin
    #[arg(long, default_value_t = 9440)]
    pub port: u16,
    /// Only say by the exit code whether the guard of this task is open: the health check of its container
    #[arg(long)]
    pub probe: bool,
}

#[derive(Debug, Clone, Args)]
pub struct KeysArguments {
    /// As a table in Markdown
    #[arg(long)]
    pub markdown: bool,
}

#[derive(Debug, Clone, Args)]
pub struct ThemesArguments {
    #[command(subcommand)]
    pub verb: Option<ThemesVerb>,
}

#[derive(Debug, Clone, Subcommand)]
pub enum ThemesVerb {
    /// Check contrast, colour-blind safety and 256 colours: exit 0 all can be read, 1 there are findings
    Check {
        /// Names of themes, or files; without any, all there are
        #[arg(value_name = "NAME|FILE")]
        which: Vec<String>,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    Text,
    Markdown,
    Json,
}

#[derive(Debug, Clone, Subcommand)]
pub enum SimVerb {
    /// Serve it on 127.0.0.1, for the AWS CLI, boto3, dig and curl
    Serve(ServeArguments),
}

#[derive(Debug, Clone, Args)]
pub struct ServeArguments {
    /// The AWS endpoint, for AWS_ENDPOINT_URL; 0 picks a free port
    #[arg(long, default_value_t = 4500)]
    pub port: u16,
    /// DNS answers, over UDP and TCP
    #[arg(long, value_name = "PORT")]
    pub dns: Option<u16>,
    /// The load balancers' HTTP: a forward proxy, or the Host header decides
    #[arg(long, value_name = "PORT")]
    pub http: Option<u16>,
    /// Start with an account that has nothing in it
    #[arg(long)]
    pub empty: bool,
    /// With --empty: the account has this public hosted zone
    #[arg(long, value_name = "NAME", requires = "empty")]
    pub zone: Option<String>,
}

fn speed(text: &str) -> Result<f64, String> {
    let range = crate::host::clock::SPEEDS;
    match text.parse::<f64>() {
        Ok(speed) if range.contains(&speed) => Ok(speed),
        _ => Err(format!("must be a number from {} to {}", range.start(), range.end())),
    }
}
