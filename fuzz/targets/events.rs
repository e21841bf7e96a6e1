//! Feeds `events` of tools/fuzzing.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzzing::feed("events", bytes));
