use std::process::ExitCode;

fn main() -> color_eyre::Result<ExitCode> {
    color_eyre::install()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let code = runtime.block_on(tandem::cli::run());
    // A call that hangs must not hold the door.
    runtime.shutdown_background();
    code
}
