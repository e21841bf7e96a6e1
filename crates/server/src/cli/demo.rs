//! `flotilla demo`: a server with an example at work, for people to look at.

mod work;

use std::{
    io::{Write as _, stdout},
    path::PathBuf,
    time::Duration,
};

use anyhow::{Context as _, bail};

use super::{DONE, asked_to_end, logging, run_async};
use crate::{
    config::{Config, LogFormat},
    server::Server,
};

/// Our own example, inside the binary so that the demo needs no files.
const EXAMPLE: &str = include_str!("../../../../examples/insurance_claim.yawl");

/// Shows Flotilla at work: serves, loads an example, launches cases, lets agents work on them.
///
/// The example is an insurance claim with composite tasks, timers, multiple instances and a
/// cancellation region. The agents are in this process, take a few seconds for each work item and
/// answer with made-up data that is valid for the example's types.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  flotilla demo                       until Ctrl-C, on a temporary directory
  flotilla demo --agents 50 --cases 200
  flotilla demo --leave Triage --leave Decide   two tasks wait for agents outside, such as those of the SDKs
  flotilla demo --for 60 --data demo-data")]
pub(super) struct Arguments {
    /// Port of the page and the REST interface; 0 takes a free one.
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// Port of the actuator alone; 0 takes a free one.
    #[arg(long, default_value_t = 9090, value_name = "PORT")]
    management_port: u16,
    /// Keep the data here; without this it is gone with the demo.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// End by itself after so many seconds.
    #[arg(long = "for", value_name = "SECONDS")]
    seconds: Option<u64>,
    /// Agents that work.
    #[arg(long, default_value_t = 12, value_parser = clap::value_parser!(u16).range(1..=1000))]
    agents: u16,
    /// Cases that are open at once.
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u16).range(1..=10_000))]
    cases: u16,
    /// Leave this task's work items to agents outside; may be given more than once.
    #[arg(long, value_name = "TASK")]
    leave: Vec<String>,
    /// Longest time, in milliseconds, that an agent of the demo thinks about a work item.
    #[arg(long, default_value_t = 5_000, value_name = "MS", value_parser = clap::value_parser!(u32).range(..=600_000))]
    think: u32,
    /// What to log: a level, or directives such as info,node=debug.
    #[arg(long, value_name = "FILTER", default_value = "warn")]
    log: String,
}

pub(super) fn run(arguments: Arguments) -> anyhow::Result<u8> {
    logging::start(&arguments.log, LogFormat::Text)?;
    let place = Place::new(arguments.data.clone())?;
    let done = run_async(demo(&arguments, &place));
    place.remove()?;
    done
}

async fn demo(arguments: &Arguments, place: &Place) -> anyhow::Result<u8> {
    let config = Config {
        data: place.directory.clone(),
        port: arguments.port,
        management_port: arguments.management_port,
        ..Config::default()
    };
    let server = Server::start(&config).await?;
    let plan = plan(&server, arguments).await?;
    welcome(&server, arguments, place)?;
    let end = async {
        match arguments.seconds {
            Some(seconds) => tokio::time::sleep(Duration::from_secs(seconds)).await,
            None => std::future::pending().await,
        }
    };
    // Agents are dropped between two of their requests; what they asked for is durable or not asked.
    tokio::select! {
        worked = work::work(server.node(), plan) => worked?,
        asked = asked_to_end() => asked?,
        () = end => {}
    }
    let telemetry = server.node();
    let (created, ended) =
        (telemetry.telemetry().cases_created.get(), telemetry.telemetry().cases_ended.get());
    writeln!(stdout(), "\n{created} cases launched, {ended} ended")?;
    server.stop().await?;
    Ok(DONE)
}

/// Loads the example and says what is to be done with it.
async fn plan(server: &Server, arguments: &Arguments) -> anyhow::Result<work::Plan> {
    let uploaded = server.node().upload(EXAMPLE).await;
    let uploaded = uploaded.context("the example was refused: a defect of this build")?;
    let example = uploaded.first().and_then(|example| server.node().specification(&example.key));
    let example = example.context("the example is empty: a defect of this build")?;
    let tasks = || example.program.nets.iter().flat_map(|net| &net.tasks);
    for left in &arguments.leave {
        if !tasks().any(|task| task.id == *left) {
            let known: Vec<&str> = tasks().map(|task| task.id.as_str()).collect();
            bail!("--leave: the example has no task {left:?}; use one of {}", known.join(", "));
        }
    }
    Ok(work::Plan {
        agents: arguments.agents,
        cases: arguments.cases,
        left: arguments.leave.iter().cloned().collect(),
        think_max: Duration::from_millis(arguments.think.into()),
        specification: example.key.clone(),
    })
}

fn welcome(server: &Server, arguments: &Arguments, place: &Place) -> std::io::Result<()> {
    let addresses = server.addresses();
    let mut out = stdout().lock();
    writeln!(
        out,
        "Flotilla is running; {} agents work on {} cases at once",
        arguments.agents, arguments.cases
    )?;
    writeln!(out, "  page      http://{}/", addresses.public)?;
    writeln!(out, "  REST      http://{}/api/v1/cases", addresses.public)?;
    writeln!(out, "  metrics   http://{}/actuator/prometheus", addresses.management)?;
    writeln!(
        out,
        "  data      {}{}",
        place.directory.display(),
        if place.is_temporary { " (temporary)" } else { "" }
    )?;
    if !arguments.leave.is_empty() {
        writeln!(
            out,
            "  waiting   {} for agents outside: README.md, \"Write an agent\"",
            arguments.leave.join(", ")
        )?;
    }
    match arguments.seconds {
        Some(seconds) => writeln!(out, "Ends by itself after {seconds} s; Ctrl-C ends it sooner."),
        None => writeln!(out, "Ctrl-C ends it."),
    }
}

/// Where the demo keeps its data.
struct Place {
    directory: PathBuf,
    is_temporary: bool,
}

impl Place {
    fn new(given: Option<PathBuf>) -> anyhow::Result<Self> {
        if let Some(directory) = given {
            return Ok(Self { directory, is_temporary: false });
        }
        let directory = std::env::temp_dir().join(format!("flotilla-demo-{}", std::process::id()));
        // Made here and not found: nobody else's directory is used, or removed at the end.
        std::fs::create_dir(&directory).with_context(|| {
            format!("could not make {}; give a directory with --data", directory.display())
        })?;
        Ok(Self { directory, is_temporary: true })
    }

    fn remove(self) -> anyhow::Result<()> {
        if self.is_temporary {
            std::fs::remove_dir_all(&self.directory)
                .with_context(|| format!("could not remove {}", self.directory.display()))?;
        }
        Ok(())
    }
}
