//! A sample lock file of npm.

use expect_test::expect;

use super::{check, read};
use crate::finding::show;

const LOCK: &str = r#"{
  "lockfileVersion": 3,
  "packages": {
    "": { "name": "ui", "dependencies": { "elkjs": "1" }, "devDependencies": { "vite": "7" } },
    "node_modules/elkjs": { "license": "EPL-2.0 OR GPL-3.0-or-later" },
    "node_modules/vite": { "license": "MIT", "dev": true },
    "node_modules/vite/node_modules/table": { "license": "CC-BY-4.0", "dev": true },
    "node_modules/chart": { "license": "CC-BY-4.0" },
    "node_modules/other": { "license": "EPL-2.0" },
    "node_modules/silent": {}
  }
}"#;

#[test]
fn tools_may_have_more_licences_than_what_users_load() {
    expect![[r#"
        ui: chart: licence `CC-BY-4.0` is not among the accepted ones; choose another package
        ui: other: licence `EPL-2.0` is not among the accepted ones; choose another package
        ui: silent: licence `` is not among the accepted ones; choose another package
    "#]]
    .assert_eq(&show(check(&read("ui", LOCK).unwrap())));
}

#[test]
fn direct_packages_are_those_that_we_named() {
    let direct: Vec<String> = read("ui", LOCK).unwrap().direct.into_iter().collect();
    assert_eq!(direct, ["elkjs", "vite"]);
}

#[test]
fn what_is_no_lock_file_is_said() {
    let errors = ["", "{}"].map(|text| read("ui", text).err().unwrap().to_string());
    assert_eq!(errors, ["ui/package-lock.json is no JSON", "ui/package-lock.json has no packages"]);
}
