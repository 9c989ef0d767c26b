//! The table of heartbeats, and the two users that are let in to it: one that writes them and one that reads them.
//! Neither may do anything else, so that what proves the database can never harm it.

use super::super::super::given::{Given, Missing};
use super::super::super::part::Part;
use super::secret::User;
use crate::cloud::Aws;
use crate::cloud::look::rdsdata::{CLOSED, HeartbeatsOf, UNAVAILABLE, heartbeats};
use crate::model::call::Call;
use crate::model::deploy::{Difference, Next, Ready, Seen};
use crate::model::outcome::CallError;
use crate::model::spec::Spec;
use crate::model::stack::Stack;
use crate::probe::Boxed;
use serde_json::{Value, json};
use std::collections::BTreeMap;

pub const TABLE: &str = "tandem_heartbeat";
const INDEX: &str = "tandem_heartbeat_at";

/// A user, and what it may do with the table: a heartbeat is read where it may be there already.
const USERS: [(User, &[&str]); 2] = [(User::Heartbeat, &["INSERT", "SELECT"]), (User::Reader, &["SELECT"])];

pub struct Users {
    home: String,
    regions: Vec<String>,
    of: HeartbeatsOf,
    /// By user, as references.
    passwords: BTreeMap<&'static str, String>,
}

impl Users {
    pub fn new(spec: &Spec) -> Self {
        let secret = |(user, _): (User, _)| (user.name().to_string(), user.secret(spec));
        Self {
            home: spec.home().into(),
            regions: spec.region_names().map(str::to_string).collect(),
            of: HeartbeatsOf {
                global: spec.stack.global_cluster(),
                master: User::Master.secret(spec),
                database: Stack::DATABASE.into(),
                table: TABLE.into(),
                users: USERS.map(secret).into(),
            },
            passwords: USERS.map(|(user, _)| (user.name(), user.password(spec))).into(),
        }
    }

    fn statement(&self, region: &str, cluster: &str, sql: String) -> Call {
        let (master, database) = (&self.of.master, &self.of.database);
        let input = json!({ "resourceArn": cluster, "secretArn": master, "database": database, "sql": sql });
        Call::request(region, "rds-data", "ExecuteStatement", input)
    }

    fn password(&self, user: &str) -> &str {
        self.passwords.get(user).map_or("", String::as_str)
    }

    /// The statement that comes next; the order is that of what each needs.
    fn next(&self, is: &Value) -> Option<String> {
        if is["Indexes"][INDEX] != true {
            return Some(format!("CREATE INDEX IF NOT EXISTS {INDEX} ON {TABLE} (at)"));
        }
        for (user, may) in USERS {
            let (name, has) = (user.name(), &is["Users"][user.name()]);
            let password = self.password(name);
            if has.is_null() {
                return Some(format!("CREATE ROLE {name} LOGIN PASSWORD '{password}'"));
            }
            if may.iter().any(|word| has[word] != true) {
                return Some(format!("GRANT {} ON {TABLE} TO {name}", may.join(", ")));
            }
            if is["Opens"][name] != true {
                return Some(format!("ALTER ROLE {name} LOGIN PASSWORD '{password}'"));
            }
        }
        None
    }
}

impl Part for Users {
    fn look<'a>(&'a self, aws: &'a Aws, _: &'a Given) -> Boxed<'a, Result<Seen, CallError>> {
        Box::pin(heartbeats(aws, &self.regions, &self.of))
    }

    fn want(&self, _: &Given) -> Result<Value, Missing> {
        let may = |(user, may): (User, &'static [&'static str])| {
            let words: BTreeMap<&'static str, bool> = may.iter().map(|word| (*word, true)).collect();
            (user.name(), words)
        };
        Ok(json!({
            "Indexes": { INDEX: true },
            "Users": BTreeMap::from(USERS.map(may)),
            "Opens": BTreeMap::from(USERS.map(|(user, _)| (user.name(), true))),
        }))
    }

    /// The table, at the member that writes. The rest is mended.
    fn create(&self, _: &Value, given: &Given) -> Result<Call, Missing> {
        let (region, cluster) = match (given.of("global-db", "writer"), given.of("global-db", "writer_arn")) {
            (Ok(region), Ok(arn)) => (region, arn),
            _ => (self.home.as_str(), given.of(&format!("{}/db", self.home), "arn")?),
        };
        let sql = format!(
            "CREATE TABLE IF NOT EXISTS {TABLE} (vantage text, seq bigint, epoch bigint, at timestamptz DEFAULT now(), PRIMARY KEY (vantage, seq))"
        );
        Ok(self.statement(region, cluster, sql))
    }

    fn ready(&self, seen: &Seen) -> Ready {
        match seen.state.as_str() {
            UNAVAILABLE => Ready::NotYet(seen.gift("why").into()),
            CLOSED => Ready::Failed(format!("closed to its owner: {}", seen.gift("why"))),
            _ => Ready::Yes,
        }
    }

    fn update(&self, _: &Value, seen: &Seen, _: &[Difference], _: &Given) -> Result<Next, Missing> {
        let sql = self.next(&seen.is);
        let statement = |sql| Next::Send(self.statement(seen.gift("writer"), seen.gift("writer_arn"), sql));
        Ok(sql.map_or(Next::Done, statement))
    }

    /// They go with the database.
    fn remove(&self, _: &Seen, _: &Given) -> Result<Next, Missing> {
        Ok(Next::Done)
    }

    fn goes_along(&self) -> bool {
        true
    }

    fn tagged(&self) -> bool {
        false
    }
}
