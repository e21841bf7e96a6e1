//! A project file as people write it.

use super::direct;

#[test]
fn names_of_all_lists_are_read_and_nothing_else() {
    let text = r#"
[build-system]
requires = ["hatchling==1.33.0"]
build-backend = "hatchling.build"

[project]
name = "flotilla-agents"
dependencies = ["httpx>=0.28,<1", "anyio; python_version < '3.12'"]

[project.optional-dependencies]
# "not-this"
test = [
    "pytest[all] == 9.2.0",
    "a_b.c~=1",
]

[tool.other]
dependencies = ["elsewhere"]
"#;
    let names: Vec<String> = direct(text).into_iter().collect();
    assert_eq!(names, ["a_b.c", "anyio", "hatchling", "httpx", "pytest"]);
}
