//! What a replay prints: a row a family, the defects that showed, and what nothing explains.

use std::{collections::BTreeMap, io};

use crate::{Defect, Summary};

pub(crate) fn print(summary: &Summary, out: &mut dyn io::Write) -> io::Result<()> {
    let columns = ["family", "walks", "steps", "equal", "defect", "unexplained"];
    let [name, walks, steps, equal, defect, unexplained] = columns;
    writeln!(out, "{name:<14} {walks:>6} {steps:>7} {equal:>7} {defect:>7} {unexplained:>12}")?;
    let mut shown: BTreeMap<Defect, usize> = BTreeMap::new();
    for (name, family) in &summary.families {
        let known: usize = family.known.values().sum();
        let (walks, steps, equal) = (family.walks, family.steps, family.equal);
        let unexplained = family.unexplained();
        writeln!(out, "{name:<14} {walks:>6} {steps:>7} {equal:>7} {known:>7} {unexplained:>12}")?;
        for (defect, steps) in &family.known {
            *shown.entry(*defect).or_default() += steps;
        }
    }
    for (defect, steps) in shown {
        writeln!(out, "\n{defect}, {steps} steps: {}", defect.reason())?;
    }
    for difference in summary.differences() {
        writeln!(out, "{difference}")?;
    }
    Ok(())
}
