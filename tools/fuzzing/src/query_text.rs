//! The query compiler, and the evaluation of what it accepts on a small document.

use query::{Document, Now, Query};

const DOCUMENT: &str = "<Net><n>3</n><flag>true</flag><note>a &lt; b</note><list><n>1</n><n>2</n></list>\
    <order><line qty='2'><price>1.50</price></line><line qty='3'><price>2.00</price></line></order></Net>";

const NOW: Now = Now { unix_ms: 1_795_242_600_000, offset_minutes: 60 };

/// The same query gives the same answer twice.
pub(crate) fn run(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let Ok(query) = Query::compile(text) else { return };
    let document = Document::parse(DOCUMENT).expect("the document is well-formed");
    let answer = query.evaluate(&document, NOW);
    let again = query.evaluate(&document, NOW);
    assert_eq!(answer.is_ok(), again.is_ok());
    assert_eq!(answer.ok(), again.ok());
    drop(query.evaluate_boolean(&document, NOW));
}
