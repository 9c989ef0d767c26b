//! What is said and what comes of it.
#![allow(clippy::unwrap_used)]

mod access;

use super::*;
use proptest::prelude::*;
use std::time::Duration;

/// 2026-01-05T14:00:00Z.
const NOW: Moment = Moment::START;

fn run(store: &mut Database, sql: &str) -> Result<Outcome, SqlError> {
    store.execute(sql, &Parameters::new(), NOW)
}

fn good(store: &mut Database, sql: &str) -> Outcome {
    run(store, sql).unwrap_or_else(|error| panic!("{sql}: {error}"))
}

/// Two tables with something in them.
fn store() -> Database {
    let mut store = Database::default();
    for sql in [
        "CREATE TABLE beat (vantage text, seq bigint, epoch integer NOT NULL DEFAULT 1, ms double precision, \
         ok boolean DEFAULT true, at timestamptz DEFAULT now(), note varchar(5) UNIQUE, PRIMARY KEY (vantage, seq))",
        "INSERT INTO beat (vantage, seq, ms, note) VALUES ('eu', 1, 10.5, 'a'), ('eu', 2, 20, NULL), ('us', 1, NULL, 'c')",
        "CREATE TABLE nothing (id integer PRIMARY KEY, n integer)",
    ] {
        good(&mut store, sql);
    }
    store
}

/// The rows of an answer, values as they are written.
fn shown(outcome: &Outcome) -> String {
    let value = |value: &Value| match value {
        Value::Null => "-".to_string(),
        Value::Text(text) => text.clone(),
        Value::Boolean(b) => b.to_string(),
        Value::Long(n) => n.to_string(),
        Value::Double(x) => format!("{x:?}"),
        Value::Moment(at) => at.iso(),
    };
    let rows: Vec<String> =
        outcome.rows.iter().map(|row| row.iter().map(value).collect::<Vec<_>>().join(" ")).collect();
    rows.join("|")
}

#[test]
fn queries_answer() {
    let cases = [
        ("SELECT 1", "1"),
        ("SELECT now()", "2026-01-05T14:00:00.000Z"),
        ("select current_timestamp", "2026-01-05T14:00:00.000Z"),
        ("SELECT vantage, seq FROM beat", "eu 1|eu 2|us 1"),
        ("SELECT * FROM public.beat WHERE note = 'c'", "us 1 1 - true 2026-01-05T14:00:00.000Z c"),
        ("SELECT b.* FROM beat AS b WHERE b.seq = 2", "eu 2 1 20.0 true 2026-01-05T14:00:00.000Z -"),
        ("SELECT count(*), max(seq), min(vantage), sum(seq), sum(epoch), sum(ms) FROM beat", "3 2 eu 4 3 30.5"),
        ("SELECT count(ms), count(DISTINCT vantage), avg(ms) FROM beat", "2 2 15.25"),
        ("SELECT count(*), max(n), sum(n) FROM nothing", "0 - -"),
        ("SELECT vantage, count(*) AS n FROM beat GROUP BY vantage ORDER BY n DESC, 1", "eu 2|us 1"),
        ("SELECT vantage AS v, max(seq) + 1 FROM beat GROUP BY v HAVING count(*) > 1", "eu 3"),
        ("SELECT id FROM nothing GROUP BY id", ""),
        ("SELECT DISTINCT vantage FROM beat ORDER BY vantage DESC", "us|eu"),
        ("SELECT ms FROM beat ORDER BY ms", "10.5|20.0|-"),
        ("SELECT ms FROM beat ORDER BY ms DESC", "-|20.0|10.5"),
        ("SELECT ms FROM beat ORDER BY ms DESC NULLS LAST LIMIT 1 OFFSET 1", "10.5"),
        ("SELECT seq FROM beat WHERE vantage = 'eu' AND NOT seq = 1 OR note IS NULL", "2"),
        ("SELECT vantage FROM beat WHERE seq IN (2, 3) AND ms BETWEEN 1 AND 20", "eu"),
        ("SELECT seq FROM beat WHERE ms <> 20", "1"),
        ("SELECT count(*) FROM beat WHERE ms NOT IN (1, NULL)", "0"),
        ("SELECT count(*) FROM beat WHERE ms IS NULL IS NOT TRUE", "2"),
        ("SELECT vantage FROM beat WHERE at > now() - interval '5 minutes' AND seq = 2", "eu"),
        ("SELECT now() - '2026-01-04T12:30:00Z', interval '90' second", "1 day 01:30:00 00:01:30"),
        (
            "SELECT extract(epoch FROM now() - max(at)), date_trunc('day', now()) FROM beat",
            "0.0 2026-01-05T00:00:00.000Z",
        ),
        ("SELECT '7'::bigint + 1, 7 / 2, -7 % 4, 7 / 2.0, CAST(2.5 AS integer), 3.5::int", "8 3 -3 3.5 2 4"),
        (
            "SELECT 1e20::text, 0.00001::text, 1.0::text, true::text, now()::text",
            "1e+20 1e-05 1 true 2026-01-05 14:00:00+00",
        ),
        ("SELECT 'a' || seq || '!' FROM beat WHERE seq = 2", "a2!"),
        (
            "SELECT coalesce(ms, 0), lower('AbC'), upper(vantage), length(vantage), abs(-3) FROM beat WHERE ms IS NULL",
            "0.0 abc US 2 3",
        ),
        ("SELECT vantage FROM beat WHERE vantage LIKE 'e%' AND vantage ILIKE '_U' AND seq = 1", "eu"),
        ("SELECT 'yes'::boolean, 'off'::bool, NULL, 'x'::varchar(3), 'abcdef'::varchar(3)", "true false - x abc"),
        ("SELECT vantage FROM beat WHERE note = 'abcdefgh'", ""),
        ("SELECT note, count(*) FROM beat GROUP BY vantage, seq ORDER BY 1", "a 1|c 1|- 1"),
        ("SELECT abs('-2'), max('x') FROM beat", "2.0 x"),
        ("SELECT 1 WHERE false", ""),
        ("SELECT NULL AND false, NULL OR true, NOT NULL", "false true -"),
        ("SELECT 1 AS one, 2 two ORDER BY one;", "1 2"),
        ("SELECT count(*) FROM beat -- all of them", "3"),
    ];
    for (sql, rows) in cases {
        assert_eq!(shown(&good(&mut store(), sql)), rows, "{sql}");
    }
}

#[test]
fn columns_have_names_and_types() {
    let sql = "SELECT vantage, seq, epoch AS e, ms, ok, at, note, count(*), sum(seq), 'x', 1::bigint, at - at, lower('X') \
               FROM beat GROUP BY 1, 2, 3, 4, 5, 6, 7";
    let columns = good(&mut store(), sql).columns;
    let columns: Vec<String> = columns.iter().map(|(name, kind)| format!("{name} {kind}")).collect();
    assert_eq!(
        columns.join(", "),
        "vantage text, seq int8, e int4, ms float8, ok bool, at timestamptz, note varchar, count int8, sum numeric, \
         ?column? text, int8 int8, ?column? interval, lower text"
    );
}

#[test]
fn writes_count_and_return() {
    let cases = [
        ("INSERT INTO beat VALUES ('ap', 1)", 1, ""),
        (
            "INSERT INTO beat (seq, vantage) VALUES (9, 'ap'), (8, 'ap') RETURNING seq, epoch, ok",
            2,
            "9 1 true|8 1 true",
        ),
        (
            "INSERT INTO beat (vantage, seq) VALUES ('eu', 1), ('ap', 1) ON CONFLICT DO NOTHING RETURNING vantage",
            1,
            "ap",
        ),
        ("INSERT INTO beat (vantage, seq) VALUES ('eu', 1) ON CONFLICT (seq, vantage) DO NOTHING", 0, ""),
        ("INSERT INTO beat (vantage, seq) VALUES ('eu', 1) ON CONFLICT ON CONSTRAINT beat_pkey DO NOTHING", 0, ""),
        (
            "INSERT INTO beat AS b (vantage, seq, ms) VALUES ('eu', 1, 4), ('ap', 1, 5) ON CONFLICT (vantage, seq) \
             DO UPDATE SET ms = EXCLUDED.ms, epoch = b.epoch + 1 RETURNING vantage, ms, epoch",
            2,
            "eu 4.0 2|ap 5.0 1",
        ),
        (
            "INSERT INTO beat (vantage, seq, ms) VALUES ('eu', 1, 4) ON CONFLICT (vantage, seq) \
             DO UPDATE SET ms = EXCLUDED.ms WHERE beat.ms > 100",
            0,
            "",
        ),
        ("UPDATE beat SET ms = 1, epoch = epoch + seq WHERE vantage = 'eu' RETURNING seq, epoch", 2, "1 2|2 3"),
        ("UPDATE beat SET note = DEFAULT, epoch = 7", 3, ""),
        ("UPDATE beat SET ms = '5' WHERE seq = 99", 0, ""),
        ("DELETE FROM beat WHERE seq = 1 RETURNING vantage", 2, "eu|us"),
        ("DELETE FROM beat", 3, ""),
        ("DROP TABLE beat", 0, ""),
        ("DROP TABLE IF EXISTS absent, beat", 0, ""),
        ("CREATE TABLE IF NOT EXISTS beat (other text)", 0, ""),
        ("INSERT INTO beat (vantage, seq, at) VALUES ('x', 3.4, '2026-01-05')", 1, ""),
    ];
    for (sql, updated, rows) in cases {
        let outcome = good(&mut store(), sql);
        assert_eq!((outcome.updated, shown(&outcome).as_str()), (updated, rows), "{sql}");
    }
}

#[test]
fn refusals_are_postgres_own() {
    let cases = [
        ("SELECT * FROM absent", "42P01", "relation \"absent\" does not exist"),
        ("INSERT INTO absent VALUES (1)", "42P01", "relation \"absent\" does not exist"),
        ("DROP TABLE absent", "42P01", "table \"absent\" does not exist"),
        ("SELECT x.seq FROM beat", "42P01", "missing FROM-clause entry for table \"x\""),
        ("SELECT * FROM other.beat", "42P01", "relation \"other.beat\" does not exist"),
        ("SELECT nope FROM nothing", "42703", "column \"nope\" does not exist"),
        ("SELECT nothing.nope FROM nothing", "42703", "column nothing.nope does not exist"),
        ("INSERT INTO nothing (nope) VALUES (1)", "42703", "column \"nope\" of relation \"nothing\" does not exist"),
        ("UPDATE nothing SET nope = 1", "42703", "column \"nope\" of relation \"nothing\" does not exist"),
        ("CREATE TABLE nothing (id integer)", "42P07", "relation \"nothing\" already exists"),
        ("CREATE TABLE t (a text, a text)", "42701", "column \"a\" specified more than once"),
        (
            "CREATE TABLE t (a text PRIMARY KEY, PRIMARY KEY (a))",
            "42P16",
            "multiple primary keys for table \"t\" are not allowed",
        ),
        ("CREATE TABLE t (PRIMARY KEY (b), a text)", "42703", "column \"b\" named in key does not exist"),
        ("CREATE TABLE t (a bigint DEFAULT 'x')", "22P02", "invalid input syntax for type bigint: \"x\""),
        ("SELEC 1", "42601", "syntax error at or near \"SELEC\""),
        ("SELECT FROM WHERE", "42601", "syntax error at or near \"WHERE\""),
        ("SELECT 1 +", "42601", "syntax error at end of input"),
        ("", "42601", "syntax error at end of input"),
        ("INSERT INTO nothing VALUES (1, 2, 3)", "42601", "INSERT has more expressions than target columns"),
        ("INSERT INTO nothing (id, n) VALUES (1)", "42601", "INSERT has more target columns than expressions"),
        ("INSERT INTO nothing VALUES (1), (2, 3)", "42601", "VALUES lists must all be the same length"),
        ("INSERT INTO nothing (id, id) VALUES (1, 1)", "42701", "column \"id\" specified more than once"),
        (
            "INSERT INTO nothing (n) VALUES (1)",
            "23502",
            "null value in column \"id\" of relation \"nothing\" violates not-null constraint; \
             Detail: Failing row contains (null, 1).",
        ),
        (
            "INSERT INTO nothing VALUES (1, 1), (1, 2)",
            "23505",
            "duplicate key value violates unique constraint \"nothing_pkey\"; Detail: Key (id)=(1) already exists.",
        ),
        (
            "UPDATE beat SET note = 'c' WHERE note = 'a'",
            "23505",
            "duplicate key value violates unique constraint \"beat_note_key\"; Detail: Key (note)=(c) already exists.",
        ),
        (
            "INSERT INTO beat (vantage, seq, note) VALUES ('x', 1, 'a') ON CONFLICT (vantage, seq) DO NOTHING",
            "23505",
            "duplicate key value violates unique constraint \"beat_note_key\"; Detail: Key (note)=(a) already exists.",
        ),
        (
            "INSERT INTO nothing VALUES (1, 1), (1, 2) ON CONFLICT (id) DO UPDATE SET n = 1",
            "21000",
            "ON CONFLICT DO UPDATE command cannot affect row a second time; Hint: Ensure that no rows proposed for insertion within the same command have duplicate constrained values.",
        ),
        (
            "INSERT INTO nothing VALUES (1, 1), (1, 2) ON CONFLICT (id) DO UPDATE SET n = 1 WHERE false",
            "21000",
            "ON CONFLICT DO UPDATE command cannot affect row a second time; Hint: Ensure that no rows proposed for insertion within the same command have duplicate constrained values.",
        ),
        (
            "INSERT INTO nothing VALUES (1) ON CONFLICT (n) DO NOTHING",
            "42P10",
            "there is no unique or exclusion constraint matching the ON CONFLICT specification",
        ),
        (
            "INSERT INTO nothing VALUES (1) ON CONFLICT DO UPDATE SET n = 1",
            "42601",
            "ON CONFLICT DO UPDATE requires inference specification or constraint name; Hint: For example, ON CONFLICT (column_name).",
        ),
        (
            "INSERT INTO nothing VALUES (1) ON CONFLICT (id) DO UPDATE SET n = n + 1",
            "42702",
            "column reference \"n\" is ambiguous",
        ),
        ("SELECT id FROM nothing WHERE id = 'x'", "22P02", "invalid input syntax for type integer: \"x\""),
        ("SELECT 'x'::timestamptz", "22007", "invalid input syntax for type timestamp with time zone: \"x\""),
        ("INSERT INTO nothing VALUES (2147483648)", "22003", "integer out of range"),
        ("SELECT '2147483648'::integer", "22003", "value \"2147483648\" is out of range for type integer"),
        ("SELECT 2147483647 + 1", "22003", "integer out of range"),
        ("SELECT 1 / 0", "22012", "division by zero"),
        ("SELECT - NULL", "42725", "operator is not unique: - unknown"),
        ("SELECT sum('1') FROM beat", "42725", "function sum(unknown) is not unique"),
        (
            "INSERT INTO beat (vantage, seq, note) VALUES ('x', 1, 'abcdef')",
            "22001",
            "value too long for type character varying(5)",
        ),
        (
            "INSERT INTO nothing VALUES (true)",
            "42804",
            "column \"id\" is of type integer but expression is of type boolean; \
             Hint: You will need to rewrite or cast the expression.",
        ),
        ("SELECT 1 FROM beat WHERE seq", "42804", "argument of WHERE must be type boolean, not type bigint"),
        ("SELECT now()::bigint", "42846", "cannot cast type timestamp with time zone to bigint"),
        (
            "SELECT max(ok) FROM beat",
            "42883",
            "function max(boolean) does not exist; Hint: No function matches the given name and argument types. You might need to add explicit type casts.",
        ),
        (
            "SELECT 1 FROM beat WHERE seq = vantage",
            "42883",
            "operator does not exist: bigint = text; Hint: No operator matches the given name and argument types. \
             You might need to add explicit type casts.",
        ),
        (
            "SELECT seq, count(*) FROM beat",
            "42803",
            "column \"beat.seq\" must appear in the GROUP BY clause or be used in an aggregate function",
        ),
        ("SELECT 1 FROM beat WHERE count(*) > 1", "42803", "aggregate functions are not allowed in WHERE"),
        ("SELECT max(count(*)) FROM beat", "42803", "aggregate function calls cannot be nested"),
        ("SELECT 1 ORDER BY 2", "42P10", "ORDER BY position 2 is not in select list"),
        (
            "SELECT DISTINCT seq FROM beat ORDER BY ms",
            "42P10",
            "for SELECT DISTINCT, ORDER BY expressions must appear in select list",
        ),
        ("SELECT 1 LIMIT -1", "2201W", "LIMIT must not be negative"),
        ("SELECT $1", "42P02", "there is no parameter $1"),
        ("SELECT :x", "42P02", "there is no parameter :x"),
        ("SELECT 1; SELECT 2", "42601", "Multistatements aren't supported."),
        ("GRANT SELECT ON beat TO absent", "42704", "role \"absent\" does not exist"),
        ("SELECT * FROM beat JOIN nothing ON true", "0A000", "a join is not supported"),
        ("SELECT (SELECT 1)", "0A000", "a subquery is not supported"),
        ("SELECT 1 FROM beat FOR UPDATE", "0A000", "row locking is not supported"),
        ("SELECT random()", "0A000", "function random is not supported"),
        ("CREATE TABLE t (a jsonb)", "0A000", "type jsonb is not supported"),
        ("BEGIN", "0A000", "transaction control in SQL (use BeginTransaction) is not supported"),
        ("truncate beat", "0A000", "TRUNCATE BEAT is not supported"),
        ("CREATE VIEW v AS SELECT 1", "0A000", "CREATE VIEW is not supported"),
    ];
    for (sql, state, message) in cases {
        let mut store = store();
        let before = store.tables.clone();
        let error = run(&mut store, sql).expect_err(sql);
        assert_eq!((error.state, error.message.as_str()), (state, message), "{sql}");
        assert!(store.tables == before, "{sql} has changed something");
    }
}

#[test]
fn parameters_have_types() {
    let mut store = store();
    let parameters = Parameters::from([
        ("n".to_string(), Value::Long(2)),
        ("t".to_string(), Value::Text("2".into())),
        ("none".to_string(), Value::Null),
    ]);
    let mut ask = |sql: &str| store.execute(sql, &parameters, NOW).map(|outcome| shown(&outcome)).map_err(|e| e.state);
    assert_eq!(ask("SELECT vantage FROM beat WHERE seq = :n"), Ok("eu".into()));
    assert_eq!(ask("SELECT vantage FROM beat WHERE seq = :t"), Err("42883"));
    assert_eq!(ask("SELECT vantage FROM beat WHERE seq = :t::bigint"), Ok("eu".into()));
    assert_eq!(ask("INSERT INTO beat (vantage, seq) VALUES ('x', :t)"), Err("42804"));
    assert_eq!(ask("INSERT INTO nothing VALUES (:n, :none) RETURNING *"), Ok("2 -".into()));
    assert_eq!(ask("SELECT id FROM nothing LIMIT :n"), Ok("2".into()));
}

#[test]
fn size_is_bounded() {
    let mut store = store();
    let long = format!("SELECT '{}'", "x".repeat(MAX_STATEMENT));
    assert_eq!(run(&mut store, &long).unwrap_err().state, "54000");
    let chain = format!("SELECT 1 {}", "+ 1 ".repeat(2000));
    assert_eq!(run(&mut store, &chain).unwrap_err().state, "54001");
    let ors = format!("SELECT count(*) FROM beat WHERE seq = 1 {}", "OR seq = 2 ".repeat(300));
    assert_eq!(shown(&good(&mut store, &ors)), "3");
    let chain = format!("SELECT 1 {}", "+ 1 ".repeat(900));
    assert_eq!(run(&mut store, &chain).unwrap_err().state, "54001");
    let mut full = 0;
    while full < 2000 {
        let big = Parameters::from([("t".into(), Value::Text("x".repeat(1 << 16))), ("n".into(), Value::Long(full))]);
        if let Err(error) = store.execute("INSERT INTO beat (vantage, seq) VALUES (:t, :n)", &big, NOW) {
            assert_eq!(error.state, "53100");
            break;
        }
        full += 1;
    }
    assert!(full > 500 && full < 2000, "{full}");
}

#[test]
fn nesting_is_bounded() {
    let nests = [
        ("", " AT TIME ZONE 'x'"),
        ("", "::int"),
        ("", "[1]"),
        ("(", ")"),
        ("NOT ", ""),
        ("abs(", ")"),
        ("- ", ""),
        ("CASE WHEN ", " END"),
        ("(SELECT ", ")"),
    ];
    for (open, close) in nests {
        for depth in [20, 500] {
            let deep = format!("SELECT {}1{}", open.repeat(depth), close.repeat(depth));
            let state = run(&mut store(), &deep).err().map(|error| error.state);
            assert!(depth == 20 || state.is_some(), "{open}");
        }
    }
}

#[test]
fn commits_are_forgotten_after_an_hour() {
    let mut store = Database::default();
    let at = |minutes: u64| NOW + Duration::from_secs(60 * minutes);
    let none = Parameters::new();
    store.execute("CREATE TABLE t (n integer)", &none, at(0)).unwrap();
    for minute in [1, 50, 70] {
        store.execute(&format!("INSERT INTO t VALUES ({minute})"), &none, at(minute)).unwrap();
    }
    assert_eq!(store.cut(at(0)), 2, "the first two commits are older than an hour");
    assert_eq!(shown(&good(&mut store, "SELECT n FROM t")), "1");
}

#[test]
fn transactions_of_two_lose_no_update() {
    let mut store = store();
    good(&mut store, "INSERT INTO nothing VALUES (1, 0)");
    let none = [Parameters::new()];
    let add = "UPDATE nothing SET n = n + 1 RETURNING n";
    for id in ["a", "b"] {
        store.begin(id, NOW).unwrap();
        let outcomes = store.execute_in(id, add, &none, NOW).unwrap().unwrap();
        assert_eq!(shown(&outcomes[0]), "1", "neither sees the other");
    }
    assert_eq!(store.commit("a", NOW), Ok(Ok(1)));
    assert_eq!(store.commit("b", NOW), Ok(Ok(1)));
    assert_eq!(shown(&good(&mut store, "SELECT n FROM nothing")), "2");
    for id in ["c", "d"] {
        store.begin(id, NOW).unwrap();
        store.execute_in(id, "INSERT INTO nothing VALUES (7)", &none, NOW).unwrap().unwrap();
    }
    assert_eq!(store.commit("c", NOW), Ok(Ok(1)));
    assert_eq!(store.commit("d", NOW).unwrap().unwrap_err().state, "23505");
    assert_eq!(store.commit("d", NOW), Err(Absent::Aborted));
    store.begin("e", NOW).unwrap();
    store.disconnect();
    assert_eq!(store.commit("e", NOW), Err(Absent::Unknown));
}

/// Statements on a few tables and keys, good ones and bad ones.
fn statements() -> impl Strategy<Value = String> {
    let table = prop_oneof![Just("t"), Just("u")];
    (table, 0_i64..6, -3_i64..4, 0_u8..12).prop_map(|(table, key, n, what)| match what {
        0 => format!("CREATE TABLE IF NOT EXISTS {table} (k integer PRIMARY KEY, n integer, s text UNIQUE)"),
        1 => format!("DROP TABLE {table}"),
        2..=4 => format!("INSERT INTO {table} VALUES ({key}, {n}, 'x{n}')"),
        5 => format!("INSERT INTO {table} VALUES ({key}, {n}), ({n}, {key}) ON CONFLICT DO NOTHING"),
        6 => format!("INSERT INTO {table} VALUES ({key}, {n}) ON CONFLICT (k) DO UPDATE SET n = EXCLUDED.n"),
        7 => format!("UPDATE {table} SET n = n + {n}, s = NULL WHERE k <= {key}"),
        8 => format!("UPDATE {table} SET k = k + 1 WHERE n = {n}"),
        9 => format!("DELETE FROM {table} WHERE k = {key}"),
        10 => format!("INSERT INTO {table} VALUES ({key}, 6 / {n})"),
        _ => format!("CREATE ROLE r{key}"),
    })
}

proptest! {
    #[test]
    fn no_text_panics(sql in "\\PC{0,80}") {
        let _ = run(&mut store(), &sql);
    }

    #[test]
    fn nearly_statements_never_panic(words in proptest::collection::vec(prop_oneof![
        Just("SELECT"), Just("FROM"), Just("beat"), Just("WHERE"), Just("seq"), Just("="), Just("("), Just(")"),
        Just(","), Just("*"), Just("1"), Just("'a'"), Just("::"), Just("bigint"), Just("GROUP BY"), Just("ORDER BY"),
        Just("count"), Just("max"), Just("INSERT INTO"), Just("VALUES"), Just("ON CONFLICT"), Just("DO UPDATE SET"),
        Just("UPDATE"), Just("SET"), Just("DELETE"), Just("NULL"), Just("AND"), Just("NOT"), Just("BETWEEN"),
        Just("IN"), Just("interval"), Just("now()"), Just("-"), Just("+"), Just("/"), Just("9223372036854775807"),
        Just("AS"), Just("LIMIT"), Just("ms"), Just("at"), Just("RETURNING"), Just("CREATE TABLE"), Just("text"),
        Just("DEFAULT"), Just("PRIMARY KEY"), Just("."), Just("extract(epoch FROM"), Just(":x"), Just("HAVING"),
    ], 0..14), head in prop_oneof![Just("SELECT "), Just("SELECT * FROM beat WHERE "), Just("INSERT INTO beat VALUES ("), Just("")]) {
        let _ = run(&mut store(), &format!("{head}{}", words.join(" ")));
    }

    #[test]
    fn a_cut_equals_the_prefix(history in proptest::collection::vec((statements(), 0_u64..3), 1..40), cut in 0_u64..60) {
        let (mut whole, mut prefix) = (Database::default(), Database::default());
        let last = NOW + Duration::from_secs(cut);
        let (mut at, mut lost) = (NOW, 0);
        for (sql, later) in &history {
            at = at + Duration::from_secs(*later);
            let outcome = whole.execute(sql, &Parameters::new(), at);
            if at <= last {
                prop_assert_eq!(&outcome, &prefix.execute(sql, &Parameters::new(), at));
            } else {
                lost += outcome.map_or(0, |outcome| outcome.updated);
            }
        }
        prop_assert_eq!(whole.cut(last), lost);
        prop_assert!(whole.tables == prefix.tables);
        prop_assert_eq!(whole.cut(last), 0);
    }

    #[test]
    fn doing_nothing_on_conflict_is_idempotent(keys in proptest::collection::vec((0_i64..5, 0_i64..5), 1..20)) {
        let mut store = store();
        let mut insert = |(vantage, seq): &(i64, i64)| {
            let sql = format!("INSERT INTO beat (vantage, seq) VALUES ('v{vantage}', {seq}) ON CONFLICT DO NOTHING");
            good(&mut store, &sql).updated
        };
        let first: u64 = keys.iter().map(&mut insert).sum();
        let again: u64 = keys.iter().map(&mut insert).sum();
        let unlike: std::collections::BTreeSet<_> = keys.iter().collect();
        prop_assert_eq!((first, again), (unlike.len() as u64, 0));
    }

    #[test]
    fn what_is_written_is_read(n: i64, x: f64, text in "\\PC{0,20}", ms in 0_u64..4_000_000_000_000) {
        let mut store = Database::default();
        good(&mut store, "CREATE TABLE t (n bigint, x double precision, s text, at timestamptz)");
        let row = [Value::Long(n), Value::Double(x), Value::Text(text), Value::Moment(Moment(ms))];
        let parameters: Parameters = ["n", "x", "s", "at"].map(String::from).into_iter().zip(row.clone()).collect();
        store.execute("INSERT INTO t VALUES (:n, :x, :s, :at)", &parameters, NOW).unwrap();
        let same = "SELECT n::text::bigint, x::text::double precision, s, at::text::timestamptz FROM t";
        let read = good(&mut store, same).rows;
        prop_assert_eq!(format!("{read:?}"), format!("{:?}", vec![row.to_vec()]));
    }

    #[test]
    fn a_literal_is_what_it_says(text in "\\PC{0,20}") {
        let sql = format!("SELECT '{}'", text.replace('\'', "''"));
        prop_assert_eq!(good(&mut Database::default(), &sql).rows, vec![vec![Value::Text(text)]]);
    }
}
