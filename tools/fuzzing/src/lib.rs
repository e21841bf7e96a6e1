//! Edge: what reads bytes from outside, each behind one function that takes any bytes and must not panic.
//!
//! ```text
//!   fuzz/ (its own workspace, libFuzzer) ──▶ TARGETS ──▶ model, query, engine, store
//!   tests/corpus.rs (ordinary tests)     ──▶    │
//! ```
//!
//! `cargo xtask fuzz TARGET SECONDS` looks for new inputs; what it finds is mended and its input kept in
//! `testdata/fuzz/TARGET`, which the ordinary tests replay. Each target also asserts what must hold of
//! whatever was accepted: an answer that differs the second time is a finding, too.

pub mod events;
mod log;
mod query_text;
mod specification;

/// Takes any bytes.
pub type Target = fn(&[u8]);

/// Every target by name.
pub const TARGETS: &[(&str, Target)] = &[
    ("specification", specification::read),
    ("query", query_text::run),
    ("events", events::replay_all),
    ("log", log::recover),
];

/// Feeds the target of this name, which must be one of [`TARGETS`].
pub fn feed(name: &str, bytes: &[u8]) {
    let (_, target) =
        TARGETS.iter().find(|(known, _)| *known == name).expect("callers name targets");
    target(bytes);
}
