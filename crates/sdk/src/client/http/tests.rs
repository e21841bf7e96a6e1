//! Addresses of servers.

use super::base;

#[test]
fn an_address_is_taken_with_its_path_and_without_the_last_slash() {
    for (url, want) in [
        ("http://localhost:8080", "http://localhost:8080"),
        ("http://localhost:8080/", "http://localhost:8080"),
        ("http://[::1]:80/engine/", "http://[::1]:80/engine"),
        ("http://engine", "http://engine"),
    ] {
        assert_eq!(base(url).unwrap(), want);
    }
}

#[test]
fn what_is_no_address_is_told_with_the_remedy() {
    for (url, part) in [
        ("localhost:8080", "write it like"),
        ("", "write it like"),
        ("ftp://localhost", "write it like"),
        ("https://localhost", "proxy"),
        ("http://me:secret@localhost", "user name"),
        ("http://localhost?x=1", "query"),
        ("/api", "write it like"),
    ] {
        let error = base(url).unwrap_err().to_string();
        assert!(error.contains(part), "{url}: {error}");
    }
}
