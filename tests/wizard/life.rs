//! From the first key to the console.

use crate::support::pty::Terminal;
use crate::support::served::Served;
use crate::{CLEAR, CTRL_C, Desk, ENTER, ESCAPE, IMAGE, PAGE_UP, turn_to};
use std::os::unix::fs::PermissionsExt;

/// Mistakes, going back, quitting and going on, a process that is killed at work, and the console at the end.
#[test]
fn somebody_with_an_image_and_a_zone_gets_a_stack_and_its_console() {
    let world = Served::start(&["--empty", "--zone", "example.com", "--speed", "60"]);
    let desk = Desk::new("wizard-life", Some(world));
    let mut terminal = desk.sit(&[], 80, 24);
    terminal.wait_for("✔ account 123456789012");
    terminal.send(CLEAR);
    terminal.type_keys("My Shop");
    terminal.wait_for("✖ [stack] name: use lower-case letters");
    terminal.send(CLEAR);
    terminal.type_keys("till");
    terminal.wait_for("Names every resource");

    turn_to(&mut terminal, "app");
    terminal.wait_for("✖ image");
    terminal.send(format!("\x1b[200~{IMAGE}\x1b[201~").as_bytes());
    terminal.wait_for("▸ image");
    terminal.send(ENTER);
    terminal.wait_for("▸ port");
    terminal.send(CLEAR);
    terminal.type_keys("80x");
    terminal.wait_for("is no whole number: use 8080 for example");

    // back, to see that nothing is lost, and away
    terminal.send(PAGE_UP);
    terminal.wait_for("━ Regions ━");
    terminal.send(ESCAPE);
    terminal.wait_for("━ account ━");
    terminal.send(CTRL_C);
    terminal.wait_for("Your answers are kept");
    terminal.send(ENTER);
    assert_eq!(terminal.ended(), 0);
    assert_eq!(desk.written(), None, "nothing was confirmed");

    let mut terminal = desk.sit(&[], 80, 24);
    terminal.wait_for("going on where you left");
    turn_to(&mut terminal, "review");
    terminal.wait_for("✖ app: port");
    terminal.send(ENTER);
    terminal.wait_for("✖ port");
    terminal.send(CLEAR);
    terminal.type_keys("8080");
    turn_to(&mut terminal, "DNS");
    terminal.wait_for("example.com");
    turn_to(&mut terminal, "review");
    terminal.wait_for("to make, 0 to change");
    terminal.type_keys("2");
    terminal.wait_for("an estimate, by prices of");
    terminal.type_keys("3");
    terminal.wait_for("\"Statement\"");
    terminal.type_keys("4");
    terminal.wait_for("name = \"till\"");
    terminal.send(ENTER);
    terminal.wait_for("Make it?");
    terminal.type_keys("shop");
    terminal.send(ENTER);
    terminal.wait_for("type till to begin");
    assert_eq!(desk.written(), None, "the wrong name begins nothing");
    terminal.send(CLEAR);
    terminal.type_keys("till");
    terminal.send(ENTER);
    terminal.wait("a resource that is done", |screen| screen.contains("CREATE_IN_PROGRESS"));
    let text = desk.written().unwrap();
    assert!(text.contains("name = \"till\"") && text.contains(IMAGE), "{text}");
    let mode = std::fs::metadata(desk.config()).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);

    // the process is killed, and whoever comes next goes on from there
    terminal.child.kill().unwrap();
    terminal.child.wait().unwrap();
    let mut terminal = desk.sit(&[], 80, 24);
    terminal.wait_for("━ review ━");
    terminal.wait("less to make than before", |screen| screen.contains("to make, ") && !screen.contains("54 to make"));
    terminal.send(ENTER);
    terminal.wait_for("Make it?");
    terminal.type_keys("till");
    terminal.send(ENTER);
    terminal.wait_for("✔ done: 55 of 55 resources");
    assert_eq!(desk.written().unwrap(), text);
    terminal.send(ENTER);
    terminal.wait("the console with both Regions", |screen| {
        screen.contains("us-east-1") && screen.contains("eu-west-1") && screen.matches("SERVING").count() >= 2
    });
    terminal.send(b"q");
    assert_eq!(terminal.ended(), 0);

    // a stack that stands is found so
    let mut terminal = desk.sit(&[], 80, 24);
    terminal.wait_for("✔ everything stands as the file says");
    terminal.send(CTRL_C);
    terminal.send(ENTER);
    assert_eq!(terminal.ended(), 0);
}

/// With an image and the usual answers, in the simulator of the process: the apply has begun.
fn begun(desk: &Desk, columns: u16, rows: u16) -> Terminal {
    let mut terminal = desk.sit(&["--speed", "600"], columns, rows);
    terminal.wait_for("SIMULATOR");
    turn_to(&mut terminal, "app");
    terminal.type_keys("shop-web:1");
    turn_to(&mut terminal, "review");
    terminal.wait_for("to make, 0 to change");
    terminal.send(ENTER);
    terminal.wait_for("in the simulator");
    terminal.type_keys("shop");
    terminal.send(ENTER);
    terminal
}

/// No account and no server: the world is in the process and goes on in the console.
#[test]
fn the_simulator_needs_no_account() {
    let desk = Desk::new("wizard-sim", None);
    let mut terminal = begun(&desk, 100, 30);
    terminal.wait_for("✔ done: 55 of 55 resources");
    terminal.send(ENTER);
    terminal.wait("the console", |screen| screen.matches("SERVING").count() >= 2 && screen.contains("q quit"));
    terminal.send(b"q");
    assert_eq!(terminal.ended(), 0);
}

/// An apply that is stopped begins nothing new and can be gone on with.
#[test]
fn an_apply_is_stopped_by_one_key_and_goes_on_by_another() {
    let desk = Desk::new("wizard-stop", None);
    let mut terminal = begun(&desk, 80, 24);
    terminal.wait_for("CREATE_IN_PROGRESS");
    terminal.send(CTRL_C);
    terminal.wait_for("▲ stopped: ");
    terminal.type_keys("r");
    terminal.wait_for("✔ done: 55 of 55 resources");
    terminal.type_keys("q");
    assert_eq!(terminal.ended(), 0);
    assert!(terminal.text().contains("To go on: tandem --deploy"), "{}", terminal.text());
}
