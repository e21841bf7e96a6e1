//! Verification: each rule broken once, and specifications that break none.
