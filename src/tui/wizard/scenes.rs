//! The wizard in states that matter, for pictures and tests.

use super::answers::{Answers, Draft};
use super::model::{Place, Standing, Wizard};
use super::msg::{Cmd, End, Msg, Survey};
use super::pages::Page;
use super::update::update;
use super::view::view;
use crate::cloud::Aws;
use crate::control::journal::Journal;
use crate::deploy::board::{Board, Failure, State};
use crate::deploy::engine::Engine;
use crate::deploy::given::Given;
use crate::deploy::{cost, policy, stack};
use crate::model::snapshot::Identity;
use crate::stage::simulator::Simulator;
use crate::tui::keys::{Code, Key};
use crate::tui::msg::Msg as Screen;
use crate::tui::theme::{Depth, Theme, Themes};
use jiff::Timestamp;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

pub const IMAGE: &str = "123456789012.dkr.ecr.{region}.amazonaws.com/shop-web:1.0";

/// A scene by its name.
#[derive(Clone, Copy)]
pub struct Scene {
    pub name: &'static str,
    pub build: fn() -> Wizard,
}

impl Scene {
    pub const ALL: &'static [Scene] = &[
        Scene { name: "account", build: || known(fresh()) },
        Scene { name: "account-denied", build: denied },
        Scene { name: "regions", build: || turned(known(fresh()), Page::Regions) },
        Scene { name: "regions-given", build: given },
        Scene { name: "regions-picked", build: || pressed(turned(known(fresh()), Page::Regions), "␣eu") },
        Scene { name: "app-mistaken", build: mistaken },
        Scene { name: "database", build: || turned(known(fresh()), Page::Database) },
        Scene { name: "dns", build: || turned(known(fresh()), Page::Dns) },
        Scene { name: "safety", build: || turned(known(fresh()), Page::Safety) },
        Scene { name: "safety-watcher", build: watched },
        Scene { name: "explained", build: || pressed(turned(known(fresh()), Page::App), "?") },
        Scene { name: "review", build: reviewed },
        Scene { name: "review-cost", build: || pressed(reviewed(), "2") },
        Scene { name: "review-policy", build: || pressed(reviewed(), "3") },
        Scene { name: "review-file", build: || pressed(reviewed(), "4") },
        Scene { name: "confirm", build: || pressed(reviewed(), "⏎sho") },
        Scene { name: "applying", build: applying },
        Scene { name: "failed", build: failed },
        Scene { name: "by-hand", build: by_hand },
        Scene { name: "leaving", build: || pressed(known(fresh()), "⎋") },
    ];

    pub fn named(name: &str) -> Wizard {
        let found = Scene::ALL.iter().find(|scene| scene.name == name);
        (found.unwrap_or_else(|| panic!("no scene {name}")).build)()
    }
}

pub fn now() -> Timestamp {
    "2026-11-26T09:00:00Z".parse().unwrap()
}

/// Before the first key, on AWS.
pub fn fresh() -> Wizard {
    Wizard::new(Place::Aws(Some("shop".into())), PathBuf::from("config.toml"), None, None, now())
}

pub fn identity() -> Identity {
    Identity {
        account: "123456789012".into(),
        arn: "arn:aws:sts::123456789012:assumed-role/Operators/alice".into(),
        expires: "2026-11-26T12:30:00Z".parse().ok(),
    }
}

/// The account has answered.
pub fn known(mut wizard: Wizard) -> Wizard {
    update(&mut wizard, Msg::Identified(Ok(identity())));
    update(&mut wizard, Msg::Zones(Ok(vec!["example.com".into(), "shop.example.com".into()])));
    wizard
}

/// A watcher shall fail over, with a guard in every task.
fn watched() -> Wizard {
    let mut wizard = turned(answered(known(fresh())), Page::Safety);
    for (id, keys) in [
        ("failover.by", "→"),
        ("watch.image", "123456789012.dkr.ecr.{region}.amazonaws.com/tandem:1.0"),
        ("failover.fence", "→"),
        ("failover.max_data_loss_s", "⌧300"),
        ("failover.guard_image", "123456789012.dkr.ecr.{region}.amazonaws.com/tandem:1.0"),
    ] {
        wizard.focus_on(id);
        typed(&mut wizard, keys);
    }
    wizard
}

pub fn turned(mut wizard: Wizard, page: Page) -> Wizard {
    while wizard.page != page {
        press(&mut wizard, Key::of(Code::PageDown));
    }
    wizard
}

/// What this key asks for.
pub fn press(wizard: &mut Wizard, key: Key) -> Vec<Cmd> {
    update(wizard, Msg::Screen(Screen::Key { key, at: Duration::ZERO }))
}

/// ⏎ is enter, ␣ space, ⎋ esc, ↓ down, ⌫ backspace, ⌧ empties the field.
pub fn typed(wizard: &mut Wizard, keys: &str) -> Vec<Cmd> {
    let key = |character| match character {
        '⏎' => Key::of(Code::Enter),
        '␣' => Key::char(' '),
        '⎋' => Key::of(Code::Esc),
        '↓' => Key::of(Code::Down),
        '→' => Key::of(Code::Right),
        '⌫' => Key::of(Code::Backspace),
        '⌧' => Key::ctrl('u'),
        other => Key::char(other),
    };
    keys.chars().flat_map(|character| press(wizard, key(character))).collect()
}

pub fn pressed(mut wizard: Wizard, keys: &str) -> Wizard {
    typed(&mut wizard, keys);
    wizard
}

/// Everything that has no usual answer is answered.
pub fn answered(wizard: Wizard) -> Wizard {
    let wizard = pressed(turned(wizard, Page::App), IMAGE);
    pressed(turned(wizard, Page::Dns), "shop.example.com")
}

fn denied() -> Wizard {
    let mut wizard = fresh();
    let why = "denied (InvalidClientTokenId): The security token included in the request is invalid";
    update(&mut wizard, Msg::Identified(Err(why.into())));
    update(&mut wizard, Msg::Zones(Err(why.into())));
    wizard
}

fn given() -> Wizard {
    let wizard = turned(known(fresh()), Page::Regions);
    pressed(wizard, "↓→↓⌧10.20.0.0/16↓vpc-0123456789abcdef0↓subnet-1")
}

fn mistaken() -> Wizard {
    let wizard = turned(known(fresh()), Page::App);
    pressed(wizard, "123456789012.dkr.ecr.us-east-1.amazonaws.com/shop-web:1.0⏎⌧80a⏎⏎⌧1000")
}

/// What an empty account tells of the answers.
pub fn survey(wizard: &Wizard) -> Survey {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
    let config = wizard.checked.config.clone().unwrap();
    runtime.block_on(async {
        let world = tandem_sim::ready::account(7, &config.stack.zone).unwrap();
        let mut regions = config.stack.regions.clone();
        regions.extend(config.spec.control_regions.clone());
        let stage = Simulator::new(world, 1.0).stage(regions);
        let aws: &Aws = &stage.aws;
        let graph = stack::graph(&config.spec).unwrap();
        let (board, journal) = (Board::new(&graph), Journal::off());
        let given = Given::new("shop", "123456789012", Default::default());
        let plan = Engine::new(aws, &stage.clock, &graph, &journal, &board, given).survey().await;
        let estimate = cost::estimate(&config.spec, &graph);
        Survey { plan, estimate, policy: policy::text(&config.spec, "123456789012") }
    })
}

pub fn reviewed() -> Wizard {
    let mut wizard = turned(answered(known(fresh())), Page::Review);
    let survey = Arc::new(survey(&wizard));
    let of = wizard.text().to_string();
    update(&mut wizard, Msg::Surveyed(of, Ok(survey)));
    wizard
}

/// Minutes after an apply has begun.
pub fn applying() -> Wizard {
    let mut wizard = pressed(reviewed(), "⏎shop⏎");
    let graph = stack::graph(&wizard.checked.config.as_ref().unwrap().spec).unwrap();
    let board = Board::new(&graph);
    let at = |seconds: i64| now() + jiff::SignedDuration::from_secs(seconds);
    for (place, node) in graph.nodes().iter().enumerate() {
        match node.id.as_str() {
            "us-east-1/base" | "eu-west-1/base" => {
                board.set(place, State::Runs("CREATE_IN_PROGRESS: NatGateway1".into()), at(64));
            }
            "global-db" | "us-east-1/db-parameters" | "control" | "dns/zone" => {
                board.set(place, State::Runs("creating".into()), at(2));
                board.set(place, State::Done, at(40));
                board.sent(place);
            }
            "sessions" => board.set(place, State::Runs("CREATING".into()), at(66)),
            _ => {}
        }
    }
    update(&mut wizard, Msg::Run(Arc::new(board.view())));
    update(&mut wizard, Msg::Screen(Screen::Tick(at(150))));
    wizard
}

fn failed() -> Wizard {
    let mut wizard = applying();
    let mut view = (*wizard.running.as_ref().unwrap().view).clone();
    for row in &mut view.rows {
        match row.id.as_str() {
            "us-east-1/base" => {
                row.state = State::Failed(Failure {
                    why: "shop-base is ROLLBACK_COMPLETE: The maximum number of addresses has been reached.".into(),
                    request_id: Some("7a62c49f-347e-4fc4-9331-6e8e7a96aa73".into()),
                    advice: "raise the quota of Elastic IP addresses in us-east-1, then go on".into(),
                });
            }
            _ if matches!(row.state, State::Runs(_)) => row.state = State::Waits,
            _ => {}
        }
    }
    update(&mut wizard, Msg::Run(Arc::new(view)));
    update(&mut wizard, Msg::Ended(End::Failed));
    wizard
}

fn by_hand() -> Wizard {
    let text = "# ours\n[stack]\nname = \"till\"\n".to_string();
    let standing = Standing { text, stack: "till".into() };
    known(Wizard::new(Place::Simulator, PathBuf::from("config.toml"), None, Some(standing), now()))
}

/// A draft of these answers.
pub fn draft(wizard: &Wizard) -> Draft {
    let text = toml::to_string(&wizard.draft()).unwrap();
    toml::from_str(&text).unwrap_or(Draft { page: Page::Account, answers: Answers::default() })
}

pub fn draw(wizard: &Wizard, theme: &Theme, width: u16, height: u16) -> Buffer {
    let area = Rect::new(0, 0, width, height);
    let mut buffer = Buffer::empty(area);
    view(wizard, theme, area, &mut buffer);
    buffer
}

pub fn text(wizard: &Wizard, width: u16, height: u16) -> String {
    crate::tui::scenes::text(&draw(wizard, &Themes::built_in().named("dark").at_depth(Depth::True), width, height))
}
