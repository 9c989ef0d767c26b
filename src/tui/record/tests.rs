use super::read::{Log, ReadError};
use super::replay::Replay;
use super::write::{RecordError, Recorder};
use crate::host::Clock;
use crate::host::disk::RealDisk;
use crate::tui::keys::{Code, Key};
use crate::tui::msg::Msg;
use crate::tui::run::Setup;
use crate::tui::scenes::{self, Scene};
use crate::tui::theme::Themes;
use crate::tui::update::update;
use crate::tui::{Mode, Model};
use std::io::{self, Write};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// A file in memory, which is full at some size.
#[derive(Clone)]
struct File {
    bytes: Arc<Mutex<Vec<u8>>>,
    room: usize,
}

impl File {
    fn new(room: usize) -> Self {
        Self { bytes: Arc::default(), room }
    }

    fn bytes(&self) -> Vec<u8> {
        self.bytes.lock().unwrap().clone()
    }
}

impl Write for File {
    fn write(&mut self, more: &[u8]) -> io::Result<usize> {
        let mut bytes = self.bytes.lock().unwrap();
        let fits = more.len().min(self.room - bytes.len());
        if fits == 0 && !more.is_empty() {
            return Err(io::Error::from(io::ErrorKind::StorageFull));
        }
        bytes.extend_from_slice(&more[..fits]);
        Ok(fits)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn setup() -> Setup {
    let mode = Mode::Simulated { seed: 7, speed: 10.0 };
    Setup { writable: true, ..Setup::of(&crate::config::simulated(), mode, Clock::wall()) }
}

/// Everything that the scenes show, one after the other, with keys between.
fn messages() -> Vec<(Duration, Msg)> {
    let mut msgs = vec![Msg::Tick(scenes::now())];
    for scene in Scene::ALL {
        let model = scene.model();
        msgs.extend(model.snapshot.map(Msg::Snapshot));
        msgs.push(Msg::Operations(model.operations));
        msgs.extend(model.faults.map(Msg::Faults));
    }
    for key in [Key::char('!'), Key::of(Code::Down), Key::of(Code::Esc), Key::char('t'), Key::of(Code::Down)] {
        msgs.push(Msg::Key { key, at: Duration::from_millis(msgs.len() as u64 * 500) });
    }
    msgs.push(Msg::Resize { width: 100, height: 30 });
    msgs.into_iter().enumerate().map(|(place, msg)| (Duration::from_millis(place as u64 * 500), msg)).collect()
}

/// The model after each of these.
fn models(mut model: Model, msgs: &[(Duration, Msg)]) -> Vec<Model> {
    let after = |(_, msg): &(Duration, Msg)| {
        update(&mut model, msg.clone());
        model.clone()
    };
    msgs.iter().map(after).collect()
}

fn recorded(file: &File, msgs: &[(Duration, Msg)]) -> Model {
    let recorder = Recorder::to(Box::new(file.clone())).unwrap();
    let head = setup().head(120, 36);
    let model = head.model();
    recorder.begin(head);
    for (at, msg) in msgs {
        recorder.add(*at, msg);
    }
    recorder.finish();
    assert_eq!(recorder.stopped(), None);
    model
}

#[test]
fn what_was_recorded_is_read_and_played_again() {
    let (file, msgs) = (File::new(usize::MAX), messages());
    let began = recorded(&file, &msgs);
    let bytes = file.bytes();
    let read: Vec<_> = Log::open("x.jsonl", &bytes[..]).unwrap().map(Result::unwrap).collect();
    assert_eq!(read, msgs);
    let patches = String::from_utf8(bytes.clone()).unwrap().matches(r#""patch":{"of":"Snapshot""#).count();
    assert!(patches > 20, "{patches} snapshots are patches");

    let mut replay = Replay::of(Log::open("x.jsonl", &bytes[..]).unwrap());
    assert_eq!(replay.model(), &began);
    for wanted in models(began, &msgs) {
        assert!(replay.step().unwrap());
        assert_eq!(replay.model(), &wanted);
    }
    let themes = Themes::built_in();
    let last = replay.model();
    assert_eq!(replay.frame(&themes), scenes::draw(last, &themes.named(&last.theme), 100, 30));
    assert!(!replay.step().unwrap() && !replay.cut());
}

#[test]
fn a_replay_goes_to_any_time() {
    let (file, msgs) = (File::new(usize::MAX), messages());
    let models = models(recorded(&file, &msgs), &msgs);
    let bytes = file.bytes();
    let mut replay = Replay::of(Log::open("x.jsonl", &bytes[..]).unwrap());
    for (ms, place) in [(0, 0), (1_499, 2), (1_500, 3), (1_500, 3), (10_100, 20), (u64::MAX, msgs.len() - 1)] {
        replay.until(Duration::from_millis(ms)).unwrap();
        assert_eq!((replay.at(), replay.model()), (msgs[place].0, &models[place]));
    }
}

#[test]
fn a_recording_that_was_cut_off_is_read_to_its_last_whole_line() {
    let (file, msgs) = (File::new(usize::MAX), messages());
    recorded(&file, &msgs[..6]);
    let bytes = file.bytes();
    let last = bytes[..bytes.len() - 1].iter().rposition(|byte| *byte == b'\n').unwrap() + 1;
    for end in (last..bytes.len()).step_by(97).chain([bytes.len() - 2]) {
        let mut log = Log::open("x.jsonl", &bytes[..end]).unwrap();
        let read: Vec<_> = log.by_ref().map(Result::unwrap).collect();
        assert_eq!((read.len(), log.cut()), (5, end > last), "cut at {end} of {last} to {}", bytes.len());
    }
    let whole: Vec<_> = Log::open("x.jsonl", &bytes[..bytes.len() - 1]).unwrap().collect();
    assert_eq!(whole.len(), 6, "only the line feed is missing");
}

#[test]
fn what_is_wrong_is_said_with_its_line() {
    let file = File::new(usize::MAX);
    recorded(&file, &messages()[..1]);
    let head = String::from_utf8(file.bytes()).unwrap().lines().next().unwrap().to_string();
    let error = |text: &str| match Log::open("x.jsonl", text.as_bytes()) {
        Err(error) => error.to_string(),
        Ok(log) => {
            log.map(|line| line.map(|_| ())).find_map(Result::err).map_or("none".into(), |error| error.to_string())
        }
    };
    assert_eq!(error(""), "x.jsonl:1: not a recording of the console: it is empty");
    assert_eq!(error("{}\n"), "x.jsonl:1: not a recording of the console: missing field `tandem_recording`, column 2");
    let of_tomorrow = head.replace(r#""tandem_recording":1"#, r#""tandem_recording":2"#);
    assert_eq!(error(&of_tomorrow), "x.jsonl:1: a recording of format 2; this Tandem reads format 1");
    for (line, wanted) in [
        ("{\"ms\":1,\"msg\":\"FocusLost\"", "EOF while parsing an object, column"),
        (r#"{"ms":1}"#, "neither a message nor a patch, or both"),
        (r#"{"ms":1,"patch":{"of":"Snapshot","by":[]}}"#, "a patch of Snapshot, of which nothing was told before"),
        (r#"{"ms":1,"msg":{"Speed":"fast"}}"#, "did not match any variant"),
        (r#"{"ms":-1,"msg":"FocusLost"}"#, "invalid value: integer `-1`"),
        ("", "EOF while parsing"),
    ] {
        let said = error(&format!("{head}\n{{\"ms\":0,\"msg\":\"FocusLost\"}}\n{line}\n"));
        assert!(said.starts_with("x.jsonl:3: ") && said.contains(wanted), "{line}: {said}");
    }
    let misfit = r#"{"ms":2,"patch":{"of":"Faults","by":[{"op":"remove","path":"/Ok"}]}}"#;
    let said = error(&format!("{head}\n{{\"ms\":0,\"msg\":{{\"Faults\":{{\"Err\":\"no\"}}}}}}\n{misfit}\n"));
    assert!(said.starts_with("x.jsonl:3: the patch of Faults does not fit: "), "{said}");
}

#[test]
fn a_full_disk_stops_the_recording_and_what_there_is_can_be_read() {
    let (file, msgs) = (File::new(60_000), messages());
    let recorder = Recorder::to(Box::new(file.clone())).unwrap();
    recorder.begin(setup().head(120, 36));
    for (at, msg) in &msgs {
        recorder.add(*at, msg);
    }
    recorder.finish();
    assert_eq!(recorder.stopped(), Some("no storage space"));
    recorder.add(Duration::ZERO, &Msg::FocusLost);
    recorder.finish();
    let mut log = Log::open("x.jsonl", io::Cursor::new(file.bytes())).unwrap();
    let read: Vec<_> = log.by_ref().collect::<Result<_, ReadError>>().unwrap();
    assert!(log.cut() && !read.is_empty() && read.len() < msgs.len());
    assert_eq!(read, msgs[..read.len()]);
}

#[test]
fn nothing_is_overwritten() {
    let folder = std::env::temp_dir().join(format!("tandem-record-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("a.jsonl");
    Recorder::create(&RealDisk, &path).unwrap().finish();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
    let error = Recorder::create(&RealDisk, &path).unwrap_err();
    assert!(matches!(error, RecordError::Exists(_)), "{error}");
    let error = Recorder::create(&RealDisk, &folder.join("no/such/folder.jsonl")).unwrap_err();
    assert!(matches!(error, RecordError::Create { .. }), "{error}");
    std::fs::remove_dir_all(&folder).unwrap();
}
