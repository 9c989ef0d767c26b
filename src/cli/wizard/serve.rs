//! Carries out what the wizard's screen asks for.

use super::ground::Ground;
use super::papers::Papers;
use crate::cli::args::WorldArguments;
use crate::cli::deploy::{DeployError, journal};
use crate::cli::world::{BeginError, Opening};
use crate::config::Config;
use crate::deploy::apply::Ended;
use crate::deploy::board::Board;
use crate::deploy::engine::Engine;
use crate::deploy::{cost, policy};
use crate::tui::actions::keymap::Keymap;
use crate::tui::runner::send;
use crate::tui::wizard::msg::{End, Survey};
use crate::tui::wizard::{Cmd, Msg};
use std::convert::Infallible;
use std::pin::pin;
use std::sync::Arc;
use std::sync::mpsc::SyncSender;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;

/// The other side of the screen.
pub struct Server {
    ground: Ground,
    papers: Arc<Papers>,
    screen: SyncSender<Msg>,
    work: JoinSet<()>,
    /// Whether an apply shall begin nothing new.
    stop: watch::Sender<bool>,
    /// What was applied last.
    applied: Option<Config>,
}

impl Server {
    pub fn new(ground: Ground, papers: Papers, screen: SyncSender<Msg>) -> Self {
        let (stop, _) = watch::channel(false);
        Self { ground, papers: Arc::new(papers), screen, work: JoinSet::new(), stop, applied: None }
    }

    /// Serves the screen, and goes on with what it asked for when it is gone. Nothing waits for anything else.
    pub async fn serve(&mut self, mut commands: mpsc::Receiver<Cmd>) -> Infallible {
        loop {
            tokio::select! {
                biased;
                Some(ended) = self.work.join_next(), if !self.work.is_empty() => {
                    if let Err(error) = ended {
                        tracing::error!(%error, "a task of the wizard ended badly");
                    }
                }
                Some(command) = commands.recv() => self.carry_out(command),
                else => std::future::pending::<()>().await,
            }
        }
    }

    fn carry_out(&mut self, command: Cmd) {
        let (ground, papers, screen) = (self.ground.clone(), Arc::clone(&self.papers), self.screen.clone());
        match command {
            Cmd::Identify => drop(self.work.spawn(async move {
                let who = ground.identity().await.map_err(|error| error.to_string());
                send(&screen, Msg::Identified(who)).await;
            })),
            Cmd::Zones => drop(self.work.spawn(async move {
                let zones = ground.zones().await.map_err(|error| error.to_string());
                send(&screen, Msg::Zones(zones)).await;
            })),
            Cmd::Keep(draft) => {
                if let Err(why) = papers.keep(&draft) {
                    self.work.spawn(async move {
                        send(&screen, Msg::NotKept(why.to_string())).await;
                    });
                }
            }
            Cmd::Survey(text) => drop(self.work.spawn(async move {
                let seen = survey(&ground, &papers, &text).await;
                send(&screen, Msg::Surveyed(text, seen.map(Arc::new))).await;
            })),
            Cmd::Save(text) => drop(self.work.spawn(async move {
                send(&screen, Msg::Saved(papers.save(&text))).await;
            })),
            Cmd::Apply(text) => {
                self.stop.send_replace(false);
                self.applied = papers.read(&text).ok();
                let stop = self.stop.subscribe();
                self.work.spawn(async move {
                    let end = match papers.save(&text) {
                        Ok(()) => apply(&ground, &papers, &text, &screen, stop).await,
                        Err(why) => End::Broken(why),
                    };
                    send(&screen, Msg::Ended(end)).await;
                });
            }
            Cmd::Stop => drop(self.stop.send_replace(true)),
            // the screen's own
            Cmd::Copy(_) | Cmd::Suspend | Cmd::Console | Cmd::Quit => {}
        }
    }

    /// Ends what is under way, at once; what AWS was told goes on. What to say of it.
    pub fn leave(&mut self) -> Option<String> {
        self.work.abort_all();
        self.applied.as_ref()?;
        Some(format!("The configuration is {}. To go on: tandem --deploy, or tandem plan.", self.papers.path.display()))
    }

    /// The console's world: the one that the stack was made in.
    pub fn opening(&self, arguments: &WorldArguments) -> Result<Opening, BeginError> {
        let config = self.applied.clone().ok_or_else(|| {
            crate::config::ConfigError::unreadable(&self.papers.path, &std::io::ErrorKind::NotFound.into())
        })?;
        let keymap = Keymap::with(&config.keys).unwrap_or_default();
        let writable = arguments.write || self.ground.is_in_process();
        let stage = self.ground.for_stack(&config);
        Ok(Opening::standing(config, keymap, stage, writable))
    }
}

/// Looks at the account: what of this text stands, and what is to be made.
async fn survey(ground: &Ground, papers: &Papers, text: &str) -> Result<Survey, String> {
    let config = papers.read(text).map_err(|error| error.to_string())?;
    let opened = ground.opened(config).await.map_err(|error| error.to_string())?;
    let plan = opened.survey().await;
    let estimate = cost::estimate(&opened.spec, &opened.graph);
    let policy = policy::text(&opened.spec, &opened.given.account);
    Ok(Survey { plan, estimate, policy })
}

async fn apply(
    ground: &Ground,
    papers: &Papers,
    text: &str,
    screen: &SyncSender<Msg>,
    stop: watch::Receiver<bool>,
) -> End {
    match brought(ground, papers, text, screen, stop).await {
        Ok(Ended::Done(_)) => End::Done,
        Ok(Ended::Failed(_)) => End::Failed,
        Ok(Ended::Stopped(_)) => End::Stopped,
        Err(error) => End::Broken(error.to_string()),
    }
}

/// Brings the stack to this text; the screen sees how far it is.
async fn brought(
    ground: &Ground,
    papers: &Papers,
    text: &str,
    screen: &SyncSender<Msg>,
    mut stop: watch::Receiver<bool>,
) -> Result<Ended, DeployError> {
    let config = papers.read(text).map_err(BeginError::from)?;
    let opened = ground.opened(config).await?;
    let (journal, before) = journal(&opened)?;
    let board = Board::new(&opened.graph);
    let given = opened.given.clone();
    let engine = Engine::new(&opened.stage.aws, opened.clock(), &opened.graph, &journal, &board, given).after(before);
    let plan = engine.survey().await;
    let mut views = board.subscribe();
    let tell = |text: String| tracing::warn!("{text}");
    let mut run = pin!(engine.apply(&plan, opened.table(), opened.holder("apply"), tell));
    let ended = loop {
        tokio::select! {
            biased;
            ended = &mut run => break ended?,
            Ok(_) = stop.wait_for(|stop| *stop), if !engine.is_stopped() => engine.stop(),
            Ok(()) = views.changed() => {
                let view = views.borrow_and_update().clone();
                // a screen that is busy sees the next one
                let _ = screen.try_send(Msg::Run(view));
            }
        }
    };
    send(screen, Msg::Run(Arc::new(board.view()))).await;
    Ok(ended)
}
