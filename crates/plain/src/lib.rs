//! CORE. Plain XML: elements and text, nothing else, read in one pass without a tree.
//!
//! The data of cases has this form as soon as it is stored: no attributes, comments, instructions, CDATA sections,
//! namespaces or declarations. [`Tokens`] reads it with all checks and gives up on anything more; [`compact`] brings it into
//! the form in which it is stored; [`Walk`] and [`Children`] go over text that is known to have that form.
//!
//! Giving up is no error: whoever calls takes an XML parser then. So each function here may know less than a parser, and
//! none may take what a parser would refuse. Absent: queries, data types, YAWL.

mod children;
mod compact;
mod tokens;
mod walk;

#[cfg(test)]
mod tests;

pub use self::{
    children::{Child, Children, string_value},
    compact::compact,
    tokens::{NotPlain, Token, Tokens, resolve},
    walk::{Head, Walk},
};
