//! The explicit list: every recorded step that a known defect of the reference explains. A step that needs a defect
//! and is not here fails the run, and so does one that is here and needs none.

use crate::defect::Defect;

/// Steps of one walk, counted from 0, that a defect explains.
struct Known {
    walk: &'static str,
    defect: Defect,
    steps: &'static [usize],
}

const fn known(walk: &'static str, defect: Defect, steps: &'static [usize]) -> Known {
    Known { walk, defect, steps }
}

const KNOWN: [Known; 21] = [
    known("cancel005.yawl/0", Defect::StaleBusy, &[9, 10, 11]),
    known("cancel005.yawl/1", Defect::StaleBusy, &[10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21]),
    known("cancel012.yawl/0", Defect::StaleBusy, &[11]),
    known("cancel019.yawl/0", Defect::KeptToken, &[4, 5, 8, 9, 12, 13]),
    known("cancel019.yawl/1", Defect::KeptToken, &[4, 5]),
    known("cancel019.yawl/2", Defect::KeptToken, &[4, 5]),
    known("cancel031.yawl/1", Defect::KeptToken, &[32, 33, 34]),
    known("cancel050.yawl/5", Defect::StaleBusy, &[22]),
    known("data049.yawl/0", Defect::HalfSkip, &[3]),
    known("data056.yawl/4", Defect::HalfSkip, &[3]),
    known("multi014.yawl/3", Defect::LastElement, &[3, 6]),
    known("multi015.yawl/0", Defect::StaleBusy, &[22]),
    known("multi015.yawl/2", Defect::StaleBusy, &[12]),
    known("multi015.yawl/5", Defect::StaleBusy, &[17]),
    known("multi020.yawl/1", Defect::LastElement, &[7]),
    known("multi030.yawl/1", Defect::LastElement, &[12]),
    known("multi030.yawl/4", Defect::LastElement, &[9]),
    known("multi030.yawl/5", Defect::LastElement, &[10]),
    known("multi034.yawl/0", Defect::LastElement, &[7]),
    known("multi034.yawl/1", Defect::LastElement, &[5, 6]),
    known("multi043.yawl/2", Defect::LateFailure, &[2]),
];

/// What is listed of a walk.
pub(crate) fn of(walk: &str) -> Vec<(usize, Defect)> {
    let own = KNOWN.iter().filter(|known| known.walk == walk);
    let mut steps: Vec<_> =
        own.flat_map(|known| known.steps.iter().map(|step| (*step, known.defect))).collect();
    steps.sort();
    steps
}
