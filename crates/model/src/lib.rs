//! Core: what a YAWL specification says, and whether it can be run.
//!
//! ```text
//!   .yawl text ──read──▶ SpecificationSet ──write──▶ .yawl text (always schema 4.0)
//!                              │
//!                              ├──verify──▶ findings (errors reject an upload, warnings are returned)
//!                              └──types───▶ data types: validate a value, make a sample of one
//! ```
//!
//! Knows nothing of time, storage, HTTP or running cases. Queries are text here: the crate that runs
//! them compiles them. Reading never resolves an external entity, never expands an internal one and
//! never reads a document type definition.

pub mod finding;
pub mod limits;
mod read;
pub mod rules;
pub mod specification;
mod text;
pub mod types;
mod verify;
mod write;
pub mod xml;

pub use read::{read, read_bytes};
pub use verify::verify;
pub use write::write;
