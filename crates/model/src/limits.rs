//! What one document may hold. A specification comes from outside: everything in it is counted.

/// Bytes of a document. The largest real model known (nine nets, several hundred mappings, its
/// picture) has 0.35 MB.
pub const DOCUMENT_BYTES_MAX: usize = 16 * 1024 * 1024;
/// Tags of a document, start and end tags and comments alike. That model has 20,000; parsing this
/// many takes a tenth of a second.
pub const DOCUMENT_TAGS_MAX: usize = 500_000;
/// Specifications in a set. Editors write one; by hand a main net with its worklets stays below 40.
pub const SPECIFICATIONS_MAX: usize = 64;
/// Nets and gateways of a specification: one gateway per task, so as many as a few large nets have.
pub const DECOMPOSITIONS_MAX: usize = 4_000;
/// Tasks of a net, and as many conditions. A net of a thousand can no longer be drawn; the
/// verifier walks each net a bounded number of times per element.
pub const NET_ELEMENTS_MAX: usize = 2_000;
/// Flows that leave an element, ids that a task removes tokens from.
pub const FLOWS_MAX: usize = 1_000;
/// Tokens that one flow carries (an extension). Each is put down on its own.
pub const FLOW_TOKENS_MAX: u32 = 1_000;
/// Variables of one kind in a decomposition, mappings of one kind in a task.
pub const VARIABLES_MAX: usize = 1_000;
/// Entries of a repeated element of the meta data, output expressions, services.
pub const ENTRIES_MAX: usize = 1_000;
/// Agents that answer one item under review. Each does the whole work.
pub const REVIEW_QUORUM_MAX: u16 = 100;
/// Longest time for the votes of a review, and again for its arbiter: 31 days, more than any person is away.
pub const REVIEW_TIMEOUT_MS_MAX: u64 = 31 * 24 * 60 * 60 * 1_000;
/// Bytes of an agent's name, as the registry takes it.
pub const AGENT_NAME_BYTES_MAX: usize = 128;
/// Bytes of a query, predicate or count. Real ones stay below 4 KiB.
pub const QUERY_BYTES_MAX: usize = 64 * 1024;
/// Characters of an id, a name of a variable, a uri. They become keys, file names, labels.
pub const ID_CHARS_MAX: usize = 512;
/// Errors of one verification, and as many warnings. An author mends the first few and tries again.
pub const VERIFICATION_FINDINGS_MAX: usize = 500;
/// Findings of one reading. Enough to mend a document in one go; each position costs a scan of it.
pub const FINDINGS_MAX: usize = 50;
