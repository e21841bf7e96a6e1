//! The rules as documents and other modules rely on them.
