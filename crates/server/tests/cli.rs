//! The command line: exit codes, what goes to stdout and what to stderr, hostile files.

#![allow(clippy::unwrap_used, reason = "a test stops where it is surprised")]

use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use expect_test::{Expect, expect};

fn flotilla(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_flotilla"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("FLOTILLA_")) {
        command.env_remove(name);
    }
    command.args(arguments).output().unwrap()
}

fn root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
}

/// Runs `flotilla` with the words of each line; `DIR` stands for a directory with the files of [`files`].
#[track_caller]
fn check(script: &str, want: Expect) {
    let directory = files();
    let mut got = String::new();
    for line in script.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let words = line.replace("DIR", directory.path().to_str().unwrap());
        let done = flotilla(&words.split(' ').collect::<Vec<_>>());
        writeln!(got, "$ flotilla {line}: {}", done.status.code().unwrap()).unwrap();
        for (stream, bytes) in [("out", &done.stdout), ("err", &done.stderr)] {
            let text =
                String::from_utf8_lossy(bytes).replace(directory.path().to_str().unwrap(), "DIR");
            for line in text.lines().take(8) {
                writeln!(got, "  {stream} {line}").unwrap();
            }
        }
    }
    want.assert_eq(&got);
}

fn files() -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    let hello = fs::read_to_string(root("examples/hello.yawl")).unwrap();
    let broken = hello.replace("nextElementRef id=\"end_Hello\"", "nextElementRef id=\"nowhere\"");
    fs::write(directory.path().join("hello.yawl"), hello).unwrap();
    fs::write(directory.path().join("broken.yawl"), broken).unwrap();
    fs::write(directory.path().join("empty.yawl"), "").unwrap();
    directory
}

#[test]
fn verify_says_what_is_wrong_and_exits_accordingly() {
    check(
        "verify DIR/hello.yawl
         verify DIR/broken.yawl
         verify DIR/empty.yawl
         verify DIR/none.yawl
         verify /dev/zero
         verify --json DIR/hello.yawl",
        expect![[r#"
            $ flotilla verify DIR/hello.yawl: 0
              out DIR/hello.yawl: valid, sound (hello - version 1.0), 0 error(s), 0 warning(s)
              out   net Hello: sound; option to complete: yes, proper completion: yes, no dead tasks: yes, weakly sound: yes (2 transitions reduced to 2, 3 states)
            $ flotilla verify DIR/broken.yawl: 2
              out error: InputCondition:start_Hello: in net Hello no path leads from it to the output condition [net-path-backward]
              out   at DIR/broken.yawl
              out   try connect it, or remove it
              out error: OutputCondition:end_Hello: in net Hello no path leads from the input condition to it [net-path-forward]
              out   at DIR/broken.yawl
              out   try connect it, or remove it
              out error: AtomicTask:Answer: in net Hello no path leads from it to the output condition [net-path-backward]
              out   at DIR/broken.yawl
            $ flotilla verify DIR/empty.yawl: 2
              out error: document: the document is empty [document-empty]
              out   at DIR/empty.yawl
              out   try upload a YAWL specification file
              out DIR/empty.yawl: invalid, 1 error(s), 0 warning(s)
            $ flotilla verify DIR/none.yawl: 1
              err error: DIR/none.yawl cannot be read; give the path of a .yawl file: No such file or directory (os error 2)
            $ flotilla verify /dev/zero: 1
              err error: /dev/zero has more than 6291456 bytes; split the specification
            $ flotilla verify --json DIR/hello.yawl: 0
              out {
              out   "verdict": "valid",
              out   "soundness": "sound",
              out   "findings": []
              out }
        "#]],
    );
}

#[test]
fn verify_shows_the_walk_that_goes_wrong() {
    let gallery = root("testdata/unsound").canonicalize().unwrap();
    let file = gallery.join("deadlock_or_join_then_and_join.yawl");
    let file = file.to_str().unwrap();
    for (arguments, code) in [
        (vec!["verify", file], 3),
        (vec!["verify", "--json", file], 3),
        (vec!["verify", "--limit", "2", file], 0),
    ] {
        assert_eq!(flotilla(&arguments).status.code(), Some(code), "{arguments:?}");
    }
    let said = String::from_utf8(flotilla(&["verify", file]).stdout).unwrap();
    let said = said.replace(gallery.to_str().unwrap(), "DIR");
    expect![[r#"
        warning: YNet:N: the net deadlocks after A to C, C, D from C: no task can take c{D_E} [sound-deadlock]
          at DIR/deadlock_or_join_then_and_join.yawl
          try let the join wait only for what arrives
        DIR/deadlock_or_join_then_and_join.yawl: valid, unsound (deadlock_or_join_then_and_join - version 1.0), 0 error(s), 1 warning(s)
          net N: unsound; option to complete: no, proper completion: yes, no dead tasks: yes, weakly sound: yes (13 transitions reduced to 6, 11 states)
    "#]].assert_eq(&said);
}

#[test]
fn a_wrong_command_line_is_told_from_an_invalid_specification() {
    check(
        "verify
         sail
         serve --port 70000
         serve --host 0.0.0.0 --print-config
         serve --config DIR/none.toml --print-config
         conformance DIR/none",
        expect![[r#"
            $ flotilla verify: 64
              err error: the following required arguments were not provided:
              err   <FILE>
              err 
              err Usage: flotilla verify <FILE>
              err 
              err For more information, try '--help'.
            $ flotilla sail: 64
              err error: unrecognized subcommand 'sail'
              err 
              err Usage: flotilla <COMMAND>
              err 
              err For more information, try '--help'.
            $ flotilla serve --port 70000: 64
              err error: invalid value '70000' for '--port <PORT>': 70000 is not in 0..=65535
              err 
              err For more information, try '--help'.
            $ flotilla serve --host 0.0.0.0 --print-config: 1
              err error: 0.0.0.0 can be reached by other machines and there is no authentication yet; use 127.0.0.1, or add --insecure-open if the network keeps others out
            $ flotilla serve --config DIR/none.toml --print-config: 1
              err error: configuration: No such file or directory (os error 2) in DIR/none.toml TOML file; `flotilla serve --print-config` shows all keys with their values
            $ flotilla conformance DIR/none: 1
              err error: reading the folder DIR/none: No such file or directory (os error 2)
        "#]],
    );
}

#[test]
fn every_example_is_valid() {
    for entry in fs::read_dir(root("examples")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "yawl") {
            let done = flotilla(&["verify", path.to_str().unwrap()]);
            assert_eq!(done.status.code(), Some(0), "{}", String::from_utf8_lossy(&done.stdout));
        }
    }
}

#[test]
fn every_hostile_specification_is_found_invalid() {
    for entry in fs::read_dir(root("testdata/hostile/spec")).unwrap() {
        let path = entry.unwrap().path();
        let done = flotilla(&["verify", path.to_str().unwrap()]);
        let said = String::from_utf8_lossy(&done.stdout).into_owned();
        assert_eq!(done.status.code(), Some(2), "{}: {said}", path.display());
        assert!(said.contains("error: ") && said.contains("  try "), "{}: {said}", path.display());
    }
}

#[test]
fn help_teaches_by_example_and_completions_are_scripts() {
    for command in ["serve", "demo", "agents", "verify", "conformance", "completions"] {
        let help = String::from_utf8(flotilla(&[command, "--help"]).stdout).unwrap();
        assert!(help.contains("Example"), "{command} has no example:\n{help}");
    }
    for shell in ["bash", "zsh", "fish"] {
        let script = String::from_utf8(flotilla(&["completions", shell]).stdout).unwrap();
        assert!(script.contains("flotilla"), "{shell}");
    }
}

#[test]
fn a_demo_leaves_only_tasks_that_its_example_has() {
    let ports = ["--port", "0", "--management-port", "0"];
    let done = flotilla(&[&["demo", "--leave", "Nonsense"], &ports[..]].concat());
    let said = String::from_utf8(done.stderr).unwrap();
    assert_eq!(done.status.code(), Some(1), "{said}");
    assert!(said.contains("no task \"Nonsense\"; use one of Lodge_claim, "), "{said}");
}

#[test]
fn the_settings_that_are_printed_can_be_read_again() {
    let printed = flotilla(&["serve", "--port", "1234", "--print-config"]).stdout;
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("flotilla.toml");
    fs::write(&file, &printed).unwrap();
    let again = flotilla(&["serve", "--config", file.to_str().unwrap(), "--print-config"]).stdout;
    assert_eq!(String::from_utf8_lossy(&again), String::from_utf8_lossy(&printed));
}
