//! Reading `/proc`.

use super::*;

#[test]
fn a_name_with_parentheses_and_spaces_does_not_shift_the_fields() {
    let stat = "7 (a) b (c) S 1 7 7 0 -1 4194304 100 0 0 0 250 50 0 0 20 0 4 0 600 1000 200 18446744073709551615";
    let mut process = Process::default();
    process.take_stat(stat, "cpu 1 2 3\nbtime 1000\n").unwrap();
    assert!((process.cpu_seconds - 3.0).abs() < 1e-9);
    assert!((process.started - 1006.0).abs() < 1e-9);
}

#[test]
#[cfg(target_os = "linux")]
fn this_process_has_memory_and_files() {
    let process = Process::read().unwrap();
    assert!(process.resident_bytes > 1e6);
    assert!(process.open_fds >= 3.0);
    assert!(process.max_fds >= process.open_fds);
    assert!(process.started > 1.6e9);
}
