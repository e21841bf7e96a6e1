//! Everything that can be said about a document without loading it. Shared by REST and command line.

use model::finding::{Finding, has_errors};

/// What was found in a document, and in which specifications.
pub(crate) struct Verdict {
    pub(crate) findings: Vec<Finding>,
    /// Name and version of each specification that could be read.
    pub(crate) specifications: Vec<String>,
}

impl Verdict {
    pub(crate) fn is_valid(&self) -> bool {
        !has_errors(&self.findings)
    }
}

/// Reads, verifies and compiles, as an upload does. Takes up to a second: not for an async thread.
pub(crate) fn judge(document: &[u8]) -> Verdict {
    let set = match model::read_bytes(document) {
        Ok(set) => set,
        Err(findings) => return Verdict { findings, specifications: Vec::new() },
    };
    let mut verdict = Verdict { findings: Vec::new(), specifications: Vec::new() };
    for specification in &set.specifications {
        verdict.specifications.push(specification.id().to_string());
        let found = model::verify(specification);
        // Compiling relies on what verification has made sure of.
        if !has_errors(&found) {
            verdict
                .findings
                .extend(engine::Program::compile(specification).err().unwrap_or_default());
        }
        verdict.findings.extend(found);
    }
    verdict.findings.sort_by_key(|finding| finding.severity);
    verdict
}
