use super::*;
use crate::model::outcome::Outcome;
use proptest::prelude::*;
use std::collections::BTreeMap;

/// A disk in memory; a file takes so many bytes, then it is full.
#[derive(Clone, Default)]
struct Paper {
    files: Arc<Mutex<BTreeMap<PathBuf, Vec<u8>>>>,
    room: Option<usize>,
}

struct Sheet(Paper, PathBuf);

impl Durable for Sheet {
    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        let mut files = self.0.files.lock().unwrap();
        let file = files.entry(self.1.clone()).or_default();
        let fits = self.0.room.map_or(bytes.len(), |room| room.saturating_sub(file.len()).min(bytes.len()));
        file.extend_from_slice(&bytes[..fits]);
        if fits < bytes.len() { Err(io::ErrorKind::StorageFull.into()) } else { Ok(()) }
    }
}

impl Disk for Paper {
    fn read(&self, path: &Path) -> io::Result<String> {
        String::from_utf8(self.read_bytes(path)?).map_err(|_| io::ErrorKind::InvalidData.into())
    }

    fn read_bytes(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.files.lock().unwrap().get(path).cloned().ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn list(&self, _: &Path) -> io::Result<Vec<PathBuf>> {
        Ok(self.files.lock().unwrap().keys().cloned().collect())
    }

    fn create_durable(&self, path: &Path) -> io::Result<Box<dyn Durable>> {
        Ok(Box::new(Sheet(self.clone(), path.to_path_buf())))
    }
}

fn now() -> Timestamp {
    crate::model::fixtures::now()
}

fn some() -> Vec<What> {
    let of = CallOf { operation: 1, step: 0, call: 0 };
    vec![
        What::Started {
            operation: 1,
            title: "Evacuate us-east-1\nby switch".into(),
            region: "us-east-1".into(),
            plan: "c2f2".into(),
            account: Some("123456789012".into()),
            as_: None,
        },
        What::Sending { of, region: "eu-west-1".into(), command: "aws elbv2 modify-rule".into() },
        What::Ended { of, outcome: Outcome::Done { request_id: Some("r-1".into()) } },
        What::Over { operation: 1, state: "completed".into() },
    ]
}

fn written(paper: &Paper) -> Vec<u8> {
    let journal = Journal::begin(paper, Path::new("w"), 7, now(), "alice").unwrap();
    for what in some() {
        journal.write(now(), what).unwrap();
    }
    paper.read_bytes(&journal.path().unwrap()).unwrap()
}

#[test]
fn what_is_written_is_read_back_in_order() {
    let paper = Paper::default();
    written(&paper);
    let read = all(&paper, Path::new("w")).unwrap();
    assert_eq!(read.len(), 1);
    assert_eq!(read[0].path, Path::new("w/20260105T140000Z-7.journal"));
    assert_eq!(read[0].broken, None);
    let told: Vec<What> = read[0].records.iter().map(|record| record.what.clone()).skip(1).collect();
    assert_eq!(told, some());
}

#[test]
fn a_full_disk_is_told_and_leaves_what_was_written() {
    let paper = Paper { room: Some(300), ..Paper::default() };
    let journal = Journal::begin(&paper, Path::new("w"), 7, now(), "alice").unwrap();
    let results: Vec<bool> = some().into_iter().map(|what| journal.write(now(), what).is_ok()).collect();
    assert!(results.contains(&false));
    let read = all(&paper, Path::new("w")).unwrap().remove(0);
    assert!(!read.records.is_empty());
    assert!(matches!(read.broken, Some(Broken::Torn(_))), "{read:?}");
}

#[test]
fn a_newer_format_is_refused_in_words() {
    let began = Record {
        seq: 0,
        at: now(),
        what: What::Began { version: VERSION + 1, tandem: "9.0.0".into(), who: "alice".into() },
    };
    let (records, broken) = read::records(frame::of(&serde_json::to_string(&began).unwrap()).as_bytes());
    assert_eq!((records.len(), broken), (0, Some(Broken::Newer { found: VERSION + 1 })));
}

#[test]
fn off_keeps_nothing() {
    Journal::off().write(now(), some().remove(0)).unwrap();
    assert_eq!(Journal::off().path(), None);
}

proptest! {
    /// Wherever the power fails, all records before that are read, and none that was not written.
    #[test]
    fn a_cut_loses_only_the_last(at in 0_usize..2000) {
        let bytes = written(&Paper::default());
        let cut = at.min(bytes.len());
        let (whole, _) = read::records(&bytes);
        let (read, broken) = read::records(&bytes[..cut]);
        prop_assert_eq!(&read[..], &whole[..read.len()]);
        let complete = bytes[..cut].iter().filter(|byte| **byte == b'\n').count();
        prop_assert_eq!(read.len(), complete);
        prop_assert_eq!(broken.is_some(), cut != 0 && bytes[cut - 1] != b'\n');
    }

    /// A bit that flips is found: everything before it is read, nothing after it is believed.
    #[test]
    fn a_flipped_bit_is_found(at in 0_usize..2000, bit in 0_u8..8) {
        let mut bytes = written(&Paper::default());
        let (whole, _) = read::records(&bytes);
        let place = at % bytes.len();
        bytes[place] ^= 1 << bit;
        let (read, broken) = read::records(&bytes);
        prop_assert!(broken.is_some());
        prop_assert!(read.len() < whole.len());
        prop_assert_eq!(&read[..], &whole[..read.len()]);
    }
}
