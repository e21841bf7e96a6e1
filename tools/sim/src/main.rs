//! Edge: runs seeds and says what happened in them.
//!
//! ```text
//!   sim --seeds 0..1000 --hours 1     every seed for so many virtual hours
//!   sim --seed 17 --hours 1 --trace   one seed, told event by event
//! ```

use std::{
    collections::BTreeMap,
    ops::Range,
    panic::{AssertUnwindSafe, catch_unwind},
    process::ExitCode,
};

use sim::{Drought, Outcome};

const USAGE: &str = "usage: sim [--seeds FROM..TO | --seed N] [--hours N] [--trace]";

struct Arguments {
    seeds: Range<u64>,
    hours: u64,
    trace: bool,
}

fn main() -> ExitCode {
    let given: Vec<String> = std::env::args().skip(1).collect();
    let Some(arguments) = read(&given) else {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    };
    let mut report = Report::default();
    for seed in arguments.seeds.clone() {
        let run = || (sim::run(seed, arguments.hours, arguments.trace), sim::measure(seed));
        match catch_unwind(AssertUnwindSafe(run)) {
            Ok((outcome, drought)) => report.add(seed, arguments.hours, outcome, drought),
            Err(_) => report.failed(seed, arguments.hours, "a core panicked, see above"),
        }
    }
    report.print(&arguments);
    if report.failures == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn read(given: &[String]) -> Option<Arguments> {
    let mut arguments = Arguments { seeds: 0..100, hours: 1, trace: false };
    let mut words = given.iter().map(String::as_str);
    while let Some(word) = words.next() {
        match word {
            "--seeds" => {
                let (from, to) = words.next()?.split_once("..")?;
                arguments.seeds = from.parse().ok()?..to.parse().ok()?;
            }
            "--seed" => {
                let seed: u64 = words.next()?.parse().ok()?;
                arguments.seeds = seed..seed.checked_add(1)?;
            }
            "--hours" => arguments.hours = words.next()?.parse().ok()?,
            "--trace" => arguments.trace = true,
            _ => return None,
        }
    }
    (arguments.hours > 0 && !arguments.seeds.is_empty()).then_some(arguments)
}

/// What all seeds together did.
#[derive(Default)]
struct Report {
    seeds: u64,
    failures: u64,
    events: u64,
    checks: u64,
    counts: BTreeMap<&'static str, u64>,
    droughts: Vec<Drought>,
}

impl Report {
    fn add(&mut self, seed: u64, hours: u64, outcome: Outcome, drought: Drought) {
        self.seeds += 1;
        self.events += outcome.events;
        self.checks += outcome.checks;
        for (what, count) in outcome.counts {
            *self.counts.entry(what).or_default() += count;
        }
        if let Some((ms, what)) = outcome.broken {
            self.failed(seed, hours, &format!("after {} s: {what}", ms / 1_000));
        } else if let Some(what) = drought.broken() {
            self.failed(seed, hours, &what);
        }
        self.droughts.push(drought);
    }

    fn failed(&mut self, seed: u64, hours: u64, what: &str) {
        self.failures += 1;
        println!("seed {seed} FAILED {what}");
        println!("  replay: cargo run --release -p sim -- --seed {seed} --hours {hours} --trace");
    }

    fn print(&self, arguments: &Arguments) {
        println!(
            "{} seeds, {} virtual hours and as many calms, {} events, {} checks, {} failed",
            self.seeds,
            self.seeds * arguments.hours,
            self.events,
            self.checks,
            self.failures
        );
        for (what, count) in &self.counts {
            println!("  {count:>10}  {what}");
        }
        let reductions = self.droughts.iter().map(Drought::reduction_percent);
        let least = reductions.clone().fold(f64::INFINITY, f64::min);
        let most = reductions.fold(f64::NEG_INFINITY, f64::max);
        let recovery_ms = self.droughts.iter().map(|drought| drought.recovery_ms).max();
        println!(
            "drought: {least:.1} to {most:.1} % fewer claims than at the base; back at work after at most {} ms",
            recovery_ms.unwrap_or(0)
        );
    }
}
