//! `flotilla agents`: a swarm of simulated agents against a server, and what it measured.

use std::{
    io::{Write as _, stdout},
    path::PathBuf,
};

use anyhow::Context as _;
use figment::{
    Figment,
    providers::{Format as _, Serialized, Toml},
};
use loadgen::{Settings, drought};
use serde::Serialize;

use super::{DONE, FAILED, logging, run_async};
use crate::config::LogFormat;

/// Lets simulated agents loose on a server and measures it.
///
/// An open loop: what is asked when is decided before the run, and latency counts from the intended moment. At the end a ledger is
/// held against what the server has: nothing acknowledged may be lost, nothing may count twice. Settings come from
/// --behaviour (TOML; keys as in --print-settings) and from these flags. docs/swarm.md says how to read the report.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Exit codes: 0 the figures count and limits are kept, 1 they do not or are not.

Examples:
  flotilla agents --count 10000 --rate 500 --seconds 60
  flotilla agents --behaviour swarm.toml --json > report.json
  flotilla agents --closed 32                            how much goes at all
  flotilla agents --count 200 --drought 300              what back-off saves"
)]
pub(super) struct Arguments {
    /// TOML file with settings; flags go before it.
    #[arg(long, value_name = "FILE")]
    behaviour: Option<PathBuf>,
    #[command(flatten)]
    settings: Flags,
    /// Measure so many seconds without work, twice: heeding no advice to stay away, and heeding it.
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=86_400))]
    drought: Option<u64>,
    /// Print the report as one JSON object.
    #[arg(long)]
    json: bool,
    /// Print the settings of the run as TOML keys and values (JSON) and end.
    #[arg(long)]
    print_settings: bool,
    /// What to log: a level, or directives such as info,loadgen=debug.
    #[arg(long, value_name = "FILTER", default_value = "warn")]
    log: String,
}

/// What the command line can set.
#[derive(Debug, Default, clap::Args, Serialize)]
struct Flags {
    /// Address of the server [default: http://localhost:8080].
    #[arg(long)]
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    /// Agents [default: 1000].
    #[arg(long = "count", value_name = "N")]
    #[serde(skip_serializing_if = "Option::is_none")]
    agents: Option<usize>,
    /// Decides the plan and what agents do; printed with the report [default: 1].
    #[arg(long)]
    #[serde(skip_serializing_if = "Option::is_none")]
    seed: Option<u64>,
    /// Cases a second [default: 100].
    #[arg(long = "rate", value_name = "CASES")]
    #[serde(skip_serializing_if = "Option::is_none")]
    launches_per_second: Option<f64>,
    /// Seconds that are measured [default: 30].
    #[arg(long)]
    #[serde(skip_serializing_if = "Option::is_none")]
    seconds: Option<u64>,
    /// Seconds before that are not [default: 5].
    #[arg(long = "warm-up", value_name = "SECONDS")]
    #[serde(skip_serializing_if = "Option::is_none")]
    warm_up_seconds: Option<u64>,
    /// Requests under way at once [default: 64].
    #[arg(long)]
    #[serde(skip_serializing_if = "Option::is_none")]
    connections: Option<usize>,
    /// Closed loop with so many workers: labelled as such.
    #[arg(long, value_name = "WORKERS")]
    #[serde(skip_serializing_if = "Option::is_none")]
    closed: Option<usize>,
    /// In the middle all connections are cut and all agents come back at once.
    #[arg(long)]
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    storm: bool,
    /// What is measured, for the report: a commit.
    #[arg(long)]
    #[serde(skip_serializing_if = "Option::is_none")]
    revision: Option<String>,
}

pub(super) fn run(arguments: Arguments) -> anyhow::Result<u8> {
    logging::start(&arguments.log, LogFormat::Text)?;
    let mut figment = Figment::from(Serialized::defaults(Settings::default()));
    if let Some(file) = &arguments.behaviour {
        figment = figment.merge(Toml::file_exact(file));
    }
    let settings: Settings =
        figment.merge(Serialized::defaults(&arguments.settings)).extract().context("settings")?;
    settings.check()?;
    if arguments.print_settings {
        writeln!(stdout(), "{}", serde_json::to_string_pretty(&settings)?)?;
        return Ok(DONE);
    }
    run_async(async {
        match arguments.drought {
            Some(seconds) => dry(&settings, seconds, arguments.json).await,
            None => load(&settings, arguments.json).await,
        }
    })
}

async fn load(settings: &Settings, json: bool) -> anyhow::Result<u8> {
    let report = loadgen::run(settings).await?;
    match json {
        true => writeln!(stdout(), "{}", serde_json::to_string(&report)?)?,
        false => writeln!(stdout(), "{report}")?,
    }
    Ok(if report.verdict.is_good() { DONE } else { FAILED })
}

async fn dry(settings: &Settings, seconds: u64, json: bool) -> anyhow::Result<u8> {
    let drought = drought::measure(settings, seconds).await?;
    let broken = drought.broken();
    if json {
        writeln!(stdout(), "{}", serde_json::to_string(&drought)?)?;
    } else {
        let reduction = drought.reduction_percent();
        let drought::Drought { agents, seconds, base_ms, longest_ms, .. } = drought;
        writeln!(
            stdout(),
            "{agents} agents, {seconds} s without work, advice of {base_ms} to {longest_ms} ms"
        )?;
        writeln!(
            stdout(),
            "{} claims heeding nothing, {} heeding the advice: {reduction:.1} % fewer",
            drought.claims_unheeding,
            drought.claims_heeding
        )?;
        writeln!(stdout(), "all back {} ms after work was", drought.recovery_ms)?;
        for what in &broken {
            writeln!(stdout(), "BROKEN: {what}")?;
        }
    }
    Ok(if broken.is_empty() { DONE } else { FAILED })
}
