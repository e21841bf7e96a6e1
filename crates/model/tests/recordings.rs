//! Reads and verifies every specification of the shared recordings, and compares with what the
//! reference said at upload. Says so, and passes, where the recordings are absent.

use std::{collections::BTreeSet, fs, path::PathBuf};

use model::{
    finding::{Finding, Severity},
    specification::SchemaVersion,
};
use serde_json::Value;

/// The folder of the recordings: `FLOTILLA_SHARED`, or beside the checkout.
fn shared() -> Option<PathBuf> {
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let folder = std::env::var_os("FLOTILLA_SHARED").map_or(beside, PathBuf::from);
    let conformance = folder.join("conformance");
    if conformance.is_dir() {
        return Some(conformance);
    }
    println!("skipped: no recordings in {}", conformance.display());
    None
}

/// Name and text of every recorded specification, sorted by name.
fn specifications(conformance: &std::path::Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for family in ["walks", "yawl"] {
        for entry in fs::read_dir(conformance.join(family)).expect("the family has a folder") {
            let path = entry.expect("a folder that can be listed").path();
            if path.extension().is_some_and(|extension| extension == "yawl") {
                let name =
                    format!("{family}/{}", path.file_name().unwrap_or_default().to_string_lossy());
                found.push((name, fs::read_to_string(&path).expect("a file that can be read")));
            }
        }
    }
    found.sort();
    found
}

#[test]
fn every_recorded_specification_is_read() {
    let Some(conformance) = shared() else { return };
    let specifications = specifications(&conformance);
    assert!(specifications.len() > 300, "found only {}", specifications.len());
    for (name, text) in specifications {
        if let Err(findings) = model::read(&text) {
            let lines: Vec<String> = findings.iter().map(ToString::to_string).collect();
            panic!("{name} is refused:\n{}", lines.join("\n"));
        }
    }
}

#[test]
fn verification_says_what_the_reference_said() {
    let Some(conformance) = shared() else { return };
    let mut walks = 0;
    for (name, text) in specifications(&conformance) {
        let recording = conformance.join(&name).with_extension("json");
        let recording: Value =
            serde_json::from_str(&fs::read_to_string(recording).unwrap()).unwrap();
        let set = model::read(&text).unwrap();
        let findings: Vec<Finding> = set.specifications.iter().flat_map(model::verify).collect();
        let errors: Vec<String> = with(&findings, Severity::Error, ToString::to_string);
        let warnings: BTreeSet<String> = with(&findings, Severity::Warning, |finding| {
            let id = finding.element.split_once(':').map_or("", |(_, id)| id);
            format!("{} {id}", finding.rule)
        })
        .into_iter()
        .collect();
        for walk in recording["walks"].as_array().unwrap() {
            let refused = !walk["load"]["errors"].as_array().unwrap().is_empty();
            assert_eq!(refused, !errors.is_empty(), "{name}: {errors:#?}");
            let recorded = walk["load"]["warnings"].as_array().unwrap();
            let recorded: BTreeSet<String> = recorded.iter().filter_map(rule_and_id).collect();
            assert_eq!(warnings, recorded, "{name}");
            walks += 1;
        }
    }
    assert!(walks > 2_000, "compared only {walks}");
}

fn with<T>(findings: &[Finding], severity: Severity, show: impl Fn(&Finding) -> T) -> Vec<T> {
    findings.iter().filter(|finding| finding.severity == severity).map(show).collect()
}

/// Our rule and the element's id for a warning of the reference. None for those about services,
/// which a specification alone does not decide.
fn rule_and_id(message: &Value) -> Option<String> {
    let message = message.as_str().expect("messages are strings");
    let in_brackets = message.split_once('[').and_then(|(_, rest)| rest.split_once(']'));
    let id = in_brackets.map_or("", |(inside, _)| inside).trim_start_matches("YNet:");
    let rule = if message.starts_with("The decomposition") {
        "decomposition-unused"
    } else if message.starts_with("It may be possible for the net") {
        "net-empty-path"
    } else if message.contains("is not registered with engine") {
        return None;
    } else {
        panic!("no rule is known for {message:?}");
    };
    Some(format!("{rule} {id}"))
}

#[test]
fn every_recorded_specification_survives_writing() {
    let Some(conformance) = shared() else { return };
    for (name, text) in specifications(&conformance) {
        let mut set = model::read(&text).unwrap();
        let written = model::write(&set);
        let again = model::read(&written).unwrap_or_else(|findings| {
            panic!("{name} is refused once written: {}", findings[0]);
        });
        // Writing raises both versions; all recordings are past Beta, where they mean the same.
        set.version = SchemaVersion::V4_0;
        for specification in &mut set.specifications {
            specification.schema_version = SchemaVersion::V4_0;
        }
        assert_eq!(again, set, "{name}");
        assert_eq!(model::write(&again), written, "{name}");
    }
}
