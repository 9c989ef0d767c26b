use crate::tui::model::Overlay;
use crate::tui::msg::Msg;
use crate::tui::scenes::Scene;

/// The message after it was written and read.
fn through(msg: &Msg) -> Msg {
    serde_json::from_str(&serde_json::to_string(msg).unwrap()).unwrap()
}

#[test]
fn what_every_scene_shows_goes_through_json_unchanged() {
    let (mut snapshots, mut plans, mut boards) = (0, 0, 0);
    for scene in Scene::ALL {
        let model = scene.model();
        let mut msgs = vec![Msg::Operations(model.operations.clone())];
        if let Some(snapshot) = &model.snapshot {
            msgs.push(Msg::Snapshot(snapshot.clone()));
            snapshots += 1;
        }
        if let Some(faults) = &model.faults {
            msgs.push(Msg::Faults(faults.clone()));
            boards += 1;
        }
        for overlay in &model.overlays {
            if let Overlay::Plan(review) = overlay {
                let plan = review.plan.clone();
                msgs.push(Msg::Planned { kind: plan.kind, region: plan.region.clone(), plan: Ok(plan) });
                plans += 1;
            }
        }
        for msg in msgs {
            assert_eq!(through(&msg), msg, "{}", scene.name);
        }
    }
    assert!(snapshots > 20 && plans > 4 && boards > 1, "{snapshots} snapshots, {plans} plans, {boards} boards");
}

#[test]
fn keys_and_small_messages_go_through_json_unchanged() {
    use crate::model::event::Severity;
    use crate::model::plan::Kind;
    use crate::tui::keys::{Code, Key};
    use std::time::Duration;
    let key = |key| Msg::Key { key, at: Duration::from_micros(1_234_567) };
    for msg in [
        key(Key::char('日')),
        key(Key::ctrl('c')),
        key(Key { alt: true, ..Key::of(Code::BackTab) }),
        Msg::Paste("a\u{1b}\"\n".into()),
        Msg::Resize { width: 1, height: u16::MAX },
        Msg::Tick("2026-03-14T02:14:31.123456789Z".parse().unwrap()),
        Msg::Planned { kind: Kind::ForcedFailover, region: "eu-west-1".into(), plan: Err("why".into()) },
        Msg::Faults(Err("no answer".into())),
        Msg::Notice { severity: Severity::Bad, text: "no".into() },
        Msg::Speed(f64::INFINITY),
        Msg::FocusLost,
        Msg::FocusGained,
    ] {
        assert_eq!(through(&msg), msg);
    }
}
