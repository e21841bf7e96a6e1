//! Everything that can be said about a document without loading it. Shared by REST and command line.

use std::sync::Arc;

use engine::Program;
use model::finding::{Finding, Severity, has_errors};
use soundness::{Limit, Outcome, verdict::show_summary};

/// What was found in a document, and in which specifications.
pub(crate) struct Verdict {
    pub(crate) findings: Vec<Finding>,
    /// Name and version of each specification that could be read.
    pub(crate) specifications: Vec<String>,
    /// The specifications that can be run.
    programs: Vec<Program>,
}

impl Verdict {
    pub(crate) fn is_valid(&self) -> bool {
        !has_errors(&self.findings)
    }

    /// Judges every net of each specification that can be run.
    pub(crate) fn soundness(&self, limit: Limit) -> Vec<Soundness> {
        self.programs.iter().map(|program| Soundness::of(program, limit)).collect()
    }
}

/// Whether every case of a specification can end, and ends cleanly.
pub(crate) struct Soundness {
    pub(crate) verdict: Arc<soundness::Verdict>,
    /// One line per net.
    pub(crate) nets: Vec<String>,
    /// Each defect with the walk that leads to it, then advice. All are warnings: what they mean for an
    /// upload is the server's policy.
    pub(crate) findings: Vec<Finding>,
}

impl Soundness {
    fn of(program: &Program, limit: Limit) -> Self {
        let verdict = soundness::judge(program, limit);
        let nets = verdict.nets.iter().map(|net| show_summary(program.net(net.net), net)).collect();
        let findings = verdict.findings(program, Severity::Warning);
        Self { verdict: Arc::new(verdict), nets, findings }
    }

    /// The worst of any net.
    pub(crate) fn outcome(&self) -> Outcome {
        self.verdict.outcome()
    }
}

/// The worst of all; nothing where nothing can be run.
pub(crate) fn worst(soundness: &[Soundness]) -> Option<Outcome> {
    soundness.iter().map(Soundness::outcome).max()
}

/// Reads, verifies and compiles, as an upload does. Takes up to a second: not for an async thread.
pub(crate) fn judge(document: &[u8]) -> Verdict {
    let mut verdict =
        Verdict { findings: Vec::new(), specifications: Vec::new(), programs: Vec::new() };
    let set = match model::read_bytes(document) {
        Ok(set) => set,
        Err(findings) => return Verdict { findings, ..verdict },
    };
    for specification in &set.specifications {
        verdict.specifications.push(specification.id().to_string());
        let found = model::verify(specification);
        // Compiling relies on what verification has made sure of.
        if !has_errors(&found) {
            match Program::compile(specification) {
                Ok(program) => {
                    verdict.findings.extend(engine::or_join::findings(&program));
                    verdict.programs.push(program);
                }
                Err(findings) => verdict.findings.extend(findings),
            }
        }
        verdict.findings.extend(found);
    }
    verdict.findings.sort_by_key(|finding| finding.severity);
    verdict
}
