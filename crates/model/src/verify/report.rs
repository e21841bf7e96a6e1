//! What verification has found so far, bounded: a small document can break a rule very often.

use crate::{
    finding::{Finding, Severity},
    limits::VERIFICATION_FINDINGS_MAX,
};

#[derive(Default)]
pub(super) struct Report {
    findings: Vec<Finding>,
    errors: usize,
}

impl Report {
    /// Takes a finding. Beyond the limit it is dropped, counted for errors and warnings apart: many
    /// warnings must not hide an error.
    pub(super) fn push(&mut self, finding: Finding) {
        let warnings = self.findings.len() - self.errors;
        let count = match finding.severity {
            Severity::Error => self.errors,
            Severity::Warning => warnings,
        };
        if count < VERIFICATION_FINDINGS_MAX {
            self.errors += usize::from(finding.severity == Severity::Error);
            self.findings.push(finding);
        }
    }

    /// No more errors are taken: looking for them would only cost time.
    pub(super) fn is_full(&self) -> bool {
        self.errors >= VERIFICATION_FINDINGS_MAX
    }

    /// How many findings there are.
    pub(super) fn len(&self) -> usize {
        self.findings.len()
    }

    /// Says of the findings from number `start` on in which net their elements are.
    pub(super) fn name_net(&mut self, start: usize, net: &str) {
        for finding in self.findings.iter_mut().skip(start) {
            if !finding.element.starts_with("YNet:") {
                finding.message = format!("in net {net} {}", finding.message);
            }
        }
    }

    pub(super) fn finish(self) -> Vec<Finding> {
        self.findings
    }
}
