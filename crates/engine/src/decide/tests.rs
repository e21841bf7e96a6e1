//! Commands and what they lead to.
