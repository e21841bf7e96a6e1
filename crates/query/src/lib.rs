//! Placeholder, filled in the first commits.
