//! Screens that tests and screenshots are made of: fixed models, one for everything that can be shown.

mod database;
mod dns;
mod fixtures;
mod hostile;

pub use fixtures::{model, now, planned, running, snapshot};
pub use hostile::{EVIL, model as hostile_model};

use super::keys::{Code, Key};
use super::model::{Mode, Model};
use super::msg::{Cmd, Msg};
use super::theme::{Depth, Theme, Themes};
use super::update::update;
use super::view::view;
use crate::model::plan::Kind;
use fixtures::*;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use std::sync::Arc;
use std::time::Duration;

/// A screen by name.
#[derive(Debug, Clone, Copy)]
pub struct Scene {
    pub name: &'static str,
    build: fn() -> Model,
}

impl Scene {
    pub const ALL: &[Scene] = &[
        Scene { name: "steady", build: || model(2) },
        Scene { name: "first-frame", build: first },
        Scene { name: "unknown", build: || showing(model(2), |snapshot| lost(snapshot, 0, 130)) },
        Scene { name: "never-seen", build: || showing(model(2), never) },
        Scene { name: "late", build: || showing(model(2), late) },
        Scene { name: "down", build: || showing(model(2), down) },
        Scene { name: "evacuated", build: || showing(model(2), evacuated) },
        Scene { name: "no-route53", build: || showing(model(2), no_control_plane) },
        Scene { name: "draining", build: || running(false) },
        Scene { name: "failed-step", build: || running(true) },
        Scene { name: "failed-detail", build: || keys(running(true), &[Key::char('o')]) },
        Scene { name: "ask-skip", build: || keys(running(true), &[Key::char('o'), Key::char('s'), Key::char('w')]) },
        Scene { name: "ask-cancel", build: || keys(running(false), &[Key::char('o'), Key::char('x')]) },
        Scene { name: "planning", build: || keys(model(2), &[Key::char('e')]) },
        Scene { name: "plan", build: || typed(planned(model(2), Kind::Drain, false), "us-ea") },
        Scene {
            name: "plan-commands",
            build: || keys(planned(model(2), Kind::Evacuate, false), &[Key::of(Code::Tab)]),
        },
        Scene { name: "plan-refused", build: || planned(model(2), Kind::Evacuate, true) },
        Scene { name: "scale", build: || keys(model(2), &[Key::char('s')]) },
        Scene { name: "faults", build: || keys(broken(model(2)), &[Key::of(Code::Down), Key::of(Code::Down)]) },
        Scene { name: "faults-silent", build: silent_lever },
        Scene { name: "help", build: || keys(model(2), &[Key::char('?')]) },
        Scene { name: "details", build: || keys(showing(model(2), tables), &[Key::of(Code::Enter)]) },
        Scene { name: "targets", build: || keys(showing(model(2), tables), &[Key::char('4')]) },
        Scene { name: "dns", build: || keys(model(2), &[Key::char('5')]) },
        Scene { name: "traffic", build: || keys(model(2), &[Key::char('6')]) },
        Scene { name: "events", build: || keys(showing(model(2), down), &[Key::char('7')]) },
        Scene {
            name: "tasks-sorted",
            build: || {
                keys(showing(model(2), tables), &[Key::char('1'), Key::char('S'), Key::char('I'), Key::char('j')])
            },
        },
        Scene {
            name: "tasks-filtered",
            build: || {
                typed(keys(showing(model(2), tables), &[Key::char('1'), Key::char('/')]), "!unhealthy us-east-1a")
            },
        },
        Scene {
            name: "row",
            build: || keys(showing(model(2), tables), &[Key::char('1'), Key::of(Code::End), Key::of(Code::Enter)]),
        },
        Scene {
            name: "command",
            build: || keys(showing(model(2), tables), &[Key::char('1'), Key::char('j'), Key::char('c')]),
        },
        Scene { name: "palette", build: || typed(keys(model(2), &[Key::char(':')]), "fail") },
        Scene {
            name: "palette-read-only",
            build: || typed(keys(Model { writable: false, ..model(2) }, &[Key::char(':')]), "evac"),
        },
        Scene { name: "chord", build: || keys(model(2), &[Key::char(' ')]) },
        Scene { name: "frozen", build: || keys(model(2), &[Key::char('z'), Key::char('T')]) },
        Scene {
            name: "events-focused",
            build: || keys(showing(model(2), down), &[Key::of(Code::BackTab), Key::of(Code::BackTab)]),
        },
        Scene { name: "page-unseen", build: || keys(first(), &[Key::char('2')]) },
        Scene { name: "three", build: || keys(showing(model(3), |snapshot| lost(snapshot, 2, 47)), &[Key::char('l')]) },
        Scene { name: "five", build: || keys(model(5), &[Key::char('h')]) },
        Scene { name: "read-only", build: || keys(Model { writable: false, ..model(2) }, &[Key::char('d')]) },
        Scene { name: "aws", build: || Model { mode: Mode::Aws, writable: false, ..model(2) } },
        Scene { name: "light", build: || Model { theme: "light".into(), ..running(false) } },
        Scene { name: "themes", build: || keys(model(2), &[Key::char('t'), Key::of(Code::Down)]) },
        Scene { name: "themes-filtered", build: || typed(keys(broken(model(2)), &[Key::char('t')]), "gruv") },
        Scene { name: "staging", build: || Model { environment: "staging".into(), ..model(2) } },
        Scene { name: "hostile", build: || hostile::model(hostile::EVIL[0]) },
        Scene { name: "writer-lost", build: || showing(model(2), database::writer_lost) },
        Scene { name: "failing-over", build: || showing(model(2), database::failing_over) },
        Scene { name: "redundancy-lost", build: || showing(model(2), database::redundancy_lost) },
        Scene { name: "sessions-held", build: || showing(model(2), database::held) },
        Scene { name: "lag-frozen", build: || showing(model(2), database::frozen) },
        Scene { name: "no-database", build: || showing(model(2), database::none) },
        Scene { name: "plan-switchover", build: || failover(model(2)) },
        Scene { name: "plan-failover", build: || failover(showing(model(2), database::writer_lost)) },
        Scene { name: "database", build: || keys(showing(model(2), database::redundancy_lost), &[Key::char('2')]) },
        Scene { name: "lag", build: || keys(model(2), &[Key::char('l'), Key::char('2')]) },
        Scene {
            name: "sessions",
            build: || keys(showing(model(2), database::held), &[Key::char('l'), Key::char('3')]),
        },
        Scene { name: "hostile-tasks", build: || keys(hostile::model(hostile::EVIL[1]), &[Key::char('1')]) },
        Scene { name: "hostile-database", build: || keys(hostile::model(hostile::EVIL[0]), &[Key::char('2')]) },
        Scene { name: "hostile-sessions", build: || keys(hostile::model(hostile::EVIL[2]), &[Key::char('3')]) },
        Scene { name: "hostile-targets", build: || keys(hostile::model(hostile::EVIL[3]), &[Key::char('4')]) },
        Scene { name: "hostile-dns", build: || keys(hostile::model(hostile::EVIL[4]), &[Key::char('5')]) },
        Scene { name: "hostile-traffic", build: || keys(hostile::model(hostile::EVIL[5]), &[Key::char('6')]) },
        Scene { name: "hostile-events", build: || keys(hostile::model(hostile::EVIL[0]), &[Key::char('7')]) },
        Scene { name: "hostile-palette", build: || keys(hostile::model(hostile::EVIL[0]), &[Key::char(':')]) },
    ];

    pub fn named(name: &str) -> Scene {
        *Scene::ALL.iter().find(|scene| scene.name == name).unwrap_or_else(|| panic!("no scene {name}"))
    }

    pub fn model(self) -> Model {
        (self.build)()
    }

    /// As drawn with the theme that the model chose.
    pub fn draw(self, width: u16, height: u16) -> Buffer {
        let model = self.model();
        draw(&model, &Themes::built_in().named(&model.theme), width, height)
    }

    pub fn draw_without_colour(self, width: u16, height: u16) -> Buffer {
        let model = self.model();
        draw(&model, &Themes::built_in().named(&model.theme).at_depth(Depth::None), width, height)
    }
}

pub fn draw(model: &Model, theme: &Theme, width: u16, height: u16) -> Buffer {
    let area = Rect::new(0, 0, width, height);
    let mut buffer = Buffer::empty(area);
    view(model, theme, area, &mut buffer);
    buffer
}

/// The rows as text, without blanks at their ends.
pub fn text(buffer: &Buffer) -> String {
    let rows = buffer.content.chunks(usize::from(buffer.area.width).max(1)).map(|row| {
        let mut skip = 0;
        let mut line = String::new();
        for cell in row {
            if skip == 0 {
                line.push_str(cell.symbol());
            }
            skip = std::cmp::max(skip, unicode_width::UnicodeWidthStr::width(cell.symbol())).saturating_sub(1);
        }
        line.trim_end().to_string()
    });
    rows.collect::<Vec<_>>().join("\n")
}

/// The model after these keys, pressed by a slow hand.
pub fn keys(mut model: Model, keys: &[Key]) -> Model {
    press(&mut model, keys);
    model
}

/// Presses keys half a second apart and answers what they asked for.
pub fn press(model: &mut Model, keys: &[Key]) -> Vec<Cmd> {
    let mut cmds = vec![];
    for key in keys {
        let at = model.last_key.unwrap_or_default() + Duration::from_millis(500);
        cmds.extend(update(model, Msg::Key { key: *key, at }));
    }
    cmds
}

pub fn typed(model: Model, text: &str) -> Model {
    keys(model, &text.chars().map(Key::char).collect::<Vec<_>>())
}

fn showing(mut model: Model, change: impl Fn(&mut crate::model::snapshot::Snapshot)) -> Model {
    let mut snapshot = model.snapshot.as_deref().cloned().unwrap();
    change(&mut snapshot);
    update(&mut model, Msg::Snapshot(Arc::new(snapshot)));
    model
}

/// The plan of a failover for what the model shows: the writer's Region is selected.
fn failover(mut model: Model) -> Model {
    press(&mut model, &[Key::char('f')]);
    let plan = database::plan(model.snapshot.as_ref().unwrap(), Kind::Failover, "us-east-1");
    update(&mut model, Msg::Planned { kind: Kind::Failover, region: "us-east-1".into(), plan: Ok(plan) });
    model
}

fn first() -> Model {
    Model { snapshot: None, ..model(2) }
}

fn silent_lever() -> Model {
    let mut model = keys(model(2), &[Key::char('!')]);
    update(&mut model, Msg::Faults(Err("no answer from /_sim/faults".into())));
    model
}
