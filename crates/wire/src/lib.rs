//! Edge: requests and replies of the REST interface, and nothing else.
//!
//! ```text
//!   server ──▶ wire ◀── sdk, load generators, tests
//! ```
//!
//! Plain types with serde and their OpenAPI schemas. Knows no other crate: a client needs nothing
//! more. What the rules inside mean by a case or an item is not here; `server` translates. Requests
//! refuse unknown fields, so that a typing error is told and not ignored; replies may gain fields.
//! Moments are RFC 3339 texts in UTC in fields named `…_at`; data is XML as text. [`segment`] gives
//! the rule by which keys and ids stand in a path.

pub mod agent;
pub mod agent_registry;
pub mod case;
pub mod change;
pub mod claim;
pub mod lease;
pub mod limits;
pub mod marketplace;
pub mod offering;
pub mod organisation;
pub mod outcome;
pub mod page;
pub mod problem;
pub mod review;
pub mod segment;
pub mod session;
pub mod soundness;
pub mod specification;
pub mod stream;
pub mod timestamp;
pub mod work_item;
pub mod worklist;

pub use outcome::{Outcome, Results};
pub use page::Page;
pub use problem::Problem;
pub use timestamp::Timestamp;
