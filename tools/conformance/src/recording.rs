//! A recording as it is on disk: one file per specification, with every walk that was made on it.
//!
//! A field that is not known here stops the replay: nothing that was recorded is left out unseen.

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::Context as _;
use serde::Deserialize;
use serde_json::Value;

/// One recording file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Recording {
    pub(crate) spec: String,
    pub(crate) walks: Vec<Walk>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Walk {
    load: Load,
    /// The walk's name: `multi014.yawl/3`.
    pub(crate) seed: String,
    pub(crate) steps: Vec<Step>,
}

/// What verification said at upload.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Load {
    errors: Vec<Value>,
    #[serde(rename = "warnings")]
    _warnings: Vec<Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Step {
    pub(crate) r#do: Vec<String>,
    pub(crate) started: Option<String>,
    pub(crate) added: Option<String>,
    pub(crate) item_data: Option<String>,
    state: Held,
    after: Option<State>,
}

/// What is recorded of a command: the state after it, or that it was refused.
#[derive(Deserialize)]
#[serde(untagged)]
enum Held {
    State(State),
    Refused {
        #[serde(rename = "exception")]
        _exception: String,
        #[serde(rename = "message")]
        _message: String,
    },
}

#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct State {
    pub(crate) marking: BTreeMap<String, Value>,
    pub(crate) items: BTreeMap<String, String>,
    pub(crate) data: BTreeMap<String, String>,
    pub(crate) done: bool,
    pub(crate) alive: bool,
}

impl Walk {
    /// Whether the reference refused the specification.
    pub(crate) fn is_unloadable(&self) -> bool {
        !self.load.errors.is_empty()
    }
}

impl Step {
    /// `start`, `complete` and so on.
    pub(crate) fn command(&self) -> &str {
        self.part(0)
    }

    /// The item that the command names.
    pub(crate) fn item(&self) -> &str {
        self.part(1)
    }

    /// The XML that the command carries.
    pub(crate) fn xml(&self) -> String {
        self.part(2).to_owned()
    }

    fn part(&self, index: usize) -> &str {
        self.r#do.get(index).map_or("", String::as_str)
    }

    pub(crate) fn is_refused(&self) -> bool {
        matches!(self.state, Held::Refused { .. })
    }

    /// What held after the command. Of a refusal that ended its walk the recording says nothing: then what held `before`.
    pub(crate) fn held<'s>(&'s self, before: &'s State) -> &'s State {
        match &self.state {
            Held::State(state) => state,
            Held::Refused { .. } => self.after.as_ref().unwrap_or(before),
        }
    }
}

/// The recording in `file` and the text of its specification.
pub(crate) fn read(file: &Path) -> anyhow::Result<(Recording, String, i64)> {
    let text = fs::read_to_string(file).with_context(|| format!("reading {}", file.display()))?;
    let recording: Recording = serde_json::from_str(&text)
        .with_context(|| format!("{} is not a recording", file.display()))?;
    let specification = file.with_file_name(&recording.spec);
    let source = fs::read_to_string(&specification).with_context(|| {
        format!("reading {}, which {} names", specification.display(), file.display())
    })?;
    Ok((recording, source, recorded_on(&text)))
}

/// The day of the recording: the first `>2026-11-20Z<` in it, which some query took from the clock.
/// Milliseconds since 1970; noon of that day, or of 1970-01-01 where no query asked.
fn recorded_on(text: &str) -> i64 {
    const NOON_MS: i64 = 12 * 3_600_000;
    let dates = text.split('>').filter_map(|tail| tail.split_once("Z<").map(|(date, _)| date));
    let days = dates.filter(|date| date.len() == 10);
    days.filter_map(|date| engine::calendar::parse_moment(date).ok()).next().unwrap_or(0) + NOON_MS
}

/// `control000.json` is of the family `control`; a file without a number is of its folder's.
pub(crate) fn family_of(file: &Path) -> String {
    let stem = file.file_stem().unwrap_or_default().to_string_lossy();
    let name = stem.trim_end_matches(|c: char| c.is_ascii_digit());
    let numbered = name.len() < stem.len() && !name.is_empty();
    let folder = || {
        file.parent().and_then(Path::file_name).unwrap_or_default().to_string_lossy().into_owned()
    };
    if numbered { name.to_owned() } else { folder() }
}
