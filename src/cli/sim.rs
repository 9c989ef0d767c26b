//! `tandem sim serve`: the simulator for other processes.

use super::args::{ServeArguments, WorldArguments};
use super::world::{self, BeginError};
use crate::stage::serve::{Ports, Server};
use crate::stage::simulator::Simulator;
use tandem_sim::World;

/// Serves until a signal ends it. Prints where it listens, a line each, when it does.
pub async fn serve(world: &WorldArguments, arguments: &ServeArguments) -> Result<(), BeginError> {
    let (config, _) = world::configuration(world)?;
    let simulator = if arguments.empty {
        Simulator::new(World::empty(world.seed), world.speed)
    } else {
        world::simulator(&config.stack, world)?
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
    server.run(super::signals::end()).await;
    Ok(())
}
