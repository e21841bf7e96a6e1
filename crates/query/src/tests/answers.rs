//! The answers that the reference gives, query by query.

use crate::{Document, Now, Query};

/// 2026-11-21T06:30:00Z, at UTC.
pub(crate) const NOW: Now = Now { unix_ms: 1_795_242_600_000, offset_minutes: 0 };

/// What `query` gives over `document`: the result, or `error CODE`.
pub(super) fn answer(document: &str, query: &str) -> String {
    let document = Document::parse(document).unwrap();
    let query = match Query::compile(query) {
        Ok(query) => query,
        Err(error) => return format!("error at compile time: {error}"),
    };
    match query.evaluate(&document, NOW) {
        Ok(result) => result.replace('\n', "\\n").replace('\r', "\\r"),
        Err(error) => format!("error {} ({error})", error.code),
    }
}

/// Whether `got` is the reference's answer. Errors that we find earlier are as good.
fn agrees(got: &str, wanted: &str) -> bool {
    match wanted.strip_prefix("error ") {
        Some(code) => {
            got.starts_with("error at compile time") || got.starts_with(&format!("error {code} "))
        }
        None => got == wanted,
    }
}

/// How many answers `table` has, and those that differ.
fn differences(table: &str) -> (usize, Vec<String>) {
    let (mut document, mut query) = ("", "");
    let mut count = 0;
    let mut wrong = Vec::new();
    for line in table.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        if let Some(xml) = line.strip_prefix("@document ") {
            document = xml;
        } else if let Some(wanted) = line.strip_prefix("=> ") {
            let got = answer(document, query);
            count += 1;
            if !agrees(&got, wanted) {
                wrong.push(format!("{query}\n  wanted {wanted}\n  got    {got}"));
            }
        } else {
            query = line;
        }
    }
    (count, wrong)
}

#[test]
fn every_answer_is_that_of_the_reference() {
    let (count, wrong) = differences(include_str!("answers.txt"));
    assert!(wrong.is_empty(), "{} of {count} differ:\n{}", wrong.len(), wrong.join("\n"));
    assert!(count > 500, "only {count} answers were read");
}

/// Compares further answers of the reference, in the same form, from the file that `QUERY_ANSWERS` names. Only values
/// count there: the reference may leave out what cannot matter and so miss its error, and it checks types before it runs.
#[test]
fn further_answers_agree() {
    let Some(path) = std::env::var_os("QUERY_ANSWERS") else { return };
    let (count, mut wrong) = differences(&std::fs::read_to_string(path).unwrap());
    wrong.retain(|entry| {
        !entry.contains("\n  wanted error ") && !entry.contains("\n  got    error ")
    });
    assert!(wrong.is_empty(), "{} of {count} differ:\n{}", wrong.len(), wrong.join("\n"));
}
