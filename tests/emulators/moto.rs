//! A foundation, secrets and load balancers on moto, which knows EC2 and Elastic Load Balancing best. Where it is not
//! as AWS is stands in `tests/moto/known.toml`.

use crate::emulator::Emulator;
use crate::known::{Known, rows};
use crate::support::python::{python, script};
use crate::{APP_IMAGE, Home};

/// The parts of the stack that moto can carry.
const ONLY: [&str; 2] = ["--only", "foundation,secrets,balancing"];

#[test]
fn a_foundation_with_secrets_and_load_balancers_is_read_back_by_boto3() {
    let Some(python) = python(&["boto3", "moto.server", "flask"]) else { return };
    let emulator = Emulator::start(&python, "moto", |command, port| {
        command.arg(script("emulators/start_moto.py")).arg(port.to_string());
        command.env("MOTO_ACCOUNT_ID", "123456789012").env("MOTO_IAM_LOAD_MANAGED_POLICIES", "true");
    });
    let folder = Home::new("moto");
    let endpoint = emulator.recorder.endpoint();
    folder.configure(&[APP_IMAGE]);
    let apply = ["apply", "--yes", ONLY[0], ONLY[1]];
    folder.tandem(&endpoint, &apply).ended_with(0);
    let region = "1 vpc, 6 subnets, 3 nat gateways, 1 peering active, 1 listener, 2 rules";
    assert_eq!(
        emulator.run("deeds.py", &["standing"]),
        format!(
            "us-east-1: {region}, 0 of 3 secrets with a primary\neu-west-1: {region}, 3 of 3 secrets with a primary\n"
        )
    );
    let plan = ["plan", "--json", ONLY[0], ONLY[1]];
    assert_eq!(rows(&folder.tandem(&endpoint, &plan).ended_with(2)), Known::of("moto").rows());
    let judged = emulator.recorder.requests_judged(&python);
    for operation in ["cloudformation.CreateStack", "elbv2.CreateRule", "secretsmanager.CreateSecret"] {
        assert!(judged.contains(operation), "{operation} was not called");
    }
}
