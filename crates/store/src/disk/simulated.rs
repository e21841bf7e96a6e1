//! Test disk.
