use super::fields::{self, Kind};
use super::model::{Live, Overlay, Place, Standing, Tab, Wizard};
use super::msg::{Cmd, End, Msg};
use super::pages::{PAGES, Page};
use super::scenes::{self, Scene, answered, draft, fresh, known, now, press, pressed, reviewed, turned, typed};
use super::update::update;
use crate::model::stack::{FailsOver, Fence};
use crate::tui::keys::{Code, Key};
use crate::tui::msg::Msg as Screen;
use crate::tui::theme::Themes;
use crate::tui::view::hits::Target;
use proptest::prelude::*;
use std::path::PathBuf;

#[test]
fn the_usual_answers_lack_an_image_and_a_zone_and_nothing_else() {
    let wizard = fresh();
    let wrong: Vec<&str> = wizard.checked.mistakes.keys().map(String::as_str).collect();
    assert_eq!(wrong, ["app.image", "dns.zone"], "{:?}", wizard.checked);
    assert!(wizard.checked.others.is_empty());
    let wizard = answered(known(wizard));
    assert!(wizard.checked.config.is_some(), "{:?}", wizard.checked);
    let spec = &wizard.checked.config.as_ref().unwrap().spec;
    assert_eq!((spec.app.image.as_str(), spec.regions.len()), (scenes::IMAGE, 2));
}

#[test]
fn every_field_reaches_the_file_and_the_usual_answers_mean_what_the_configuration_does() {
    let written = answered(known(fresh()));
    let text = &written.checked.written.text;
    let mut config = written.checked.config.clone().unwrap();
    let bare = format!(
        "[stack]\nname = \"shop\"\n[app]\nimage = \"{}\"\n[[regions]]\nname = \"us-east-1\"\n[[regions]]\nname = \"eu-west-1\"\n[dns]\nzone = \"shop.example.com\"\n",
        scenes::IMAGE
    );
    let usual = crate::config::parse(std::path::Path::new("config.toml"), &bare).unwrap();
    config.keys.clone_from(&usual.keys);
    assert_eq!(config, usual, "{text}");
    for field in fields::all() {
        assert!(!field.means.is_empty() && !field.label.trim().is_empty(), "{}", field.id);
        if let Kind::Choice(words) = field.kind {
            assert!(words.iter().any(|(word, _)| *word == field.usual), "{}", field.id);
        }
    }
}

/// A mistake in every field, and what is said of it.
#[test]
fn a_mistake_is_said_at_its_field_with_the_way_out() {
    let cases: &[(Page, &str, &str, &str)] = &[
        (Page::Account, "stack.name", "My Shop", "lower-case letters"),
        (Page::Account, "stack.tags", "team", "no pairs like KEY=value"),
        (Page::Regions, "regions.1.name", "us-esat-1", "did you mean `us-east-1`?"),
        (Page::Regions, "regions.2.name", "us-east-1", "stands twice"),
        (Page::Regions, "regions.2.vpc_cidr", "10.0.0.0/16", "overlaps"),
        (Page::Regions, "regions.1.zones", "4", "from 2 to 3"),
        (Page::Regions, "regions.1.zones", "many", "is no whole number: use 3"),
        (Page::App, "app.image", "shop-web:{place}", "did you mean `{region}`?"),
        (Page::App, "app.port", "70000", "from 1 to 65535"),
        (Page::App, "app.health_path", "health", "must begin with `/`"),
        (Page::App, "app.cpu", "1000", "1024"),
        (Page::App, "app.memory", "100", "2048"),
        (Page::App, "app.min", "20", "is more than max 12"),
        (Page::App, "app.desired", "20", "is not between min 3 and max 12"),
        (Page::App, "app.environment", "DB_HOST=x", "told by the deployment"),
        (Page::App, "app.log_retention_days", "31", "the nearest is 30"),
        (Page::Database, "database.version", "16.1", "use 16.4 or later"),
        (Page::Database, "database.class", "db.t3.medium", "no burstable instances"),
        (Page::Database, "database.instances", "0", "from 1 to"),
        (Page::Sessions, "sessions.ttl_attribute", "", "visible characters"),
        (Page::Dns, "dns.zone", "example", "no DNS name"),
        (Page::Dns, "dns.zone", "elsewhere.org", "no public zone of this account: it has example.com"),
        (Page::Dns, "dns.name", "app.elsewhere.org", "is not below the zone"),
        (Page::Safety, "guardrails.floor_regions", "2", "leave one to spare"),
        (Page::Safety, "guardrails.capacity_headroom", "0.5", "from 1.0 to 10.0"),
        (Page::Safety, "operations.ramp", "75, 50", "fall from below 100 to 0"),
        (Page::Safety, "operations.ramp", "all", "no whole numbers with commas"),
        (Page::Safety, "control.regions", "us-east-1, eu-west-1, eu-west-2", "of one set"),
        (Page::Safety, "failover.max_data_loss_s", "-1", "from 0 to 86400"),
        (Page::Safety, "watch.image", "1.dkr.ecr.us-east-1.amazonaws.com/tandem:1", "is kept in us-east-1 alone"),
        (Page::Safety, "alerts.topics", "arn:aws:sns:us-east-1:12:ops", "no topic of us-east-1"),
        (Page::Safety, "roles.permissions_boundary", "boundary", "arn:aws:iam"),
    ];
    let good = answered(known(fresh()));
    for (page, id, text, wanted) in cases {
        let mut wizard = good.clone();
        update(&mut wizard, Msg::Screen(Screen::Click { target: to(*page), at: Default::default() }));
        assert_eq!(wizard.page, *page);
        wizard.focus_on(id);
        typed(&mut wizard, "⌧");
        update(&mut wizard, Msg::Screen(Screen::Paste((*text).into())));
        let field = wizard.field(id).unwrap();
        let said = wizard.said_of(field).unwrap_or_else(|| panic!("nothing is said of {id} = {text}"));
        assert!(said.contains(wanted), "{id} = {text}: {said}");
        assert!(scenes::text(&wizard, 120, 36).contains(&said.chars().take(40).collect::<String>()), "{said}");
        let (at, _) = wizard.obstacle().unwrap();
        assert!(wizard.is_wrong(*page) && at <= *page, "{id}");
    }
}

fn to(page: Page) -> Target {
    Target::Action(format!("page:{}", page.place()))
}

#[test]
fn what_a_given_network_needs_is_asked_and_what_a_made_one_needs_is_not() {
    let ids = |wizard: &Wizard| wizard.asked().map(|field| field.id.clone()).collect::<Vec<_>>();
    let wizard = turned(known(fresh()), Page::Regions);
    assert!(ids(&wizard).contains(&"regions.1.nat".into()) && !ids(&wizard).contains(&"regions.1.vpc".into()));
    assert!(!ids(&wizard).contains(&"regions.3.nat".into()), "there is no third Region yet");
    let wizard = Scene::named("regions-given");
    assert!(!ids(&wizard).contains(&"regions.1.nat".into()) && ids(&wizard).contains(&"regions.1.vpc".into()));
    let mut wizard = wizard;
    wizard.focus_on("regions.3.name");
    typed(&mut wizard, "eu-central-1");
    assert!(ids(&wizard).contains(&"regions.3.nat".into()));
    assert!(wizard.checked.written.text.contains("name = \"eu-central-1\"\nvpc_cidr = \"10.2.0.0/16\""));
}

#[test]
fn a_watcher_is_asked_what_it_needs_and_the_page_says_what_is_not_automatic() {
    let mut wizard = turned(answered(known(fresh())), Page::Safety);
    let ids = |wizard: &Wizard| wizard.asked().map(|field| field.id.clone()).collect::<Vec<_>>();
    let said = |wizard: &Wizard, id: &str| wizard.said_of(wizard.field(id).unwrap());
    assert!(!ids(&wizard).iter().any(|id| id == "failover.guard_image" || id == "failover.accept_unproven_fence"));
    wizard.focus_on("failover.by");
    typed(&mut wizard, "→");
    assert!(
        scenes::text(&wizard, 120, 36).contains("Not automatic: a second time"),
        "{}",
        scenes::text(&wizard, 120, 36)
    );
    assert!(said(&wizard, "failover.by").unwrap().contains("set [watch] image"));
    wizard.focus_on("watch.image");
    typed(&mut wizard, "1.dkr.ecr.{region}.amazonaws.com/tandem:1");
    assert!(said(&wizard, "failover.by").unwrap().contains("accept_unproven_fence"));
    wizard.focus_on("failover.fence");
    typed(&mut wizard, "→");
    assert!(ids(&wizard).contains(&"failover.guard_image".into()), "{:?}", ids(&wizard));
    assert!(said(&wizard, "failover.guard_image").unwrap().contains("no name of an image"));
    assert!(said(&wizard, "failover.max_data_loss_s").unwrap().contains("write 300 or more"));
    wizard.focus_on("failover.max_data_loss_s");
    typed(&mut wizard, "⌧300");
    wizard.focus_on("failover.guard_image");
    typed(&mut wizard, "1.dkr.ecr.{region}.amazonaws.com/tandem:1");
    let spec = &wizard.checked.config.as_ref().unwrap_or_else(|| panic!("{:?}", wizard.checked.mistakes)).spec;
    assert_eq!((spec.stack.fails_over, spec.stack.fence), (FailsOver::Watcher, Fence::Guard));
    assert!(spec.watch.image.is_some() && spec.watch.guard_image.is_some());
}

#[test]
fn https_asks_for_a_certificate_of_every_region() {
    let mut wizard = turned(answered(known(fresh())), Page::Dns);
    wizard.focus_on("dns.https");
    typed(&mut wizard, "→");
    assert!(wizard.text().contains("certificates = true"), "{}", wizard.text());
    assert!(wizard.checked.config.as_ref().unwrap().stack.https && wizard.checked.mistakes.is_empty());
    typed(&mut wizard, "→");
    let wrong: Vec<&str> = wizard.checked.mistakes.keys().map(String::as_str).collect();
    assert_eq!(wrong, ["regions.1.certificate", "regions.2.certificate"]);
    for (number, region) in [(1, "us-east-1"), (2, "eu-west-1")] {
        wizard.focus_on(&format!("regions.{number}.certificate"));
        let arn = format!("arn:aws:acm:{region}:123456789012:certificate/11111111-2222-3333-4444-555555555555");
        update(&mut wizard, Msg::Screen(Screen::Paste(arn)));
    }
    assert!(wizard.checked.config.as_ref().unwrap().stack.https);
}

#[test]
fn enter_walks_through_every_field_to_the_review_and_back_again() {
    let mut wizard = answered(known(fresh()));
    update(&mut wizard, Msg::Screen(Screen::Click { target: to(Page::Account), at: Default::default() }));
    let (mut seen, mut cmds) = (vec![], vec![]);
    while wizard.page != Page::Review {
        seen.push(wizard.focus.clone());
        cmds.extend(press(&mut wizard, Key::of(Code::Enter)));
    }
    assert!(seen.len() > 30 && seen.contains(&"sessions.ttl_attribute".into()), "{seen:?}");
    assert!(cmds.iter().any(|cmd| matches!(cmd, Cmd::Keep(_))), "answers are kept on the way");
    assert_eq!(cmds.last(), Some(&Cmd::Survey(wizard.text().to_string())));
    for page in PAGES.iter().rev().skip(1) {
        press(&mut wizard, Key::of(Code::Esc));
        assert_eq!(wizard.page, *page);
    }
    press(&mut wizard, Key::of(Code::Esc));
    assert_eq!(wizard.overlay, Some(Overlay::Quit));
    assert_eq!(press(&mut wizard, Key::of(Code::Esc)), []);
    let left = pressed(wizard.clone(), "⎋");
    assert_eq!(left.overlay, Some(Overlay::Quit));
    press(&mut wizard, Key::of(Code::Esc));
    assert!(press(&mut wizard, Key::of(Code::Enter)).contains(&Cmd::Quit));
}

#[test]
fn a_question_mark_explains_and_is_never_typed() {
    let mut wizard = turned(known(fresh()), Page::App);
    typed(&mut wizard, "a?");
    assert_eq!((wizard.answer("app.image"), &wizard.overlay), ("a", &Some(Overlay::Explain { scroll: 0 })));
    assert!(scenes::text(&wizard, 80, 24).contains("[app] image"));
}

#[test]
fn nothing_is_applied_but_by_the_name_of_a_plan_that_was_seen() {
    let mut wizard = answered(known(fresh()));
    wizard = turned(wizard, Page::Review);
    assert_eq!(typed(&mut wizard, "⏎"), [], "the account was not looked at yet");
    assert_eq!(wizard.overlay, None);
    let mut wizard = reviewed();
    assert_eq!(typed(&mut wizard, "⏎till⏎"), []);
    assert!(wizard.notice.as_ref().unwrap().1.contains("type shop"));
    let cmds = typed(&mut wizard, "⌧shop⏎");
    assert!(cmds.contains(&Cmd::Apply(wizard.text().to_string())), "{cmds:?}");
    assert_eq!(wizard.page, Page::Apply);
    assert_eq!(typed(&mut wizard, "⏎⎋q"), [], "nothing leaves a running apply but ^C");
    assert_eq!(press(&mut wizard, Key::ctrl('c')), [Cmd::Stop]);
    assert_eq!(press(&mut wizard, Key::ctrl('c')), [Cmd::Quit]);
    update(&mut wizard, Msg::Ended(End::Done));
    assert_eq!(typed(&mut wizard, "⏎"), [Cmd::Console]);
}

#[test]
fn a_failed_apply_goes_on_or_goes_back() {
    let mut wizard = Scene::named("failed");
    assert!(scenes::text(&wizard, 100, 30).contains("request id 7a62c49f"));
    assert!(typed(&mut wizard.clone(), "r").contains(&Cmd::Apply(wizard.text().to_string())));
    let cmds = typed(&mut wizard, "⎋");
    assert_eq!(wizard.page, Page::Review);
    assert!(cmds.contains(&Cmd::Survey(wizard.text().to_string())), "what stands now is looked at: {cmds:?}");
}

#[test]
fn a_draft_goes_on_where_it_was_left() {
    let mut wizard = turned(answered(known(fresh())), Page::Safety);
    wizard.focus_on("failover.by");
    typed(&mut wizard, "→");
    let again = Wizard::new(Place::Simulator, PathBuf::from("config.toml"), Some(draft(&wizard)), None, now());
    assert_eq!((again.page, &again.answers), (Page::Safety, &wizard.answers));
    assert_eq!(again.text(), wizard.text());
    let standing = Standing { text: wizard.text().into(), stack: "shop".into() };
    let again =
        Wizard::new(Place::Simulator, PathBuf::from("config.toml"), Some(draft(&wizard)), Some(standing), now());
    assert_eq!((again.page, again.saved, &again.by_hand), (Page::Review, true, &None));
}

#[test]
fn a_file_that_was_written_by_hand_is_taken_as_it_is() {
    let mut wizard = Scene::named("by-hand");
    assert_eq!((wizard.page, wizard.stack_name()), (Page::Review, "till"));
    let text = wizard.text().to_string();
    update(&mut wizard, Msg::Screen(Screen::Click { target: to(Page::App), at: Default::default() }));
    press(&mut wizard, Key::of(Code::PageUp));
    press(&mut wizard, Key::ctrl('p'));
    assert_eq!((wizard.page, typed(&mut wizard, "w")), (Page::Review, vec![]), "it is not written over");
    wizard.survey = None;
    assert_eq!(typed(&mut wizard, "r"), [Cmd::Survey(text)]);
}

#[test]
fn the_only_zone_of_an_account_is_taken_and_others_are_picked() {
    let mut wizard = fresh();
    update(&mut wizard, Msg::Zones(Ok(vec!["only.example".into()])));
    assert_eq!(wizard.answer("dns.zone"), "only.example");
    let mut wizard = turned(known(fresh()), Page::Dns);
    typed(&mut wizard, "␣shop⏎");
    assert_eq!((wizard.answer("dns.zone"), &wizard.overlay), ("shop.example.com", &None));
    let mut wizard = turned(known(fresh()), Page::Database);
    wizard.focus_on("database.class");
    typed(&mut wizard, "␣db.r6g.4xlarge⏎");
    assert_eq!(wizard.answer("database.class"), "db.r6g.4xlarge", "what is in no list may be typed");
}

#[test]
fn an_answer_for_other_answers_is_dropped() {
    let mut wizard = reviewed();
    let old = wizard.text().to_string();
    typed(&mut wizard, "⎋");
    wizard.focus_on("guardrails.capacity_headroom");
    typed(&mut wizard, "⌧1.5");
    let wizard = &mut turned(wizard, Page::Review);
    assert!(matches!(&wizard.survey, Some((_, Live::Asked))) && wizard.surveyed().is_none());
    update(wizard, Msg::Surveyed(old, Err("late".into())));
    assert!(matches!(&wizard.survey, Some((_, Live::Asked))));
}

#[test]
fn the_review_shows_resources_costs_policy_and_file() {
    let wizard = reviewed();
    let seen = scenes::text(&wizard, 100, 70);
    assert!(seen.contains("the whole stack") && seen.contains("├ + base"), "{seen}");
    for (keys, tab, wanted) in [
        ("2", Tab::Cost, "an estimate, by prices of"),
        ("3", Tab::Policy, "\"Statement\""),
        ("4", Tab::File, "[[regions]]"),
    ] {
        let turned = pressed(wizard.clone(), keys);
        assert_eq!(turned.tab, tab);
        assert!(scenes::text(&turned, 100, 70).contains(wanted), "{keys}: {}", scenes::text(&turned, 100, 70));
    }
}

#[test]
fn every_scene_at_every_size() {
    let theme = Themes::built_in().named("dark");
    for scene in Scene::ALL {
        let wizard = (scene.build)();
        for (width, height) in (1..=61).flat_map(|width| (1..=17).map(move |height| (width, height))).chain([
            (80, 24),
            (120, 36),
            (200, 60),
        ]) {
            let buffer = scenes::draw(&wizard, &theme, width, height);
            let bad = buffer.content.iter().find(|cell| cell.symbol().contains(|c: char| c.is_control()));
            assert!(bad.is_none(), "{} at {width}x{height}", scene.name);
        }
    }
}

#[test]
fn scenes_look_as_reviewed() {
    for scene in Scene::ALL {
        let wizard = (scene.build)();
        insta::assert_snapshot!(format!("wizard-{}", scene.name), scenes::text(&wizard, 80, 24));
    }
    for name in ["account", "app-mistaken", "review", "confirm", "applying", "failed"] {
        insta::assert_snapshot!(format!("wizard-{name}-60x16"), scenes::text(&Scene::named(name), 60, 16));
    }
}

fn anything() -> impl Strategy<Value = Key> {
    let codes = prop::sample::select(vec![
        Code::Enter,
        Code::Esc,
        Code::Tab,
        Code::BackTab,
        Code::Backspace,
        Code::Delete,
        Code::Left,
        Code::Right,
        Code::Up,
        Code::Down,
        Code::Home,
        Code::End,
        Code::PageUp,
        Code::PageDown,
        Code::Char(' '),
        Code::Char('?'),
        Code::Char('3'),
    ]);
    prop_oneof![
        codes.prop_map(Key::of),
        any::<char>().prop_map(Key::char),
        prop::sample::select(vec!['c', 'n', 'p', 'u', 'r']).prop_map(Key::ctrl)
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn any_keys_leave_a_wizard_that_can_be_drawn_and_a_file_that_can_be_read(keys in prop::collection::vec(anything(), 0..60)) {
        let mut wizard = known(fresh());
        for key in keys {
            press(&mut wizard, key);
        }
        scenes::text(&wizard, 60, 16);
        let text = &wizard.checked.written.text;
        prop_assert!(toml::from_str::<toml::Table>(text).is_ok(), "{text}");
        prop_assert!(wizard.page == Page::Apply || wizard.overlay.is_some() || wizard.focused().is_some() || !wizard.page.asks());
    }
}
