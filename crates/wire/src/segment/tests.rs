//! Keys in paths.

use super::*;

#[test]
fn what_has_a_meaning_in_a_path_is_encoded() {
    assert_eq!(encode("7.1:A"), "7.1%3AA");
    assert_eq!(encode("http://e.org/a b?c#d:1.0"), "http%3A%2F%2Fe.org%2Fa%20b%3Fc%23d%3A1.0");
    assert_eq!(encode("Übung-1_2~"), "%C3%9Cbung-1_2~");
}
