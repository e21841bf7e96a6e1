//! What one evaluation may still use.

use crate::{
    error::EvaluateError,
    limits::{STEPS_MAX, TEXT_BYTES_MAX},
};

/// Steps and bytes left.
#[derive(Debug)]
pub(super) struct Budget {
    steps: u64,
    text: usize,
}

impl Default for Budget {
    fn default() -> Self {
        Self { steps: STEPS_MAX, text: TEXT_BYTES_MAX }
    }
}

impl Budget {
    pub(super) fn steps(&mut self, count: u64) -> Result<(), EvaluateError> {
        match self.steps.checked_sub(count) {
            Some(left) => {
                self.steps = left;
                Ok(())
            }
            None => Err(EvaluateError::limit(format!(
                "the query takes more than {STEPS_MAX} steps; it loops over too much"
            ))),
        }
    }

    pub(super) fn text(&mut self, bytes: usize) -> Result<(), EvaluateError> {
        match self.text.checked_sub(bytes) {
            Some(left) => {
                self.text = left;
                Ok(())
            }
            None => Err(EvaluateError::limit(format!(
                "the query builds more than {TEXT_BYTES_MAX} bytes of text"
            ))),
        }
    }
}
