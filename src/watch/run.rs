//! The loop: look, tell, read, decide, act. It ends when it is told to, and at nothing else.

use super::act::Hands;
use super::armed::Armed;
use super::board::{self, Board, Lives, Post};
use super::doubt::{Paper, Steady};
use super::leader::{Leader, Leading};
use super::log::Log;
use super::probe::{Prober, place_near};
use super::report::Report;
use crate::cloud::Aws;
use crate::control::journal::Journal;
use crate::control::lease::{Holder, Table};
use crate::host::Clock;
use crate::model::event::{Event, Severity};
use crate::model::observed::elapsed;
use crate::model::outcome::{CallError, ErrorClass};
use crate::model::place::Place;
use crate::model::spec::Spec;
use crate::model::stack::Stack;
use crate::model::watch::ROUND;
use crate::model::watch::decide::{Decision, Inputs, Judgement, Refusal, State, step};
use crate::model::watch::evidence::{Evidence, Look};
use crate::model::watch::inputs::{Database, evacuated};
use crate::model::watch::rules::{CLOCK, STORE};
use crate::model::watch::window::Standing;
use crate::observe::Observer;
use crate::operate::run::Operator;
use crate::probe::Vantage;
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;

/// How long the board may take to be written and read: with the look, less than a round that could be missed.
const WITHIN: Duration = Duration::from_secs(8);
/// The disk is tried every so many rounds.
const PAPER_ROUNDS: u64 = 6;
/// At least this lies between two rounds.
const BREATH: Duration = Duration::from_secs(1);

/// What a watcher works with.
pub struct Crew {
    pub aws: Aws,
    pub vantage: Arc<dyn Vantage>,
    pub clock: Clock,
    pub spec: Spec,
    /// The Region that it looks from: one of the spec's vantages.
    pub me: String,
    /// `alice@laptop`
    pub who: String,
    /// Of this process: chance, so that no other is taken for it.
    pub id: String,
    pub journal: Journal,
    /// Where it is tried whether the journal could be written; `None`: nothing is kept.
    pub paper: Option<Paper>,
}

/// Watches until `ended`. The lease is given back then, and no further call of an operation is sent.
pub async fn watch(crew: Crew, log: Log, ended: impl Future<Output = ()>) {
    let clock = crew.clock.clone();
    let mut room = Room::begin(crew, log);
    let mut ended = std::pin::pin!(ended);
    loop {
        let began = clock.now();
        tokio::select! {
            biased;
            () = &mut ended => break,
            () = room.round() => {}
        }
        let wait = ROUND.saturating_sub(elapsed(began, clock.now())).max(BREATH);
        tokio::select! {
            biased;
            () = &mut ended => break,
            () = clock.sleep(wait) => {}
        }
    }
    room.end().await;
}

struct Room {
    me: String,
    who: String,
    id: String,
    clock: Clock,
    stack: Arc<Stack>,
    expected: Vec<String>,
    table: Table,
    aws: Aws,
    observer: Observer,
    operator: Operator,
    hands: Hands,
    events: mpsc::Receiver<Event>,
    leader: Leader,
    prober: Prober,
    armed: Armed,
    steady: Steady,
    paper: Option<Paper>,
    lives: Lives,
    state: State,
    last: Judgement,
    rounds: u64,
    report: Report,
}

impl Room {
    fn begin(crew: Crew, log: Log) -> Self {
        let Crew { aws, vantage, clock, spec, me, who, id, journal, paper } = crew;
        let stack = spec.stack.clone();
        let table = Table { name: stack.control_table(), regions: order(&spec, &me) };
        let observer = Observer::start(aws.clone(), vantage.clone(), clock.clone(), stack.clone(), true);
        // a quiet stack needs half of the looks
        observer.attend(false);
        let (told, events) = mpsc::channel(64);
        let (snapshots, refresh) = (observer.snapshots(), observer.refresh());
        let named = format!("watcher {me} ({who})");
        let operator = Operator::new(aws.clone(), clock.clone(), stack.clone(), snapshots, told, refresh, journal)
            .sharing(table.clone(), Holder { who: named.clone(), id: id.clone(), what: "watcher".into() });
        let holder = Holder { who: who.clone(), id: id.clone(), what: format!("watches from {me}") };
        let leader = Leader::start(aws.clone(), clock.clone(), table.clone(), holder);
        let anywhere = || Place { name: "here".into(), continent: String::new(), subnet: Ipv4Addr::UNSPECIFIED };
        let place = place_near(&me, &vantage.places()).unwrap_or_else(anywhere);
        let stack = Arc::new(stack);
        let prober = Prober {
            aws: aws.clone(),
            vantage,
            clock: clock.clone(),
            stack: stack.clone(),
            table: table.clone(),
            place,
        };
        let mut room = Self {
            hands: Hands::new(operator.clone(), aws.clone(), clock.clone(), &stack, named),
            armed: Armed::new(aws.clone(), clock.clone(), me.clone(), stack.name.clone()),
            steady: Steady::new(clock.clone()),
            expected: spec.vantages().into_iter().map(String::from).collect(),
            report: Report::new(log),
            me,
            who,
            id,
            clock,
            stack,
            table,
            aws,
            observer,
            operator,
            events,
            leader,
            prober,
            paper,
            lives: Lives::default(),
            state: State::default(),
            last: Judgement::default(),
            rounds: 0,
        };
        room.report.begin(room.clock.now(), &room.me, &room.stack, &room.expected);
        room
    }

    async fn round(&mut self) {
        self.rounds += 1;
        let mut doubts = self.doubts();
        let look = self.prober.look().await;
        while let Ok(event) = self.events.try_recv() {
            self.report.say(event.at, event.severity, event.text);
        }
        let snapshot = self.observer.snapshots().borrow().clone();
        let mine = Evidence::of(&look, &snapshot.proof, self.clock.now());
        let table = answering_first(&self.table, &look);
        let board = match self.exchange(&table, &mine).await {
            Ok(board) => board,
            Err(why) => {
                doubts.push(Refusal::new(STORE, format!("the control table does not answer: {why}")));
                Board::default()
            }
        };
        let now = self.clock.now();
        let others: Vec<Post> = board.posts.into_iter().filter(|post| post.vantage != self.me).collect();
        self.lives.note(&others, now);
        let mut evidence = self.lives.evidence(&others, &self.expected, now);
        evidence.insert(self.me.clone(), mine);
        let (evacuated, database) = (evacuated(&snapshot, now), Database::seen(&snapshot, now));
        let inputs = Inputs {
            stack: &self.stack,
            me: &self.me,
            evidence: &evidence,
            doubts: &doubts,
            off: board.off.as_ref(),
            promoted: board.promoted.as_ref(),
            evacuated: &evacuated,
            database: &database,
        };
        let (state, judged) = step(std::mem::take(&mut self.state), inputs, now);
        self.state = state;
        let leading = self.leader.leading();
        self.armed.tell(judged.disarmed.is_empty());
        self.report.round(now, &judged, &leading, &evidence, &self.expected);
        for text in self.hands.tidy(&table).await {
            self.report.say(now, Severity::Bad, text);
        }
        if let Leading::Yes(token) = leading {
            for decision in &judged.decisions {
                let (act, ended) = match decision {
                    // it may be what the operation is about
                    Decision::Withhold { .. } if self.hands.open().is_some() => continue,
                    Decision::Withhold { act, why } => (act, Err(why.clone())),
                    Decision::Do { act, why } => {
                        self.report.decided(now, act, why);
                        let begun = self.hands.carry_out(&table, act, board.promoted.as_ref(), token).await;
                        (act, begun.map_err(|why| vec![why]))
                    }
                };
                self.report.acted(self.clock.now(), act, ended);
            }
        }
        let troubled = judged.standings.values().any(|standing| *standing != Standing::Serves);
        self.observer.busy(troubled || self.hands.open().is_some());
        self.report.settle();
        self.last = judged;
    }

    fn doubts(&mut self) -> Vec<Refusal> {
        let clock = self.steady.doubt().map(|why| Refusal::new(CLOCK, why));
        let due = self.rounds % PAPER_ROUNDS == 1 || self.last.disarmed.iter().any(|refusal| refusal.rule == "disk");
        let disk = self.paper.as_ref().filter(|_| due).and_then(|paper| paper.doubt(self.clock.now()));
        clock.into_iter().chain(disk.map(|why| Refusal::new("disk", why))).collect()
    }

    /// Posts what is seen here, and reads what stands there.
    async fn exchange(&self, table: &Table, mine: &Evidence) -> Result<Board, CallError> {
        let post = Post {
            vantage: self.me.clone(),
            id: self.id.clone(),
            who: self.who.clone(),
            counter: self.rounds,
            disarmed: self.last.disarmed.iter().map(|why| why.why.clone()).collect::<Vec<_>>().join("; "),
            evidence: Some(mine.clone()),
        };
        let both = async {
            board::post(&self.aws, table, &post).await?;
            Board::read(&self.aws, table).await
        };
        tokio::select! {
            biased;
            ended = both => ended,
            () = self.clock.sleep(WITHIN) => Err(CallError::new(ErrorClass::Timeout, "")),
        }
    }

    async fn end(mut self) {
        for run in self.operator.leave() {
            let text = format!("{} is left as it stands: no further call is sent", run.name());
            self.report.say(self.clock.now(), Severity::Warn, text);
        }
        let leads = matches!(self.leader.leading(), Leading::Yes(_));
        self.leader.end().await;
        let text = if leads { "ends, and gives the lead back" } else { "ends" };
        self.report.say(self.clock.now(), Severity::Info, text.into());
    }
}

/// The Regions of the control table in the order in which they are asked: one's own, then those that are lost with
/// nothing else.
fn order(spec: &Spec, me: &str) -> Vec<String> {
    let mut regions = spec.control_regions.clone();
    regions.sort_by_key(|region| (region != me, spec.region_names().any(|name| name == region)));
    regions
}

/// The same with those first that answered just now: a round does not wait for those that did not.
fn answering_first(table: &Table, look: &Look) -> Table {
    let mut table = table.clone();
    table.regions.sort_by_key(|region| !look.replicas.get(region).copied().unwrap_or(false));
    table
}
