//! What is refused, where, and with which remedy.
