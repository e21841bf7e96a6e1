//! Reading: what comes out of a document, and what is said about a bad one.
