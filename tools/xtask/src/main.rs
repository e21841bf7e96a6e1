//! Edge: `cargo xtask`, the project's own checks and the test command.
//!
//! ```text
//!   main ── check ──┬── tidy::*        rules on the text of files; pure, over a Tree
//!     │             ├── workspace::*   walls, licences, dependencies; pure, over a Graph
//!     │             └── cargo fmt, cargo clippy
//!     ├──── patterns ─ docs/patterns.md
//!     ├──── ui ─────── npm install, npm run build
//!     ├──── sdk::* ─── types of the SDKs from docs/openapi.json, and their tests
//!     ├──── fuzz ───── libFuzzer over tools/fuzzing, as long as asked for
//!     ├──── instructions   valgrind over tools/instructions, against a ratchet
//!     └──── suite ──── ui, check, cargo test, npm test, the SDKs' tests, and a summary
//! ```
//!
//! A rule reads a value and gives findings. Only `tree`, `graph` and `step` touch the outside.

mod check;
mod finding;
mod fuzz;
mod instructions;
mod sdk;
mod step;
mod suite;
mod tidy;
mod ui;
mod workspace;

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

const HELP: &str = "\
cargo xtask COMMAND

  check [--fast]   tidy rules, walls, licences, formatting, lints; --fast stops before the compiler
  ui               build ui/ into ui/dist, where the server embeds it from
  sdk-types        write the types of the SDKs in other languages from docs/openapi.json
  sdk-test         test the SDKs in other languages alone, with the binary that is built
  patterns         write docs/patterns.md from the heads of conformance/patterns/*.trace
  instructions [--record]
                   count the instructions of the hot paths against tools/xtask/instructions.txt; --record writes it
  fuzz TARGET SECONDS
                   look for inputs that end a target: specification, query, events or log
  test             ui, check, every test of the workspace, the UI and the SDKs, and a summary
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let root = root();
    let result = match arguments.as_slice() {
        ["check"] => check::run(&root, check::Depth::Full),
        ["check", "--fast"] => check::run(&root, check::Depth::Fast),
        ["patterns"] => tidy::patterns::write(&root),
        ["ui"] => ui::build(&root),
        ["sdk-types"] => sdk::types(&root),
        ["sdk-test"] => sdk::test(&root),
        ["instructions"] => instructions::run(&root, instructions::Ratchet::Hold),
        ["instructions", "--record"] => instructions::run(&root, instructions::Ratchet::Record),
        ["fuzz", target, seconds] => fuzz::run(&root, target, seconds),
        ["test"] => suite::run(&root),
        ["help" | "--help" | "-h"] => {
            print!("{HELP}");
            return ExitCode::SUCCESS;
        }
        _ => {
            eprint!("{HELP}");
            return ExitCode::from(2);
        }
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// The checkout that this program was built in: two levels above its own manifest.
fn root() -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.ancestors().nth(2).expect("tools/xtask is two levels deep").to_owned()
}
