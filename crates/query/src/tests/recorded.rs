//! Queries from recorded specifications.
