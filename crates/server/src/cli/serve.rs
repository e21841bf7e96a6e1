//! `flotilla serve`: the server, until it is asked to end.

use std::{
    collections::BTreeMap,
    io::{Write as _, stdout},
    net::IpAddr,
    path::PathBuf,
};

use anyhow::Context as _;
use serde::Serialize;
use tracing::{error, info, warn};

use super::{DONE, asked_to_end, logging, run_async};
use crate::{
    config::{self, Config, LogFormat},
    server::Server,
};

/// Serves specifications, cases and work items over HTTP.
///
/// Settings come, lowest first, from built-in values, the file of --config (TOML), variables that
/// YAWL deployments use (MANAGEMENT_PORT, REGISTRY_PORT, HEARTBEAT_TTL_SECONDS, YAWL_PASSWORD and others:
/// docs/settings.md), FLOTILLA_* (such as FLOTILLA_PORT), and this command line. There is no authentication yet: only this machine is
/// served unless --insecure-open says otherwise. The addresses are printed as one line on stdout.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  flotilla serve --data /var/lib/flotilla
  flotilla serve --port 0 --management-port 0 --registry-port 0      take free ports, print them
  flotilla serve --config flotilla.toml --print-config")]
pub(super) struct Arguments {
    /// TOML file with settings.
    #[arg(long, value_name = "FILE", env = "FLOTILLA_CONFIG")]
    config: Option<PathBuf>,
    /// Print all settings, secrets masked, and end.
    #[arg(long)]
    print_config: bool,
    #[command(flatten)]
    settings: Settings,
}

/// What the command line can override.
#[derive(Debug, Default, clap::Args, Serialize)]
struct Settings {
    /// Directory of the durable log [default: flotilla-data].
    #[arg(long, value_name = "DIR")]
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<PathBuf>,
    /// Address to listen on [default: 127.0.0.1].
    #[arg(long, value_name = "ADDRESS")]
    #[serde(skip_serializing_if = "Option::is_none")]
    host: Option<IpAddr>,
    /// Port of REST interface, page and actuator; 0 takes a free one [default: 8080].
    #[arg(long)]
    #[serde(skip_serializing_if = "Option::is_none")]
    port: Option<u16>,
    /// Port of the actuator alone; 0 takes a free one [default: 9090].
    #[arg(long, value_name = "PORT")]
    #[serde(skip_serializing_if = "Option::is_none")]
    management_port: Option<u16>,
    /// Port of the agent-registry service; 0 takes a free one [default: 8085].
    #[arg(long, value_name = "PORT")]
    #[serde(skip_serializing_if = "Option::is_none")]
    registry_port: Option<u16>,
    /// Permit an address that other machines reach, although everybody there may do everything.
    #[arg(long)]
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    insecure_open: bool,
    /// What to log: a level, or directives such as info,node=debug [default: info].
    #[arg(long, value_name = "FILTER")]
    #[serde(skip_serializing_if = "Option::is_none")]
    log: Option<String>,
    /// How log lines look [default: text].
    #[arg(long, value_name = "FORMAT")]
    #[serde(skip_serializing_if = "Option::is_none")]
    log_format: Option<LogFormat>,
}

pub(super) fn run(arguments: Arguments) -> anyhow::Result<u8> {
    let variables: BTreeMap<String, String> = std::env::vars().collect();
    let config = config::read(arguments.config.as_deref(), &variables, arguments.settings)?;
    if arguments.print_config {
        writeln!(stdout(), "{}", config::show(&config))?;
        return Ok(DONE);
    }
    logging::start(&config.log, config.log_format)?;
    run_async(serve(config))
}

async fn serve(config: Config) -> anyhow::Result<u8> {
    let server = Server::start(&config).await?;
    let addresses = server.addresses();
    if config.host.is_loopback() {
        info!("only this machine is served, since there is no authentication yet");
    } else {
        warn!(host = %config.host, "open to the network without authentication");
    }
    // One line, for people and for programs that started the server on port 0.
    let registry = addresses.registry.map(|address| format!(" registry http://{address}"));
    writeln!(
        stdout(),
        "listening on http://{} management http://{}{}",
        addresses.public,
        addresses.management,
        registry.unwrap_or_default()
    )?;
    tokio::select! {
        asked = asked_to_end() => asked?,
        // The other partitions go on, and health says that one does not; a supervisor decides.
        fault = server.failed() => {
            error!(error = &fault as &dyn std::error::Error, "a partition has stopped; restart the server");
            asked_to_end().await?;
        }
    }
    info!("stopping");
    server
        .stop()
        .await
        .context("the server did not stop in order; nothing that was acknowledged is lost")?;
    info!("stopped");
    Ok(DONE)
}
