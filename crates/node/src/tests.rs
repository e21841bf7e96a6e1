//! Tests of the node as a whole: scripts over a running node, in memory and on disk.

mod claims;
mod desk;
mod faults;
mod life;
mod limits;
mod many;
mod organisation;
mod random;
mod restart;
mod reviews;
mod streams;
mod timing;
mod worklists;
mod world;
