//! Sample sources for the rule on names.

use expect_test::{Expect, expect};

use super::check;
use crate::{finding::show, tidy::Tree};

#[track_caller]
fn check_source(text: &str, want: Expect) {
    want.assert_eq(&show(check(&Tree::of(&[("a.rs", text)]))));
}

#[test]
fn nouns_that_say_nothing_are_refused() {
    check_source(
        "pub(crate) struct CaseManager {\nenum ItemHelper<T> {\nstruct Partition;\n// struct CommentManager\npub trait StoreImpl {\n",
        expect![[r#"
            a.rs:1: `CaseManager`: `Manager` says nothing; find the noun
            a.rs:2: `ItemHelper`: `Helper` says nothing; find the noun
            a.rs:5: `StoreImpl`: `Impl` says nothing; find the noun
        "#]],
    );
}

#[test]
fn tests_stand_apart_and_are_on() {
    check_source(
        "mod tests;\nmod tests {\n    #[ignore]\n    #[ignore = \"issue 9: slow\"]\n",
        expect![[r#"
            a.rs:2: tests stand inside the file; move them to `NAME/tests.rs`
            a.rs:3: a test is switched off without a reason; write `#[ignore = "issue N: why"]`, or mend it
        "#]],
    );
}

#[test]
fn what_is_public_is_named() {
    check_source(
        "pub use read::*;\npub use read::read;\nuse super::*;\n",
        expect![[r#"
            a.rs:1: a glob re-export hides what is public; name what you export
        "#]],
    );
}
