//! Which crate may know which: the table of `docs/architecture.md`, held against the truth.
//!
//! Tests of a crate may also use what is no further out than the crate itself. What a core reaches in
//! others' packages is looked at in `closure`.

#[cfg(test)]
mod tests;

use super::graph::{Arrow, Graph};
use crate::finding::Finding;

/// How far out a crate stands. Ordered from the inside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Core,
    Shell,
    Edge,
}

/// One crate of the house.
pub(crate) struct Wall {
    name: &'static str,
    kind: Kind,
    /// The crates of ours that its code may know.
    knows: &'static [&'static str],
}

/// The house. A crate gets its row here and in `docs/architecture.md` when its first file is written.
pub(crate) const HOUSE: &[Wall] = &[
    Wall { name: "plain", kind: Kind::Core, knows: &[] },
    Wall { name: "model", kind: Kind::Core, knows: &["plain"] },
    Wall { name: "query", kind: Kind::Core, knows: &["plain"] },
    Wall { name: "engine", kind: Kind::Core, knows: &["model", "plain", "query"] },
    Wall { name: "agents", kind: Kind::Core, knows: &[] },
    Wall { name: "soundness", kind: Kind::Core, knows: &["engine", "model"] },
    Wall { name: "store", kind: Kind::Shell, knows: &[] },
    Wall { name: "node", kind: Kind::Shell, knows: &["agents", "engine", "model", "store"] },
    Wall { name: "wire", kind: Kind::Edge, knows: &[] },
    Wall { name: "sdk", kind: Kind::Edge, knows: &["wire"] },
    Wall {
        name: "server",
        kind: Kind::Edge,
        knows: &[
            "agents",
            "conformance",
            "engine",
            "loadgen",
            "model",
            "node",
            "soundness",
            "wire",
        ],
    },
    Wall { name: "loadgen", kind: Kind::Edge, knows: &["sdk", "wire"] },
    Wall { name: "conformance", kind: Kind::Edge, knows: &["engine", "model"] },
    Wall { name: "netgen", kind: Kind::Core, knows: &["model"] },
    Wall { name: "fuzzing", kind: Kind::Edge, knows: &["engine", "model", "query", "store"] },
    Wall { name: "sim", kind: Kind::Edge, knows: &["agents"] },
    Wall { name: "instructions", kind: Kind::Edge, knows: &["engine", "model", "query", "store"] },
    Wall { name: "xtask", kind: Kind::Edge, knows: &[] },
];

/// The crates that are pure rules.
pub(crate) fn cores() -> impl Iterator<Item = &'static str> {
    HOUSE.iter().filter(|wall| wall.kind == Kind::Core).map(|wall| wall.name)
}

pub(crate) fn check(graph: &Graph, house: &[Wall]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (index, package) in graph.ours() {
        if !package.inherits_lints {
            let message = "the manifest does not take the house's lints";
            findings.push(Finding::new(&package.name, message, "add `[lints] workspace = true`"));
        }
        let Some(wall) = house.iter().find(|wall| wall.name == package.name) else {
            let remedy = "add its row to `walls.rs` and to docs/architecture.md";
            findings.push(Finding::new(&package.name, "has no row in the wall table", remedy));
            continue;
        };
        findings.extend(check_arrows(graph, index, wall, house));
    }
    findings
}

fn check_arrows(graph: &Graph, index: usize, wall: &Wall, house: &[Wall]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (to, arrow) in &graph.packages[index].needs {
        let needed = &graph.packages[*to];
        if !needed.is_ours || wall.knows.contains(&needed.name.as_str()) {
            continue;
        }
        let kind = house.iter().find(|other| other.name == needed.name).map(|other| other.kind);
        let is_allowed = *arrow == Arrow::Tests && kind.is_some_and(|kind| kind <= wall.kind);
        if !is_allowed {
            let message = format!("must not know `{}`", needed.name);
            let remedy = "turn the arrow round, or move the code to the crate that may know it";
            findings.push(Finding::new(wall.name, message, remedy));
        }
    }
    findings
}
