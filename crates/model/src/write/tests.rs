//! Writing: what a document looks like, and that it reads back equal.
