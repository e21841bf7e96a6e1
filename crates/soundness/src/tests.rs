//! The verdict against an obviously right one, and walks that must replay.

mod brute;
mod random_nets;
