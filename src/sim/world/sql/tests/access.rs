//! Who may do what: users, grants, and the catalogues that tell of them.

use super::*;

#[test]
fn roles_and_grants_are_recorded() {
    let mut store = store();
    for sql in [
        "CREATE ROLE heartbeat LOGIN PASSWORD 'x'",
        "CREATE USER reader WITH PASSWORD 'x'",
        "GRANT INSERT ON beat TO heartbeat",
        "GRANT USAGE ON SCHEMA public TO heartbeat, reader",
    ] {
        good(&mut store, sql);
    }
    assert_eq!(run(&mut store, "CREATE ROLE heartbeat").unwrap_err().state, "42710");
    assert_eq!(store.cut(NOW - Duration::from_secs(1)), 3);
    assert!(store.tables == Tables::default());
}

/// A store with an owner, a table of theirs, and two users of whom one may write and one may do nothing.
fn owned() -> Database {
    let mut store = Database::of("postgres", "secret");
    for sql in [
        "CREATE TABLE beat (vantage text, seq bigint, PRIMARY KEY (vantage, seq))",
        "CREATE ROLE writer LOGIN PASSWORD 'w'",
        "CREATE USER stranger WITH PASSWORD 's'",
        "CREATE ROLE nobody PASSWORD 'n'",
        "GRANT INSERT, SELECT ON beat TO writer",
    ] {
        good(&mut store, sql);
    }
    store
}

#[test]
fn who_is_not_known_or_has_another_password_is_not_let_in() {
    let mut store = owned();
    let mut state = |user, password| store.enter(user, password).map_err(|error| error.state);
    for (user, password) in [("postgres", "secret"), ("writer", "w"), ("stranger", "s")] {
        assert_eq!(state(user, password), Ok(()), "{user}");
    }
    for (user, password) in [("postgres", "w"), ("writer", "secret"), ("absent", "x"), ("public", "")] {
        assert_eq!(state(user, password), Err("28P01"), "{user}");
    }
    assert_eq!(state("nobody", "n"), Err("28000"));
    assert_eq!(Database::default().enter("anybody", "x"), Ok(()), "nobody's store is everybody's");
    store.enter("postgres", "secret").unwrap();
    good(&mut store, "ALTER ROLE writer PASSWORD 'v'");
    good(&mut store, "ALTER ROLE nobody LOGIN");
    assert_eq!((store.enter("writer", "v"), store.enter("nobody", "n")), (Ok(()), Ok(())));
    assert!(store.enter("writer", "w").is_err());
    store.enter("postgres", "secret").unwrap();
    assert_eq!(run(&mut store, "ALTER ROLE absent LOGIN").unwrap_err().state, "42704");
    assert_eq!(run(&mut store, "ALTER ROLE writer SUPERUSER").unwrap_err().state, "0A000");
}

#[test]
fn users_do_what_they_were_granted_and_no_more() {
    let mut store = owned();
    store.enter("writer", "w").unwrap();
    good(&mut store, "INSERT INTO beat (vantage, seq) VALUES ('eu', 1) ON CONFLICT DO NOTHING");
    assert_eq!(shown(&good(&mut store, "SELECT count(*) FROM beat")), "1");
    for sql in [
        "UPDATE beat SET seq = 2",
        "DELETE FROM beat",
        "DROP TABLE beat",
        "CREATE TABLE other (id integer)",
        "CREATE INDEX of_seq ON beat (seq)",
        "CREATE ROLE friend LOGIN",
        "ALTER ROLE writer PASSWORD 'x'",
        "GRANT DELETE ON beat TO writer",
        "INSERT INTO beat (vantage, seq) VALUES ('eu', 1) ON CONFLICT (vantage, seq) DO UPDATE SET seq = 2",
    ] {
        assert_eq!(run(&mut store, sql).unwrap_err().state, "42501", "{sql}");
    }
    store.enter("stranger", "s").unwrap();
    let refused = run(&mut store, "SELECT count(*) FROM beat").unwrap_err();
    assert_eq!(refused.message, "permission denied for table beat");
    store.enter("postgres", "secret").unwrap();
    good(&mut store, "GRANT SELECT ON ALL TABLES IN SCHEMA public TO PUBLIC");
    store.enter("stranger", "s").unwrap();
    assert_eq!(shown(&good(&mut store, "SELECT count(*) FROM beat")), "1");
    assert_eq!(run(&mut store, "INSERT INTO beat (vantage, seq) VALUES ('x', 1)").unwrap_err().state, "42501");
}

#[test]
fn a_transaction_is_said_by_who_is_in() {
    let mut store = owned();
    store.enter("stranger", "s").unwrap();
    store.begin("t", NOW).unwrap();
    let said = store.execute_in("t", "SELECT count(*) FROM beat", &[Parameters::new()], NOW).unwrap();
    assert_eq!(said.unwrap_err().state, "42501");
}

#[test]
fn catalogues_tell_of_indexes_roles_and_grants() {
    let mut store = owned();
    good(&mut store, "CREATE INDEX IF NOT EXISTS of_seq ON beat (seq)");
    good(&mut store, "CREATE INDEX IF NOT EXISTS of_seq ON beat (seq)");
    assert_eq!(run(&mut store, "CREATE INDEX of_seq ON beat (seq)").unwrap_err().state, "42P07");
    assert_eq!(run(&mut store, "CREATE INDEX other ON beat (absent)").unwrap_err().state, "42703");
    assert_eq!(run(&mut store, "CREATE INDEX other ON absent (seq)").unwrap_err().state, "42P01");
    assert_eq!(run(&mut store, "CREATE UNIQUE INDEX other ON beat (seq)").unwrap_err().state, "0A000");
    let mut told = |sql: &str| shown(&good(&mut store, sql));
    let indexes = "SELECT indexname::text FROM pg_indexes WHERE tablename = 'beat' ORDER BY 1";
    assert_eq!(told(indexes), "beat_pkey|of_seq");
    assert_eq!(told("SELECT rolname FROM pg_catalog.pg_roles WHERE rolcanlogin ORDER BY rolname"), "stranger|writer");
    let grants = "SELECT grantee::text, privilege_type::text FROM information_schema.role_table_grants \
                  WHERE table_name = 'beat' ORDER BY 2";
    assert_eq!(told(grants), "writer INSERT|writer SELECT");
    good(&mut store, "DROP TABLE beat");
    assert_eq!(shown(&good(&mut store, grants)), "");
    assert_eq!(shown(&good(&mut store, indexes)), "");
}

#[test]
fn what_users_may_is_undone_with_the_commit_that_said_it() {
    let mut store = owned();
    let later = NOW + Duration::from_secs(5);
    store.execute("GRANT DELETE ON beat TO writer", &Parameters::new(), later).unwrap();
    store.execute("CREATE INDEX of_seq ON beat (seq)", &Parameters::new(), later).unwrap();
    store.execute("ALTER ROLE writer PASSWORD 'v'", &Parameters::new(), later).unwrap();
    store.cut(NOW);
    assert_eq!(shown(&good(&mut store, "SELECT indexname FROM pg_indexes")), "beat_pkey");
    store.enter("writer", "w").unwrap();
    assert_eq!(run(&mut store, "DELETE FROM beat").unwrap_err().state, "42501");
}
