//! `tandem sim serve`: the simulator for other processes.

use super::args::{ServeArguments, WorldArguments};
use super::world::{self, BeginError};
use crate::stage::serve::{Ports, Server};
use crate::stage::simulator::{self, Simulator};
use tandem_sim::World;

/// Serves until a signal ends it. Prints where it listens, a line each, when it does.
pub async fn serve(world: &WorldArguments, arguments: &ServeArguments) -> Result<(), BeginError> {
    let config = world::configuration(world)?.config;
    let simulator = match &arguments.zone {
        Some(zone) => simulator::account(world.seed, zone, world.speed)?,
        None if arguments.empty => Simulator::new(World::empty(world.seed), world.speed),
        None => world::simulator(&config.stack, world)?,
    };
    let ports = Ports { api: arguments.port, dns: arguments.dns, http: arguments.http };
    let server = Server::bind(simulator, ports).await?;
    let at = server.addresses;
    println!("aws  http://{}", at.api);
    if let Some(dns) = at.dns {
        println!("dns  {dns}");
    }
    if let Some(http) = at.http {
        println!("http http://{http}");
    }
    eprintln!("export AWS_ENDPOINT_URL=http://{}", at.api);
    let mut signals = super::signals::Signals::ends();
    let end = async {
        signals.next().await;
    };
    server.run(end).await;
    Ok(())
}
