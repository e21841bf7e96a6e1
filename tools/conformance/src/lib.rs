//! Edge tool: replays recorded walks of the reference engine and compares every step.
//!
//! A recording (`NAME.json`) stands beside its specification (`NAME.yawl`). Each walk is a list of commands
//! with the state that held after each: marking, items, data. [`run`] replays all below a folder and
//! prints a table; it never changes what it reads. The folder's own README says how to compare.

mod compare;
mod replay;

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use serde::Deserialize;
use serde_json::Value;

pub use replay::Difference;

/// One recording file.
#[derive(Deserialize)]
pub(crate) struct Recording {
    spec: String,
    walks: Vec<Walk>,
}

#[derive(Deserialize)]
pub(crate) struct Walk {
    load: Load,
    seed: String,
    steps: Vec<Step>,
}

/// What verification said at upload.
#[derive(Deserialize)]
pub(crate) struct Load {
    errors: Vec<Value>,
}

#[derive(Deserialize)]
pub(crate) struct Step {
    r#do: Vec<String>,
    started: Option<String>,
    added: Option<Value>,
    item_data: Option<String>,
    state: State,
    after: Option<State>,
}

/// What held after a step. A refused command has `exception` and its state in `after`.
#[derive(Deserialize)]
pub(crate) struct State {
    exception: Option<String>,
    #[serde(default)]
    marking: BTreeMap<String, Value>,
    #[serde(default)]
    items: BTreeMap<String, String>,
    #[serde(default)]
    data: BTreeMap<String, String>,
    #[serde(default)]
    done: bool,
    #[serde(default)]
    alive: bool,
}

/// How one family did.
#[derive(Clone, Debug, Default)]
pub struct Family {
    pub walks: usize,
    pub steps: usize,
    pub equal: usize,
    /// Where walks first came out otherwise, one a walk.
    pub differences: Vec<Difference>,
}

/// How all families did, by name.
#[derive(Clone, Debug, Default)]
pub struct Summary {
    pub families: BTreeMap<String, Family>,
}

impl Summary {
    /// Every step of every family came out the same.
    pub fn is_equal(&self) -> bool {
        self.families.values().all(|family| family.equal == family.steps)
    }
}

/// Replays every recording below `folder` and prints a table of families.
pub fn run(folder: &Path, out: &mut dyn io::Write) -> anyhow::Result<Summary> {
    let summary = replay_all(folder)?;
    print(&summary, out)?;
    Ok(summary)
}

/// Replays every recording below `folder`.
pub fn replay_all(folder: &Path) -> anyhow::Result<Summary> {
    let mut files = Vec::new();
    find_recordings(folder, &mut files)?;
    files.sort();
    let mut summary = Summary::default();
    for file in files {
        let text =
            fs::read_to_string(&file).with_context(|| format!("reading {}", file.display()))?;
        let Ok(recording) = serde_json::from_str::<Recording>(&text) else { continue };
        let family = summary.families.entry(family_of(&file)).or_default();
        let specification = file.with_file_name(&recording.spec);
        let source = fs::read_to_string(&specification).with_context(|| {
            format!("reading {}, which {} names", specification.display(), file.display())
        })?;
        replay::recording(&recording, &source, recorded_on(&text), family);
    }
    Ok(summary)
}

fn find_recordings(folder: &Path, into: &mut Vec<PathBuf>) -> anyhow::Result<()> {
    let entries =
        fs::read_dir(folder).with_context(|| format!("reading the folder {}", folder.display()))?;
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() {
            find_recordings(&path, into)?;
        } else if path.extension().is_some_and(|extension| extension == "json") {
            into.push(path);
        }
    }
    Ok(())
}

/// `control000.json` is of the family `control`; a file without a number is of its folder's.
fn family_of(file: &Path) -> String {
    let stem = file.file_stem().unwrap_or_default().to_string_lossy();
    let name = stem.trim_end_matches(|c: char| c.is_ascii_digit());
    let numbered = name.len() < stem.len() && !name.is_empty();
    let folder = || {
        file.parent().and_then(Path::file_name).unwrap_or_default().to_string_lossy().into_owned()
    };
    if numbered { name.to_owned() } else { folder() }
}

/// The day of the recording: the first `>2026-11-20Z<` in it, which some query took from the clock.
/// Milliseconds since 1970; noon of that day, or of 1970-01-01 where no query asked.
fn recorded_on(text: &str) -> i64 {
    const NOON_MS: i64 = 12 * 3_600_000;
    let dates = text.split('>').filter_map(|tail| tail.split_once("Z<").map(|(date, _)| date));
    let days = dates.filter(|date| date.len() == 10);
    days.filter_map(|date| engine::calendar::parse_moment(date).ok()).next().unwrap_or(0) + NOON_MS
}

fn print(summary: &Summary, out: &mut dyn io::Write) -> io::Result<()> {
    writeln!(
        out,
        "{:<14} {:>6} {:>7} {:>7}  first difference",
        "family", "walks", "steps", "equal"
    )?;
    for (name, family) in &summary.families {
        let first = family.differences.first().map_or_else(|| "-".to_owned(), ToString::to_string);
        writeln!(
            out,
            "{name:<14} {:>6} {:>7} {:>7}  {first}",
            family.walks, family.steps, family.equal
        )?;
    }
    Ok(())
}
