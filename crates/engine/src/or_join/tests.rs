//! The OR-join against a slow, obviously right search.
