//! The reader of specifications, and all that an upload leads to.

use engine::Program;
use model::finding::Severity;

/// What was read is written and read back equal; what verifies is compiled.
pub(crate) fn read(bytes: &[u8]) {
    let Ok(set) = model::read_bytes(bytes) else { return };
    let text = model::write(&set);
    let again = model::read(&text).expect("what the writer writes can be read");
    assert_eq!(model::write(&again), text, "writing is stable");
    for specification in &set.specifications {
        let findings = model::verify(specification);
        if findings.iter().all(|finding| finding.severity != Severity::Error) {
            drop(Program::compile(specification));
        }
    }
}
