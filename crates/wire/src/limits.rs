//! Limits that clients must keep to. Each request beyond one is refused with a problem that says so.

/// Entries of a list when the request does not say.
pub const PAGE_DEFAULT: usize = 100;
/// Entries of one page. Bounds a reply to about a megabyte.
pub const PAGE_MAX: usize = 1_000;
/// Launches in one request: enough that one durable write is shared by many.
pub const LAUNCHES_MAX: usize = 10_000;
/// Work items in one batch of check-outs or check-ins.
pub const ITEMS_MAX: usize = 10_000;
/// Agents, sessions or leases in one batch.
pub const AGENTS_MAX: usize = 10_000;
/// Items that one claim may ask for: an answer stays readable, and no agent hoards.
pub const CLAIM_ITEMS_MAX: usize = 1_000;
/// How long a claim may wait: longer ones are repeated, so that broken connections are noticed.
pub const CLAIM_WAIT_MS_MAX: u64 = 60_000;
/// Agents of a session to which work is pushed: each has a claim that waits.
pub const PUSH_AGENTS_MAX: usize = 10_000;
/// Pushed items that one agent may hold at once: no agent hoards.
pub const IN_HAND_MAX: usize = 1_000;
/// Agents that one page of the marketplace may have.
pub const SEARCH_LIMIT_MAX: usize = 1_000;
/// Bytes of a claim's class: it is a key of metrics and breakers.
pub const CLASS_BYTES_MAX: usize = 64;
/// Bytes of a hand-off's token: an item's id, two names and a signature are far shorter.
pub const TOKEN_BYTES_MAX: usize = 4_096;
/// Bytes of a specification document: twenty times the largest published one.
pub const SPECIFICATION_BYTES_MAX: usize = 6 * 1024 * 1024;
/// Bytes of a JSON body: ten thousand launches of 1.5 KB data each.
pub const JSON_BYTES_MAX: usize = 16 * 1024 * 1024;
/// Bytes of a command id: it is stored with each command.
pub const COMMAND_ID_BYTES_MAX: usize = 128;
