//! How items ended, one by one and counted.

use std::fmt;

use wire::Problem;

use super::cancellation::Reason;

/// The end of one hold of an item.
#[derive(Clone, Debug, PartialEq)]
pub struct Ended {
    pub item: String,
    pub case: String,
    pub epoch: u64,
    pub how: How,
}

/// How a hold ended.
#[derive(Clone, Debug, PartialEq)]
pub enum How {
    /// The result is in.
    Completed,
    GivenBack {
        reason: String,
    },
    Failed {
        reason: String,
    },
    /// The server refused the result, and the item was failed.
    Rejected(Box<Problem>),
    /// The handler was cancelled; nothing was sent.
    Lost(Reason),
    /// What the handler gave came too late.
    TooLate(Box<Problem>),
    /// No answer came as long as there was sense in asking: the lease decides.
    Unknown(String),
}

/// What a worker has done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub completed: u64,
    pub given_back: u64,
    pub failed: u64,
    pub rejected: u64,
    pub lost: u64,
    pub too_late: u64,
    pub unknown: u64,
}

impl Tally {
    pub(super) fn count(&mut self, how: &How) {
        let counter = match how {
            How::Completed => &mut self.completed,
            How::GivenBack { .. } => &mut self.given_back,
            How::Failed { .. } => &mut self.failed,
            How::Rejected(_) => &mut self.rejected,
            How::Lost(_) => &mut self.lost,
            How::TooLate(_) => &mut self.too_late,
            How::Unknown(_) => &mut self.unknown,
        };
        *counter += 1;
    }
}

impl fmt::Display for How {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Completed => f.write_str("completed"),
            Self::GivenBack { reason } => write!(f, "given back: {reason}"),
            Self::Failed { reason } => write!(f, "failed: {reason}"),
            Self::Rejected(problem) => write!(f, "rejected: {}", problem.detail),
            Self::Lost(reason) => write!(f, "lost: {reason}"),
            Self::TooLate(problem) => write!(f, "too late: {}", problem.detail),
            Self::Unknown(error) => write!(f, "unknown: {error}"),
        }
    }
}
