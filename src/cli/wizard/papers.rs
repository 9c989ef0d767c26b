//! What lies on the disk: the configuration file, and the draft of the answers that it is written from.

use crate::cli::args::WorldArguments;
use crate::config::{self, Config, ConfigError};
use crate::host::Disk;
use crate::host::disk::RealDisk;
use crate::model::text::file_name;
use crate::tui::wizard::answers::Draft;
use crate::tui::wizard::model::Standing;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

/// The papers of one configuration.
pub struct Papers {
    /// Where the configuration is, or will be.
    pub path: PathBuf,
    /// The file that stands there, read.
    pub standing: Option<(Standing, Config)>,
    /// What was answered before.
    pub draft: Option<Draft>,
    kept: Option<PathBuf>,
}

impl Papers {
    /// Those of `--config`, else of `./config.toml`.
    ///
    /// # Errors
    /// When a file stands there that cannot be read or used: it is not written over.
    pub fn at(arguments: &WorldArguments) -> Result<Self, ConfigError> {
        let path = arguments.config.clone().unwrap_or_else(|| PathBuf::from("config.toml"));
        let kept = draft_of(&path);
        let draft = kept.as_ref().and_then(|kept| toml::from_str(&RealDisk.read(kept).ok()?).ok());
        let standing = match RealDisk.read(&path) {
            Ok(text) => {
                let config = config::read(&RealDisk, &path, &text)?;
                Some((Standing { text, stack: config.stack.name.clone() }, config))
            }
            Err(why) if why.kind() == ErrorKind::NotFound => None,
            Err(why) => return Err(ConfigError::unreadable(&path, &why)),
        };
        Ok(Self { path, standing, draft, kept })
    }

    /// The zone that the file names.
    pub fn zone(&self) -> Option<String> {
        self.standing.as_ref().map(|(_, config)| config.stack.zone.clone())
    }

    /// Keeps the answers for another sitting. They hold no secrets.
    ///
    /// # Errors
    /// As the disk says; without a home nothing is kept.
    pub fn keep(&self, draft: &Draft) -> io::Result<()> {
        let Some(kept) = &self.kept else { return Ok(()) };
        RealDisk.replace(kept, &toml::to_string(draft).map_err(io::Error::other)?)
    }

    /// Writes the configuration, whole or not at all, for its owner alone; a file that says the same is left.
    ///
    /// # Errors
    /// In words, with the path.
    pub fn save(&self, text: &str) -> Result<(), String> {
        if RealDisk.read(&self.path).is_ok_and(|stands| stands == text) {
            return Ok(());
        }
        RealDisk
            .replace(&self.path, text)
            .map_err(|why| format!("{} cannot be written: {why}; nothing was begun", self.path.display()))
    }

    /// The configuration that this text is.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(&self, text: &str) -> Result<Config, ConfigError> {
        config::read(&RealDisk, &self.path, text)
    }
}

/// `$XDG_STATE_HOME/tandem/deploy-<path of the configuration>.toml`
fn draft_of(path: &Path) -> Option<PathBuf> {
    let whole = std::path::absolute(path).ok()?;
    let name = file_name(&whole.to_string_lossy());
    Some(crate::cli::state_home()?.join("tandem").join(format!("deploy-{name}.toml")))
}
