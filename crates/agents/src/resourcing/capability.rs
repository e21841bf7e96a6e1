//! What an agent must be able to do to claim a task's items.

use crate::ids::{Capability, InvalidName};

/// The capability of a task that has no `resourcing`: what the specification declares for it; where it declares
/// nothing, the name of the task's decomposition, which is the same work wherever it is used; and for a task
/// without one the task's own id.
pub fn capability_of(
    declared: Option<&str>,
    decomposition: Option<&str>,
    task: &str,
) -> Result<Capability, InvalidName> {
    declared.or(decomposition).unwrap_or(task).parse()
}

#[cfg(test)]
mod tests;
