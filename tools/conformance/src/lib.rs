//! Edge tool: replays recorded walks of the reference engine, and our own traces, and compares every step.
//!
//! A recording (`NAME.json`) stands beside its specification (`NAME.yawl`). Each walk is a list of commands
//! with the state that held after each: marking, items, data. The control-flow [`patterns`] have traces of our own.
//! [`run`] replays all below a folder and prints a table; it never changes what it reads. The folder's own README says
//! how to compare.

mod compare;
mod defect;
mod files;
mod known;
mod or_join;
pub mod patterns;
mod recording;
mod replay;
mod table;

use std::{collections::BTreeMap, io, path::Path};

use engine::{Event, Program};

pub use defect::Defect;
pub use replay::Difference;

/// How one family did.
#[derive(Clone, Debug, Default)]
pub struct Family {
    pub walks: usize,
    pub steps: usize,
    pub equal: usize,
    /// Steps that came out as a listed defect of the reference has it.
    pub known: BTreeMap<Defect, usize>,
    /// What nothing explains, and where the list of known defects is wrong.
    pub differences: Vec<Difference>,
}

/// How all families did, by name.
#[derive(Clone, Debug, Default)]
pub struct Summary {
    pub families: BTreeMap<String, Family>,
}

impl Family {
    /// Steps that are neither equal nor explained by a listed defect.
    pub fn unexplained(&self) -> usize {
        self.steps - self.equal - self.known.values().sum::<usize>()
    }

    fn add(&mut self, walk: &recording::Walk, outcome: replay::Outcome) {
        self.walks += 1;
        self.steps += walk.steps.len();
        self.equal += outcome.equal;
        let listed = known::of(&walk.seed);
        let mut wrong = |step: usize, what: String| {
            let command = walk.steps[step].r#do.join(" ");
            self.differences.push(Difference { walk: walk.seed.clone(), step, command, what });
        };
        for (step, defect) in &outcome.defects {
            if listed.contains(&(*step, *defect)) {
                *self.known.entry(*defect).or_default() += 1;
            } else {
                wrong(*step, format!("comes out as {defect} has it, which is not listed"));
            }
        }
        for (step, defect) in listed {
            if outcome.difference.is_none() && !outcome.defects.contains(&(step, defect)) {
                wrong(step, format!("{defect} is listed and no longer shows"));
            }
        }
        self.differences.extend(outcome.difference);
    }
}

impl Summary {
    /// Every step is equal or explained by a listed defect, and the list is right.
    pub fn is_explained(&self) -> bool {
        let mut families = self.families.values();
        families.all(|family| family.unexplained() == 0 && family.differences.is_empty())
    }

    /// All that nothing explains.
    pub fn differences(&self) -> impl Iterator<Item = &Difference> {
        self.families.values().flat_map(|family| &family.differences)
    }
}

/// Replays every recording below `folder` and prints a table of families.
pub fn run(folder: &Path, out: &mut dyn io::Write) -> anyhow::Result<Summary> {
    let summary = replay_all(folder)?;
    table::print(&summary, out)?;
    Ok(summary)
}

/// Replays every recording below `folder` and shows `visit` what happened in each of its walks.
pub fn walk_through(
    folder: &Path,
    visit: &mut dyn FnMut(&Program, &[Event]),
) -> anyhow::Result<()> {
    for file in files::find(folder, "json")? {
        let (recording, source, now_ms) = recording::read(&file)?;
        let program = replay::load(&source);
        for walk in &recording.walks {
            let outcome = replay::replay(walk, &program, now_ms);
            if let Ok(program) = &program {
                visit(program, &outcome.events);
            }
        }
    }
    Ok(())
}

/// Replays every recording and every pattern's trace below `folder`.
pub fn replay_all(folder: &Path) -> anyhow::Result<Summary> {
    let mut summary = Summary::default();
    for file in files::find(folder, "json")? {
        let (recording, source, now_ms) = recording::read(&file)?;
        let family = summary.families.entry(recording::family_of(&file)).or_default();
        let program = replay::load(&source);
        for walk in &recording.walks {
            family.add(walk, replay::replay(walk, &program, now_ms));
        }
    }
    for file in files::find(folder, "trace")? {
        let family = summary.families.entry(patterns::FAMILY.to_owned()).or_default();
        patterns::replay(&file, family)?;
    }
    Ok(summary)
}
