//! The short way takes no text that the library refuses, and is there for the patterns that are common.

use super::{Pattern, is_sequence};

/// Each with whether it has parts.
const PATTERNS: [(&str, bool); 24] = [
    (r"[A-Z]\d{3}", true),
    (r"\d{1,2}[.]\d{2}", true),
    (r"[a-c]{2}-\d+", true),
    (r"[A-Z0-9_]*", true),
    (r".{0,2}", true),
    (r"a?A+", true),
    (r"a*a", true),
    (r"A\.1", true),
    (r"[\d.]{2,}", true),
    (r"A 1", true),
    (r"\-?\d", true),
    (r"", true),
    (r"a{0}A", true),
    (r"A|1", false),
    (r"(A1)+", false),
    (r"[^A]1", false),
    (r"[a-c-[b]]", false),
    (r"[-a]", false),
    (r"[a-]1", false),
    (r"\w1", false),
    (r"\D", false),
    (r"\p{Lu}", false),
    (r"\c+", false),
    (r"é", false),
];
const CHARACTERS: [&str; 9] = ["", "A", "a", "b", "1", ".", "-", " ", "é"];

#[test]
fn the_short_way_agrees_with_the_library() {
    let (mut short, mut all) = (0, 0);
    for (text, has_parts) in PATTERNS {
        let pattern = Pattern::of(text).unwrap();
        assert_eq!(pattern.parts.is_some(), has_parts, "{text}");
        let Some(parts) = &pattern.parts else { continue };
        for index in 0..CHARACTERS.len().pow(4) {
            let digit =
                |place: u32| CHARACTERS[index / CHARACTERS.len().pow(place) % CHARACTERS.len()];
            let value: String = (0..4).map(digit).collect();
            let is_valid = pattern.library.matches(&value);
            let is_short = is_sequence(parts, value.as_bytes());
            assert!(is_valid || !is_short, "{text} does not match {value:?}");
            all += u32::from(is_valid);
            short += u32::from(is_short);
        }
    }
    assert!(short * 4 > all * 3, "{short} of {all}");
}

#[test]
fn what_is_no_pattern_is_refused() {
    for text in ["(", "a{2", "[b-a]", "a{,2}"] {
        assert!(Pattern::of(text).is_none(), "{text}");
    }
}
