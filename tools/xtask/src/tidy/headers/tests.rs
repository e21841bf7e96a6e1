//! Sample trees for the rule on first lines.

use expect_test::{Expect, expect};

use super::check;
use crate::{finding::show, tidy::Tree};

#[track_caller]
fn check_tree(files: &[(&str, &str)], want: Expect) {
    want.assert_eq(&show(check(&Tree::of(files))));
}

#[test]
fn a_file_begins_with_its_comment() {
    check_tree(
        &[
            ("crates/a/src/one.rs", "//! What one is.\n"),
            ("crates/a/src/two.rs", "use std::fmt;\n"),
            ("crates/a/src/three.rs", "\n//! Too late.\n"),
            ("crates/a/src/empty.rs", ""),
            ("docs/two.md", "use std::fmt;\n"),
        ],
        expect![[r#"
            crates/a/src/empty.rs: line 1 is no module comment; begin the file with `//!` and one to six lines on what it is
            crates/a/src/three.rs: line 1 is no module comment; begin the file with `//!` and one to six lines on what it is
            crates/a/src/two.rs: line 1 is no module comment; begin the file with `//!` and one to six lines on what it is
        "#]],
    );
}

#[test]
fn a_crate_says_its_kind() {
    check_tree(
        &[
            ("crates/a/src/lib.rs", "//! Core: rules.\n"),
            ("crates/b/src/lib.rs", "//! Rules.\n"),
            ("crates/c/src/lib.rs", "//! SHELL: a disk.\n"),
            ("tools/d/src/lib.rs", "//! Edge tool: replays.\n"),
            ("crates/e/src/lib.rs", "//! CORE. Rules.\n"),
            ("crates/b/src/main.rs", "//! The program of b.\n"),
            ("tools/c/src/main.rs", "//! Edge: a tool.\n"),
        ],
        expect![[r#"
            crates/b/src/lib.rs: line 1 does not say which kind of crate this is; begin with `//! Core: `, `//! Shell: ` or `//! Edge: ` and what the crate does
        "#]],
    );
}
