use super::*;
use crate::fault::FaultOrder;
use crate::model::plan::{Kind, Plan};
use crate::tui::keys::Code;
use crate::tui::model::{Card, Pane, Tab, Topic, Zoom};
use crate::tui::scenes::{Scene, keys, model, planned, press, running, typed};
use crate::tui::view::hits::Target;

const ENTER: Key = Key::of(Code::Enter);
const ESC: Key = Key::of(Code::Esc);

fn chars(text: &str) -> Vec<Key> {
    text.chars().map(Key::char).collect()
}

fn answer(kind: Kind, plan: Result<Plan, String>) -> Msg {
    Msg::Planned { kind, region: "us-east-1".into(), plan }
}

fn note(model: &Model) -> String {
    match model.overlays.last() {
        Some(Overlay::Plan(review)) => review.confirm.note.clone().unwrap_or_default(),
        Some(Overlay::Ask(ask)) => ask.confirm.note.clone().unwrap_or_default(),
        other => panic!("{other:?}"),
    }
}

fn plan_of(model: &Model) -> Plan {
    match model.overlays.last() {
        Some(Overlay::Plan(review)) => review.plan.clone(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn keys_ask_for_plans_of_the_selected_region() {
    for (key, kind) in [('d', Kind::Drain), ('e', Kind::Evacuate), ('r', Kind::Restore)] {
        let mut model = model(2);
        let cmds = press(&mut model, &[Key::of(Code::Right), Key::char(key)]);
        assert_eq!(cmds, [Cmd::Plan { kind, region: "eu-west-1".into(), tasks: None }]);
    }
}

#[test]
fn a_scale_asks_for_a_number_first() {
    let mut model = model(2);
    assert_eq!(press(&mut model, &[Key::char('s')]), []);
    let cmds = press(&mut model, &[Key::char('x'), Key::char('9'), ENTER]);
    assert_eq!(cmds, [Cmd::Plan { kind: Kind::Scale, region: "us-east-1".into(), tasks: Some(9) }]);
    let mut model = keys(crate::tui::scenes::model(2), &[Key::char('s')]);
    assert_eq!(press(&mut model, &[ENTER]), []);
}

#[test]
fn a_plan_runs_when_its_region_was_typed() {
    let mut model = planned(model(2), Kind::Drain, false);
    let plan = plan_of(&model);
    press(&mut model, &chars("us-east-1"));
    let cmds = press(&mut model, &[ENTER]);
    assert_eq!(cmds, [Cmd::Run(plan.clone(), plan.hash())]);
    assert_eq!(model.overlays, []);
}

#[test]
fn enter_alone_or_another_name_confirms_nothing() {
    for text in ["", "us-east", "eu-west-1", "us-east-1 ", "US-EAST-1", "y"] {
        let mut model = typed(planned(model(2), Kind::Drain, false), text);
        assert_eq!(press(&mut model, &[ENTER, ENTER]), [], "{text:?}");
        assert_eq!(note(&model), "type us-east-1 to confirm");
    }
}

#[test]
fn a_refused_plan_says_why_and_never_runs() {
    let mut model = typed(planned(model(2), Kind::Drain, true), "us-east-1");
    assert_eq!(press(&mut model, &[ENTER]), []);
    assert!(note(&model).starts_with("refused by floor"), "{}", note(&model));
}

#[test]
fn a_burst_confirms_nothing_and_leaves_nothing() {
    let mut model = planned(model(2), Kind::Drain, false);
    let mut at = Duration::from_secs(60);
    for key in chars("us-east-1").into_iter().chain([ENTER]) {
        assert_eq!(update(&mut model, Msg::Key { key, at }), []);
        at += Duration::from_millis(3);
    }
    assert!(note(&model).contains("too fast"));
    let Some(Overlay::Plan(review)) = model.overlays.last() else { panic!() };
    assert_eq!(review.confirm.input.value(), "");
    // Enter that comes with the last letters of a burst does not count, whatever was typed before
    let mut model = typed(planned(crate::tui::scenes::model(2), Kind::Drain, false), "us-east-1");
    let at = model.last_key.unwrap() + Duration::from_millis(1);
    assert_eq!(update(&mut model, Msg::Key { key: ENTER, at }), []);
}

#[test]
fn a_paste_confirms_nothing() {
    let mut model = planned(model(2), Kind::Drain, false);
    assert_eq!(update(&mut model, Msg::Paste("us-east-1\r".into())), []);
    assert!(note(&model).contains("pasted"));
    assert_eq!(press(&mut model, &[ENTER]), []);
    // and on the panes it presses no key
    let mut model = crate::tui::scenes::model(2);
    assert_eq!(update(&mut model, Msg::Paste("dq".into())), []);
    assert_eq!(model.overlays, []);
}

#[test]
fn read_only_refuses_in_words() {
    for key in "dersx".chars() {
        let mut model = Model { writable: false, ..model(2) };
        let before = model.overlays.clone();
        assert_eq!(press(&mut model, &[Key::char(key)]), []);
        assert_eq!(model.overlays, before);
        if key != 'x' {
            assert_eq!(model.notice.unwrap().text, "read-only: start with --write");
        }
    }
    let mut model = Model { writable: false, ..Scene::named("failed-detail").model() };
    assert_eq!(press(&mut model, &[Key::char('r'), Key::char('s'), Key::char('x')]), []);
    assert!(matches!(model.overlays.last(), Some(Overlay::Operation { .. })));
    // nor does a plan that was open before
    let mut model =
        Model { writable: false, ..typed(planned(crate::tui::scenes::model(2), Kind::Drain, false), "us-east-1") };
    assert_eq!(press(&mut model, &[ENTER]), []);
    let mut model = Model { writable: false, ..Scene::named("faults").model() };
    assert_eq!(press(&mut model, &[ENTER]), []);
}

#[test]
fn a_plan_that_nobody_waits_for_is_dropped() {
    let plan = plan_of(&planned(model(2), Kind::Drain, false));
    let mut model = keys(model(2), &[Key::char('d'), ESC]);
    update(&mut model, answer(Kind::Drain, Ok(plan.clone())));
    assert_eq!(model.overlays, []);
    press(&mut model, &[Key::char('e')]);
    update(&mut model, answer(Kind::Drain, Ok(plan)));
    assert!(matches!(model.overlays[..], [Overlay::Planning { kind: Kind::Evacuate, .. }]));
    update(&mut model, answer(Kind::Evacuate, Err("eu-west-1 gives\u{1b} no answer".into())));
    assert_eq!(model.overlays, []);
    assert_eq!(model.notice.unwrap().text, "no plan: eu-west-1 gives␛ no answer");
}

#[test]
fn a_failed_step_is_retried_skipped_or_cancelled_by_typing() {
    let open = |key| keys(running(true), &[Key::char('o'), Key::char(key)]);
    let name = chars("us-east-1");
    assert_eq!(press(&mut open('r'), &[name.clone(), vec![ENTER]].concat()), [Cmd::Retry(3)]);
    assert_eq!(press(&mut open('x'), &[name, vec![ENTER]].concat()), [Cmd::CancelOperation(3)]);
    let mut model = open('s');
    assert_eq!(press(&mut model, &[ENTER]), []);
    assert_eq!(note(&model), "say why: the reason is kept");
    let reason = chars("dial turned by hand");
    assert_eq!(press(&mut model, &[reason, vec![ENTER]].concat()), [Cmd::Skip(3, "dial turned by hand".into())]);
    // where nothing has failed there is nothing to retry
    let mut model = keys(running(false), &[Key::char('o')]);
    assert_eq!(press(&mut model, &[Key::char('r'), Key::char('s')]), []);
    assert_eq!(model.notice.unwrap().text, "no step has failed");
}

#[test]
fn faults_are_started_and_ended() {
    let mut model = Scene::named("faults").model();
    let cmds = press(&mut model, &[Key::of(Code::Right), Key::char('-'), ENTER]);
    let order = FaultOrder {
        kind: "F7".into(),
        region: Some("eu-west-1".into()),
        duration_s: Some(120),
        ..FaultOrder::default()
    };
    assert_eq!(cmds, [Cmd::StartFault(order), Cmd::ListFaults]);
    let up = [Key::of(Code::Up); 9];
    assert_eq!(press(&mut model, &[&up[..], &[Key::char('x')]].concat()), [Cmd::EndFault(12), Cmd::ListFaults]);
    assert_eq!(update(&mut model, Msg::Tick(crate::tui::scenes::now())), [Cmd::ListFaults]);
}

#[test]
fn only_a_simulator_has_faults_and_a_pace() {
    let mut model = model(2);
    assert_eq!(press(&mut model, &[Key::char('+')]), [Cmd::SetSpeed(30.0)]);
    assert_eq!(press(&mut model, &[Key::char('-')]), [Cmd::SetSpeed(5.0)]);
    update(&mut model, Msg::Speed(600.0));
    assert_eq!(press(&mut model, &[Key::char('+')]), []);
    let mut model = Scene::named("aws").model();
    assert_eq!(press(&mut model, &[Key::char('!'), Key::char('+'), Key::char('-')]), []);
    assert_eq!(model.overlays, []);
}

#[test]
fn looking_around() {
    let mut model = model(3);
    let cmds = press(&mut model, &[Key::char('h'), ENTER, Key::char('l'), ESC]);
    let zoomed = |name: &str| Cmd::Zoomed(Some(name.into()));
    assert_eq!(cmds, [zoomed("ap-southeast-2"), zoomed("us-east-1"), Cmd::Zoomed(None)]);
    assert_eq!(press(&mut model, &[Key::char('R')]), [Cmd::Refresh]);
    press(&mut model, &[Key::char('j'), Key::char('j'), Key::char('k')]);
    assert_eq!(model.topic, Topic::Balancer);
    press(&mut model, &[Key::of(Code::BackTab), Key::of(Code::BackTab), Key::char('j')]);
    assert_eq!((model.pane, model.events_scroll), (Pane::Events, 1));
    press(&mut model, &[Key::char('?')]);
    assert_eq!(model.overlays, [Overlay::Help { scroll: 0 }]);
    assert_eq!(press(&mut model, &[Key::char('?'), Key::char('q')]), [Cmd::Quit]);
}

#[test]
fn ctrl_c_quits_from_everywhere() {
    for scene in Scene::ALL {
        assert_eq!(press(&mut scene.model(), &[INTERRUPT]), [Cmd::Quit], "{}", scene.name);
    }
}

#[test]
fn the_selection_stays_on_its_region_when_columns_move() {
    let mut model = keys(model(3), &[Key::char('l')]);
    let mut moved = crate::tui::scenes::snapshot(3);
    moved.regions.reverse();
    update(&mut model, Msg::Snapshot(moved.into()));
    assert_eq!((model.selected.as_str(), model.column()), ("eu-west-1", 1));
    moved = crate::tui::scenes::snapshot(2);
    moved.regions.remove(1);
    update(&mut model, Msg::Snapshot(moved.into()));
    assert_eq!(model.selected, "us-east-1");
}

#[test]
fn a_notice_goes_after_some_ticks_and_stays_among_the_events() {
    let mut model = model(2);
    update(&mut model, Msg::Notice { severity: Severity::Good, text: "done".into() });
    for _ in 0..8 {
        assert!(model.notice.is_some());
        update(&mut model, Msg::Tick(crate::tui::scenes::now()));
    }
    assert!(model.notice.is_none());
    assert_eq!(model.events()[0].text, "done");
}

#[test]
fn bad_news_stays_until_a_key_and_is_counted_until_the_page_of_events_is_opened() {
    let mut model = Model { read: crate::tui::scenes::now() - jiff::SignedDuration::from_secs(1), ..model(2) };
    update(&mut model, Msg::Notice { severity: Severity::Bad, text: "throttled".into() });
    for _ in 0..60 {
        update(&mut model, Msg::Tick(crate::tui::scenes::now()));
    }
    assert_eq!((model.notice.as_ref().map(|notice| notice.text.as_str()), model.unread()), (Some("throttled"), 1));
    press(&mut model, &[Key::char('7')]);
    assert_eq!((model.notice.is_none(), model.unread()), (true, 0));
}

fn zoomed(model: &Model) -> &Zoom {
    match model.overlays.last() {
        Some(Overlay::Zoom(zoom)) => zoom,
        other => panic!("{other:?}"),
    }
}

fn ids(model: &Model) -> Vec<String> {
    crate::tui::pages::page(model, zoomed(model)).rows().map(|row| row.id.clone()).collect()
}

#[test]
fn enter_opens_the_page_of_what_is_pointed_at() {
    let down = Key::char('j');
    for (steps, tab) in
        [(0, Tab::Tasks), (1, Tab::Targets), (3, Tab::Database), (4, Tab::Sessions), (6, Tab::Dns), (8, Tab::Traffic)]
    {
        let opened = keys(keys(model(2), &vec![down; steps]), &[ENTER]);
        assert_eq!(zoomed(&opened).tab, tab);
    }
    let events = keys(model(2), &[Key::of(Code::BackTab), Key::of(Code::BackTab), ENTER]);
    assert_eq!(zoomed(&events).tab, Tab::Events);
}

#[test]
fn what_is_pointed_at_stays_when_rows_come_and_go() {
    let mut model = keys(Scene::named("details").model(), &[Key::char('j'), Key::char('j')]);
    let third = ids(&model)[2].clone();
    let mut snapshot = model.snapshot.as_deref().cloned().unwrap();
    let tasks = snapshot.regions[0].tasks.value.as_mut().unwrap();
    tasks.remove(0);
    tasks.reverse();
    update(&mut model, Msg::Snapshot(Arc::new(snapshot.clone())));
    let at = |model: &Model| crate::tui::pages::page(model, zoomed(model)).pointed(zoomed(model)).unwrap();
    assert_eq!(ids(&model)[at(&model)], third);
    snapshot.regions[0].tasks.value.as_mut().unwrap().retain(|task| task.arn != third);
    update(&mut model, Msg::Snapshot(Arc::new(snapshot)));
    assert_eq!(at(&model), 2, "what stands in its place");
}

#[test]
fn a_filter_narrows_and_esc_takes_it_away_before_it_closes() {
    let all = Scene::named("details").model();
    let bad = keys(typed(keys(all.clone(), &[Key::char('/')]), "unhealthy"), &[ENTER]);
    assert_eq!(ids(&bad).len(), 1);
    let others = typed(keys(all.clone(), &[Key::char('/')]), "!unhealthy");
    assert_eq!(ids(&others).len(), ids(&all).len() - 1);
    let cleared = keys(bad, &[ESC]);
    assert_eq!(ids(&cleared), ids(&all));
    assert_eq!(keys(cleared, &[ESC]).overlays, []);
}

#[test]
fn rows_are_sorted_by_a_key_or_by_their_heading() {
    let opened = Scene::named("details").model();
    let mut clicked = opened.clone();
    for _ in 0..2 {
        update(&mut clicked, Msg::Click { target: Target::Column("age".into()), at: Duration::ZERO });
    }
    let youngest = ids(&opened);
    assert_eq!(ids(&clicked), youngest.iter().rev().cloned().collect::<Vec<_>>());
    let by_zone = keys(opened, &[Key::char('S'), Key::char('S')]);
    assert_eq!(zoomed(&by_zone).sort.map(|sort| sort.column), Some("zone"));
}

#[test]
fn a_row_is_copied_and_told_as_a_command() {
    let mut model = Scene::named("details").model();
    let arn = ids(&model)[0].clone();
    assert_eq!(press(&mut model, &[Key::char('y')]), [Cmd::Copy(arn.clone())]);
    press(&mut model, &[Key::char('c')]);
    let Some(Overlay::Card(Card { command, .. })) = model.overlays.last().cloned() else { panic!() };
    let task = arn.rsplit('/').next().unwrap();
    assert_eq!(command, format!("aws ecs describe-tasks --region us-east-1 --cluster shop --tasks {task}"));
    assert_eq!(press(&mut model, &[Key::char('y')]), [Cmd::Copy(command)]);
}

#[test]
fn events_are_filtered_by_region_and_severity() {
    let all = keys(model(2), &[Key::char('7')]);
    let one = keys(all.clone(), &[Key::char('l'), Key::char('l')]);
    assert_eq!(zoomed(&one).only.as_deref(), Some("eu-west-1"));
    assert!(ids(&one).len() < ids(&all).len() && ids(&one).iter().all(|id| id.contains("eu-west-1")));
    let warnings = keys(all, &[Key::char('v')]);
    assert_eq!(ids(&warnings).len(), 1);
}

#[test]
fn a_chord_shows_what_may_follow_and_esc_forgets_it() {
    let begun = keys(model(2), &[Key::char(' ')]);
    assert_eq!(begun.pending, [Key::char(' ')]);
    assert_eq!(zoomed(&keys(begun.clone(), &[Key::char('n')])).tab, Tab::Dns);
    assert_eq!(keys(begun.clone(), &[ESC]).pending, []);
    let nothing = keys(begun, &[Key::char('q')]);
    assert_eq!((nothing.pending.len(), nothing.notice.unwrap().text.as_str()), (0, "space q does nothing here"));
}

#[test]
fn a_click_points_and_a_second_one_opens_but_none_confirms() {
    let mut model = model(2);
    let click = |model: &mut Model, target: Target| update(model, Msg::Click { target, at: Duration::from_secs(9) });
    let topic = Target::Topic("eu-west-1".into(), Topic::Aurora);
    assert_eq!(click(&mut model, topic.clone()), []);
    assert_eq!((model.selected.as_str(), model.overlays.len()), ("eu-west-1", 0));
    click(&mut model, topic);
    assert_eq!(zoomed(&model).tab, Tab::Database);
    for scene in Scene::ALL {
        let mut model = scene.model();
        let buffer = &mut ratatui::buffer::Buffer::empty(ratatui::layout::Rect::new(0, 0, 120, 36));
        let theme = crate::tui::theme::Themes::built_in().named("dark");
        let hits = crate::tui::view::view(&model, &theme, buffer.area, buffer);
        let before = model.clone();
        for target in hits.all() {
            let cmds = click(&mut model, target.clone());
            let acts =
                |cmd: &Cmd| matches!(cmd, Cmd::Run(..) | Cmd::Retry(_) | Cmd::Skip(..) | Cmd::CancelOperation(_));
            assert!(!cmds.iter().any(acts), "{}: {target:?}", scene.name);
            model = before.clone();
        }
    }
}

#[test]
fn a_console_that_nobody_looks_at_says_so_and_looks_again_when_somebody_does() {
    let mut model = Scene::named("steady").model();
    assert_eq!(update(&mut model, Msg::FocusLost), [Cmd::Attentive(false)]);
    assert_eq!(update(&mut model, Msg::FocusGained), [Cmd::Attentive(true), Cmd::Refresh]);
}

#[test]
fn ctrl_z_stops_it_from_wherever_it_is() {
    for scene in Scene::ALL {
        assert_eq!(press(&mut scene.model(), &[SUSPEND]), [Cmd::Suspend], "{}", scene.name);
    }
}
