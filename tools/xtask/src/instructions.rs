//! `cargo xtask instructions`: instructions per round of the hot paths, as valgrind counts them, against a
//! ratchet. Wall time on a shared machine says nothing about a few per cent; a count does.

mod table;

use std::{path::Path, process::Command};

use anyhow::{Context as _, bail};

use crate::step;
use table::Table;

/// Counts that the repository holds itself to.
const FILE: &str = "tools/xtask/instructions.txt";
/// Start and preparation cost the same however many rounds follow: they fall out of the difference.
const ROUNDS: [u64; 2] = [10, 210];

/// What is done with the counts.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ratchet {
    /// They must be those of the file.
    Hold,
    /// The file is written anew.
    Record,
}

pub(crate) fn run(root: &Path, ratchet: Ratchet) -> anyhow::Result<()> {
    if !step::exists("valgrind") {
        bail!("there is no valgrind; tools/install.sh test installs it");
    }
    // Of the workspace, so that features are those that other builds have: nothing is built twice.
    let build = ["build", "--release", "--quiet", "--workspace", "--bin", "instructions"];
    step::cargo(root, &build)?;
    let program = program(root)?;
    let counted = count_all(&program)?;
    let path = root.join(FILE);
    if ratchet == Ratchet::Record {
        std::fs::write(&path, counted.to_string()).context(FILE)?;
        println!("{counted}wrote {FILE}");
        return Ok(());
    }
    let allowed = Table::parse(&std::fs::read_to_string(&path).context(FILE)?)?;
    let verdict = table::compare(&allowed, &counted);
    print!("{}", verdict.text);
    if !verdict.is_ok {
        bail!("the counts are not those of {FILE}; what to do stands above, per path");
    }
    Ok(())
}

/// The program with the paths, where cargo has put it.
fn program(root: &Path) -> anyhow::Result<std::path::PathBuf> {
    let metadata = cargo_metadata::MetadataCommand::new()
        .manifest_path(root.join("Cargo.toml"))
        .no_deps()
        .exec()?;
    Ok(metadata.target_directory.join("release/instructions").into())
}

fn count_all(program: &Path) -> anyhow::Result<Table> {
    let listed = Command::new(program).output().context("the paths cannot be listed")?;
    let mut table = Table::default();
    for name in String::from_utf8(listed.stdout)?.lines() {
        let [few, many] = ROUNDS.map(|rounds| count(program, name, rounds));
        let per_round = (many?.saturating_sub(few?)) / (ROUNDS[1] - ROUNDS[0]);
        table.insert(name, per_round);
    }
    Ok(table)
}

/// The instructions of one run.
fn count(program: &Path, name: &str, rounds: u64) -> anyhow::Result<u64> {
    // Cachegrind without its caches is valgrind's quickest way to count.
    let mut command = Command::new("valgrind");
    command.args(["--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null"]);
    let output = command.arg(program).args([name, &rounds.to_string()]).output()?;
    let text = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        bail!("{name} ended with {}: {text}", output.status);
    }
    table::instructions(&text).with_context(|| format!("valgrind gave no count for {name}: {text}"))
}
