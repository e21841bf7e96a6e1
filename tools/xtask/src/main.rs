//! Placeholder, filled in the first commits.
fn main() {}
