//! From a verdict to what clients read of it.

use engine::{Program, program::Net};
use model::finding::{Finding, Severity};
use soundness::{
    Answer, Defect, Marking, Move, NetVerdict, Outcome, Verdict,
    verdict::{show_open, show_steps},
};
use wire::soundness as wire_soundness;

/// Steps of a walk that are given: nobody looks at more, and each repeats the marking.
const STEPS_MAX: usize = 500;

pub(crate) fn outcome(outcome: Outcome) -> wire_soundness::Soundness {
    match outcome {
        Outcome::Sound => wire_soundness::Soundness::Sound,
        Outcome::Undecided => wire_soundness::Soundness::Undecided,
        Outcome::Unsound => wire_soundness::Soundness::Unsound,
    }
}

pub(crate) fn detail(program: &Program, verdict: &Verdict) -> wire_soundness::SoundnessDetail {
    let nets = verdict.nets.iter().map(|one| net(program.net(one.net), one));
    wire_soundness::SoundnessDetail { outcome: outcome(verdict.outcome()), nets: nets.collect() }
}

fn net(net: &Net, verdict: &NetVerdict) -> wire_soundness::NetSoundness {
    let findings = verdict.findings(net, Severity::Warning).into_iter();
    wire_soundness::NetSoundness {
        net: net.id.clone(),
        outcome: outcome(verdict.outcome()),
        option_to_complete: answer(verdict.option_to_complete),
        proper_completion: answer(verdict.proper_completion),
        no_dead_tasks: answer(verdict.no_dead_tasks),
        weakly_sound: answer(verdict.is_weakly_sound()),
        states: super::count(verdict.effort.states),
        open: verdict.open.map(|open| show_open(net, open, verdict.effort)),
        findings: findings.map(|(said, defect)| finding(net, &said, defect)).collect(),
    }
}

fn answer(answer: Answer) -> wire_soundness::Answer {
    match answer {
        Answer::Yes => wire_soundness::Answer::Yes,
        Answer::No => wire_soundness::Answer::No,
        Answer::Unknown => wire_soundness::Answer::Unknown,
    }
}

fn finding(net: &Net, said: &Finding, defect: Option<&Defect>) -> wire_soundness::SoundnessFinding {
    let walk = defect.map(|it| steps(net, &Marking::initial(net), &it.walk));
    let cycle = defect.map(|it| steps(net, &it.marking, &it.cycle));
    wire_soundness::SoundnessFinding {
        finding: super::finding(said),
        walk: walk.unwrap_or_default(),
        cycle: cycle.unwrap_or_default(),
    }
}

fn steps(net: &Net, start: &Marking, walk: &[Move]) -> Vec<wire_soundness::Step> {
    let steps = show_steps(net, start, walk);
    if steps.len() > STEPS_MAX {
        return Vec::new();
    }
    steps.into_iter().map(|(text, after)| step(net, text, &after)).collect()
}

fn step(net: &Net, text: String, after: &Marking) -> wire_soundness::Step {
    let marked = net.conditions.iter().zip(&after.tokens).filter(|(_, tokens)| **tokens > 0);
    wire_soundness::Step {
        text,
        tokens: marked.map(|(condition, tokens)| (condition.id.clone(), *tokens)).collect(),
        busy: after.busy.iter().map(|task| net.task(*task).id.clone()).collect(),
    }
}
