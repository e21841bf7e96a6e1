//! Reads a `.yawl` document of any of the ten schema versions into a [`SpecificationSet`].
//!
//! Two passes: [`check`] compares the tree with the tables of [`tables`] and reports every
//! difference with its position; only a document without one is taken apart by the other modules.
//! The tables say in our own words what the published schemas allow. Where a schema leaves open
//! what an attribute may be, so do we; an element that no schema knows is refused.

mod check;
mod decomposition;
mod document;
mod fragment;
mod net;
mod resourcing;
mod review;
mod shape;
mod specification;
mod tables;
mod task;
mod value;
mod variable;

#[cfg(test)]
mod tests;

pub(crate) use self::{
    document::{EXTENSION_NAMESPACE, ORIGIN, XSI_NAMESPACE, YAWL_NAMESPACE},
    tables::MULTI_INSTANCE_TASK_TYPE,
    value::is_nc_name,
};
use crate::{finding::Finding, limits::FINDINGS_MAX, specification::SpecificationSet};

/// Reads a document. On refusal gives up to [`FINDINGS_MAX`] errors, in document order, each with
/// line and column.
pub fn read(text: &str) -> Result<SpecificationSet, Vec<Finding>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let tree = document::parse(text).map_err(|finding| vec![finding])?;
    let mut source = document::open(&tree).map_err(|finding| vec![finding])?;
    check::document(&mut source);
    if source.findings.is_empty() {
        let set = specification::set(&mut source);
        if source.findings.is_empty() {
            return Ok(set);
        }
    }
    let mut findings = source.findings;
    findings.sort_by_key(|finding| finding.position);
    findings.truncate(FINDINGS_MAX);
    Err(findings)
}

/// Reads a document that arrives as bytes: UTF-8, with or without a byte order mark.
pub fn read_bytes(bytes: &[u8]) -> Result<SpecificationSet, Vec<Finding>> {
    read(document::decode(bytes).map_err(|finding| vec![finding])?)
}
