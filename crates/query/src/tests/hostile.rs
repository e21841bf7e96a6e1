//! Queries made to hurt: each is refused within a second of processor time, when compiled or when run.

use std::{fs, path::Path};

use super::answers::NOW;
use crate::{Document, EvaluateError, Query};

const CORPUS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../testdata/hostile/query");

/// Most that one query may cost; builds without optimisation get more.
const SECONDS_MAX: f64 = if cfg!(debug_assertions) { 10.0 } else { 1.0 };

#[test]
fn every_hostile_query_is_refused_in_time() {
    let leaves: String = (0..300).map(|i| format!("<leaf n='{i}'>text {i}</leaf>")).collect();
    let xml = format!("<N><k>7</k>{leaves}{}{}</N>", "<d>".repeat(100), "</d>".repeat(100));
    let document = Document::parse(&xml).unwrap();
    let mut wrong = Vec::new();
    let mut count = 0;
    for entry in fs::read_dir(Path::new(CORPUS)).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let before = processor_seconds();
        let answer = Query::compile(&text)
            .map_err(|error| error.to_string())
            .and_then(|query| query.evaluate(&document, NOW).map_err(|error| error.to_string()));
        let seconds = processor_seconds() - before;
        count += 1;
        match answer {
            Ok(result) => wrong.push(format!("{name}: gives {} bytes", result.len())),
            Err(error) if error.len() > 400 => {
                wrong.push(format!("{name}: a message of {} bytes", error.len()))
            }
            Err(_) if seconds > SECONDS_MAX => wrong.push(format!("{name}: {seconds:.1} s")),
            Err(error) => println!("{name}: {seconds:.3} s: {error}"),
        }
    }
    assert!(wrong.is_empty(), "{} of {count}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(count > 70, "only {count} queries were read from {CORPUS}");
}

/// Processor time of this thread: the work that it did, however busy the machine is.
fn processor_seconds() -> f64 {
    // What stands behind the thread's name: its state is the third field of all, user and system time are the 14th and 15th,
    // in ticks, of which Linux shows a hundred a second.
    let stat = fs::read_to_string("/proc/thread-self/stat").unwrap();
    let (_, fields) = stat.rsplit_once(')').unwrap();
    let ticks = fields.split_whitespace().skip(14 - 3).take(2);
    ticks.map(|ticks| ticks.parse::<f64>().unwrap()).sum::<f64>() / 100.0
}

/// Values at the edges of their types: an answer or an error, but no panic.
#[test]
fn extreme_values_do_no_harm() {
    let document = Document::parse("<N><k>7</k></N>").unwrap();
    let queries = include_str!("extremes.txt").lines().filter(|line| !line.is_empty());
    for text in queries {
        if let Ok(query) = Query::compile(text) {
            let _ = query.evaluate(&document, NOW);
            let _ = query.evaluate_boolean(&document, NOW);
        }
    }
}

#[test]
fn the_limit_on_nesting_leaves_room_for_real_queries() {
    let levels = crate::limits::NESTING_MAX as usize;
    let document = Document::parse("<N/>").unwrap();
    let shapes = [
        ("(", "1", ")"),
        ("<a>", "", "</a>"),
        ("string(", "1", ")"),
        ("(1)[", "1", "]"),
        ("<a>{", "1", "}</a>"),
        ("if (1) then ", "1", " else 2"),
        ("for $x in (1) return ", "1", ""),
        ("1 + (", "1", ")"),
        ("<a b='{", "1", "}'/>"),
        ("1 + 1 * (", "1", ")"),
        ("some $x in 1 satisfies ", "1", ""),
    ];
    for (open, inner, close) in shapes {
        let nested =
            |levels: usize| format!("{}{inner}{}", open.repeat(levels), close.repeat(levels));
        let deepest =
            (1..=levels).rev().find(|levels| Query::compile(&nested(*levels)).is_ok()).unwrap();
        assert!(deepest >= 15, "{open} nests only {deepest} deep");
        let query = Query::compile(&nested(deepest)).unwrap();
        match query.evaluate(&document, NOW) {
            Ok(_) => {}
            Err(error) => assert_eq!(error.code, EvaluateError::LIMIT, "{open}: {error}"),
        }
    }
}
