//! Limits that clients must keep to. Each request beyond one is refused with a problem that says so.

/// Entries of a list when the request does not say.
pub const PAGE_DEFAULT: usize = 100;
/// Entries of one page. Bounds a reply to about a megabyte.
pub const PAGE_MAX: usize = 1_000;
/// Launches in one request: enough that one durable write is shared by many.
pub const LAUNCHES_MAX: usize = 10_000;
/// Work items in one batch of check-outs or check-ins.
pub const ITEMS_MAX: usize = 10_000;
/// Bytes of a specification document: twenty times the largest published one.
pub const SPECIFICATION_BYTES_MAX: usize = 6 * 1024 * 1024;
/// Bytes of a JSON body: ten thousand launches of 1.5 KB data each.
pub const JSON_BYTES_MAX: usize = 16 * 1024 * 1024;
/// Bytes of a command id: it is stored with each command.
pub const COMMAND_ID_BYTES_MAX: usize = 128;
