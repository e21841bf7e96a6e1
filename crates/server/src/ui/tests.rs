//! Files of the page.

use super::*;

#[test]
fn what_a_browser_could_run_has_its_type_and_the_rest_is_bytes() {
    assert_eq!(media_type("assets/index-1a2b.js"), "text/javascript; charset=utf-8");
    assert_eq!(media_type("assets/index.css"), "text/css; charset=utf-8");
    assert_eq!(media_type("assets/strange.exe"), "application/octet-stream");
    assert_eq!(media_type("none"), "application/octet-stream");
}

#[test]
fn nothing_outside_the_folder_is_found() {
    for path in ["../package.json", "assets/../../package.json", "/etc/passwd", "..%2fpackage.json"]
    {
        assert!(Dist::get(path).is_none(), "{path}");
    }
}
