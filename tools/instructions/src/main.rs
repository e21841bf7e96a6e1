//! Edge: the hot paths, each as often as asked for, so that valgrind can count their instructions.
//!
//! ```text
//!   instructions              the names of the paths
//!   instructions PATH ROUNDS  prepares, then goes ROUNDS times
//! ```
//!
//! `cargo xtask instructions` runs every path twice, for few and for many rounds: the difference is what a
//! round costs, without start and preparation. No clock and no chance: a count is the same on every run of
//! the same binary but for a few instructions in randomly seeded maps of the libraries.

mod cases;
mod data;
mod log;

use std::process::ExitCode;

/// A prepared path: calling it goes once.
type Path = Box<dyn FnMut()>;

/// What prepares a path.
type Prepare = fn() -> anyhow::Result<Path>;

/// Every path by name.
const PATHS: &[(&str, Prepare)] = &[
    ("whole-case", || cases::whole(true)),
    ("whole-case-without-data", || cases::whole(false)),
    ("launch", || cases::launch(true)),
    ("launch-without-data", || cases::launch(false)),
    ("start", || cases::start(true)),
    ("start-without-data", || cases::start(false)),
    ("complete", || cases::complete(true)),
    ("complete-without-data", || cases::complete(false)),
    ("or-join", cases::or_join),
    ("events-encode", cases::events_encode),
    ("events-decode", cases::events_decode),
    ("events-apply", cases::events_apply),
    ("case-encode", cases::case_encode),
    ("case-decode", cases::case_decode),
    ("mapping", data::mapping),
    ("validate", data::validate),
    ("append", log::append),
];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let result = match arguments.as_slice() {
        [] => {
            PATHS.iter().for_each(|(name, _)| println!("{name}"));
            Ok(())
        }
        [name, rounds] => go(name, rounds),
        _ => Err(anyhow::anyhow!("usage: instructions [PATH ROUNDS]")),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("instructions: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn go(name: &str, rounds: &str) -> anyhow::Result<()> {
    let rounds: u32 = rounds.parse()?;
    let path = PATHS.iter().find(|(known, _)| *known == name);
    let (_, prepare) = path.ok_or_else(|| anyhow::anyhow!("no path {name:?}"))?;
    let mut path = prepare()?;
    (0..rounds).for_each(|_| path());
    Ok(())
}
