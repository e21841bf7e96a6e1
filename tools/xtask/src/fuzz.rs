//! `cargo xtask fuzz TARGET SECONDS`: looks for inputs that end a target of `tools/fuzzing`.
//!
//! Stable Rust and a C++ compiler are enough: the flags below are what cargo-fuzz passes, without a sanitizer,
//! since no crate of ours has `unsafe` code. `fuzz/` is a workspace of its own, so nothing else builds it.

use std::{path::Path, process::Command};

use anyhow::Context as _;

use crate::step;

/// Coverage that libFuzzer follows.
const FLAGS: &str = "--cfg fuzzing -Ccodegen-units=1 -Cpasses=sancov-module \
    -Cllvm-args=-sanitizer-coverage-level=4 -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
    -Cllvm-args=-sanitizer-coverage-pc-table -Cllvm-args=-sanitizer-coverage-trace-compares";

/// Seconds that one input may take, and memory of the whole: beyond is a finding. A query that uses up its steps takes
/// six seconds of a processor's time, evaluated three times and counted; others may have the processor meanwhile.
const LIMITS: [&str; 3] = ["-timeout=60", "-rss_limit_mb=2048", "-max_len=16384"];

/// Folders whose files are good to start from, beside the target's own. Hostile queries are not: each uses up its
/// steps, so that a run would see little else.
fn seeds(target: &str) -> &'static [&'static str] {
    match target {
        "specification" => &["testdata/hostile/spec", "examples"],
        _ => &[],
    }
}

pub(crate) fn run(root: &Path, target: &str, seconds: &str) -> anyhow::Result<()> {
    let seconds: u32 = seconds.parse().context("the number of seconds")?;
    let kept = root.join("testdata/fuzz").join(target);
    anyhow::ensure!(kept.is_dir(), "no target {target:?}; testdata/fuzz has a folder for each");
    let compiler = std::env::var("CXX").unwrap_or_else(|_| "c++".to_owned());
    anyhow::ensure!(
        step::exists(&compiler),
        "libFuzzer is built from C++ and {compiler:?} does not start; install one \
         (`apt-get install g++`) or name it in CXX"
    );
    let fuzz = root.join("fuzz");
    let host = host()?;
    let build =
        ["build", "--release", "--bin", target, "--target", &host, "--target-dir", "target"];
    let mut command = Command::new(std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned()));
    command.args(build).current_dir(&fuzz).env("RUSTFLAGS", FLAGS);
    step::run_command(command)?;
    // What it finds to be worth keeping goes into the first folder.
    let found = fuzz.join("target/corpus").join(target);
    std::fs::create_dir_all(&found)?;
    let mut command = Command::new(fuzz.join("target").join(&host).join("release").join(target));
    command.arg(&found).arg(&kept).args(seeds(target).iter().map(|name| root.join(name)));
    command.args(LIMITS).arg(format!("-max_total_time={seconds}"));
    let findings = format!("{}/finding-{target}-", fuzz.join("target").display());
    command.arg(format!("-artifact_prefix={findings}"));
    step::run_command(command).with_context(|| {
        format!("the input is in {findings}*; mend what it shows and keep it in {}", kept.display())
    })
}

/// The machine's own triple: with `--target`, build scripts and macros are built without [`FLAGS`].
fn host() -> anyhow::Result<String> {
    let output = Command::new("rustc").arg("-vV").output().context("rustc does not start")?;
    let text = String::from_utf8(output.stdout)?;
    let host = text.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned).context("rustc names no host")
}
