//! The pictures in `screenshots/`. `UPDATE_SCREENSHOTS=1` draws them anew.
//!
//! Most are frames of the recordings in `tests/recordings/`; states that take long to come about are scenes.

use crate::tui::keys::{Code, Key};
use crate::tui::model::{Model, Overlay};
use crate::tui::record::{Log, Replay};
use crate::tui::scenes::{self, Scene, text};
use crate::tui::svg::{Film, Shot, svg};
use crate::tui::theme::{Role, Theme, Themes};
use crate::tui::wizard;
use ratatui::style::Color;
use std::path::Path;
use std::time::Duration;

/// Where a picture comes from.
#[derive(Clone, Copy)]
enum Source {
    Scene(&'static str),
    /// The last frame of a recording of which this holds.
    Recording(&'static str, fn(&Model) -> bool),
    /// The last frame of a recording, and then these keys; a line feed is enter.
    Then(&'static str, &'static str),
}

use Source::{Recording, Scene as Drawn, Then};

const PICTURES: &[(&str, Source, u16, u16)] = &[
    ("overview", Recording("overview", |_| true), 120, 30),
    ("region-lost", Recording("region-lost", |_| true), 120, 30),
    ("failover-running", Recording("failover", running), 120, 36),
    ("tasks", Then("overview", "1jj"), 120, 30),
    ("dns", Then("overview", "5"), 120, 36),
    ("traffic", Then("overview", "6"), 120, 36),
    ("palette", Then("overview", ":evac"), 120, 30),
    ("themes", Then("region-lost", "tgruv"), 120, 30),
    ("mono", Then("region-lost", ":theme mono\n"), 120, 30),
    ("plan", Drawn("plan"), 120, 36),
    ("faults", Drawn("faults"), 120, 30),
    ("light", Drawn("light"), 120, 30),
    ("failover", Drawn("plan-failover"), 120, 40),
    ("redundancy-lost", Drawn("redundancy-lost"), 120, 30),
    ("database", Drawn("database"), 120, 44),
    ("80x24", Drawn("three"), 80, 24),
];

/// The promotion of a failover runs.
fn running(model: &Model) -> bool {
    step(model) == Some(1)
}

fn replay(name: &str) -> Replay<&'static [u8]> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/recordings").join(name).with_extension("jsonl");
    let bytes = std::fs::read(&path).unwrap();
    Replay::of(Log::open(path.display().to_string(), &*bytes.leak()).unwrap())
}

impl Source {
    fn model(self) -> Model {
        match self {
            Source::Scene(name) => Scene::named(name).model(),
            Source::Then(name, keys) => {
                let typed = keys.chars().map(|key| if key == '\n' { Key::of(Code::Enter) } else { Key::char(key) });
                scenes::keys(Source::Recording(name, |_| true).model(), &typed.collect::<Vec<_>>())
            }
            Source::Recording(name, wanted) => {
                let (mut replay, mut model) = (replay(name), None);
                while replay.step().unwrap() {
                    if wanted(replay.model()) {
                        model = Some(replay.model().clone());
                    }
                }
                model.unwrap_or_else(|| panic!("no frame of {name} is wanted"))
            }
        }
    }
}

/// What the model shows, and its picture.
fn picture(name: &str, source: Source, width: u16, height: u16) -> String {
    let (model, title) = (source.model(), format!("tandem, {name}, {width} by {height}"));
    let theme = Themes::built_in().named(&model.theme);
    let (text, paper) = colours(&theme);
    svg(&scenes::draw(&model, &theme, width, height), &title, text, paper)
}

/// Of the theme: text and paper.
fn colours(theme: &Theme) -> (Color, Color) {
    let plain = |colour: Option<Color>, usual| colour.filter(|colour| *colour != Color::Reset).unwrap_or(usual);
    (plain(theme.style(Role::Text).fg, Color::White), plain(theme.style(Role::Background).bg, Color::Black))
}

/// What a shot waits for, by the model and the text of its frame, and how long it stands: milliseconds.
type Beat = (u64, fn(&Model, &str) -> bool);

/// A failover, from a calm stack to one that is seen again. Each shot is the first frame after the one before.
const FAILOVER: &[Beat] = &[
    (2_500, |_, text| text.matches("● SERVING").count() == 2 && text.contains("operator@")),
    (1_200, |_, text| text.contains("Break something") || text.contains("F1 ")),
    (1_500, |_, text| text.contains("▸   F17")),
    (1_500, |model, _| matches!(&model.faults, Some(Ok(board)) if !board.active.is_empty())),
    (1_800, |model, text| model.overlays.is_empty() && text.contains("? UNKNOWN")),
    (1_500, |_, text| text.contains("0 places → us-east-1")),
    (1_800, |_, text| text.contains("NOT PROVEN")),
    (3_500, |model, _| typed(model) == Some("")),
    (400, |model, _| typed(model) == Some("eu-")),
    (400, |model, _| typed(model) == Some("eu-west")),
    (1_000, |model, _| typed(model) == Some("eu-west-1")),
    (1_500, |model, _| step(model) == Some(0)),
    (1_500, |model, text| step(model) == Some(1) && text.contains("◔ failing-over")),
    (1_300, |model, _| passed(model) >= 30),
    (1_300, |model, _| passed(model) >= 60),
    (1_500, |model, _| step(model) == Some(2)),
    (2_500, |model, text| step(model).is_none() && text.contains("REDUNDANCY LOST")),
    (3_500, |_, text| text.contains("◇ EVACUATED us-east-1") && text.contains("answers again")),
];

/// The shot that stands where nothing moves: the promotion runs.
const STILL: usize = 12;

/// What was typed to confirm the plan that is shown.
fn typed(model: &Model) -> Option<&str> {
    match model.overlays.last() {
        Some(Overlay::Plan(review)) => Some(review.confirm.input.value()),
        _ => None,
    }
}

fn step(model: &Model) -> Option<usize> {
    model.operations.last()?.current()
}

/// Seconds since the operation began.
fn passed(model: &Model) -> u64 {
    model.operations.last().map_or(0, |run| run.elapsed(model.now).as_secs())
}

fn film() -> String {
    let (themes, mut replay, mut shots) = (Themes::built_in(), replay("failover"), vec![]);
    while let Some((ms, wanted)) = FAILOVER.get(shots.len()) {
        assert!(replay.step().unwrap(), "no frame for shot {} of the failover", shots.len());
        let screen = replay.frame(&themes);
        if wanted(replay.model(), &text(&screen)) {
            shots.push(Shot { screen, stands: Duration::from_millis(*ms) });
        }
    }
    let (text, paper) = colours(&themes.named(&replay.model().theme));
    Film { shots, still: STILL }.svg("tandem: a Region is lost and its database fails over", text, paper)
}

/// Pages of the wizard, with the scene that each is.
const WIZARD: &[(&str, &str)] = &[
    ("wizard-account", "account"),
    ("wizard-regions", "regions-picked"),
    ("wizard-app", "app-mistaken"),
    ("wizard-database", "database"),
    ("wizard-dns", "dns"),
    ("wizard-safety", "safety"),
    ("wizard-review", "confirm"),
    ("wizard-cost", "review-cost"),
    ("wizard-apply", "applying"),
];

fn page(file: &str, scene: &str) -> String {
    let theme = Themes::built_in().named("dark");
    let (text, paper) = colours(&theme);
    let wizard = wizard::scenes::Scene::named(scene);
    svg(&wizard::scenes::draw(&wizard, &theme, 100, 30), &format!("tandem --deploy, {file}, 100 by 30"), text, paper)
}

/// Every picture by its file.
fn drawn() -> Vec<(String, String)> {
    let pictures = PICTURES
        .iter()
        .map(|(name, source, width, height)| (format!("{name}.svg"), picture(name, *source, *width, *height)));
    let pages = WIZARD.iter().map(|(file, scene)| (format!("{file}.svg"), page(file, scene)));
    pictures.chain(pages).chain([("failover-animated.svg".to_string(), film())]).collect()
}

#[test]
fn screenshots_are_what_is_drawn() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("screenshots");
    let mut stale = vec![];
    for (file, drawn) in drawn() {
        needs_nothing_else(&file, &drawn);
        if std::env::var_os("UPDATE_SCREENSHOTS").is_some() {
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(folder.join(&file), &drawn).unwrap();
        } else if std::fs::read_to_string(folder.join(&file)).ok().as_deref() != Some(&drawn) {
            stale.push(file);
        }
    }
    assert!(stale.is_empty(), "{stale:?} differ from what is drawn; UPDATE_SCREENSHOTS=1 draws them anew");
}

/// A picture has its characters, is not large, and points nowhere.
fn needs_nothing_else(file: &str, drawn: &str) {
    let has = include_str!("../../../screenshots/font/characters.txt");
    let lacks: String = drawn.chars().filter(|character| !has.contains(*character)).collect();
    assert!(lacks.is_empty(), "the font lacks {lacks:?} of {file}: add them and run screenshots/font/make.sh");
    assert_eq!(drawn.matches("://").count(), 1, "{file} names more than its namespace");
    assert!(drawn.len() < 600_000, "{file} has {} bytes", drawn.len());
}
