//! Limits on queries and on what one evaluation may use.
//!
//! A query comes from whoever may upload a specification, so both its text and its run are bounded: each limit
//! turns into an error that says which one was met, never into a full stack or a full memory.

/// Bytes of a query's text. The longest mapping seen in real specifications has 900.
pub const QUERY_BYTES_MAX: usize = 64 * 1024;

/// How deep expressions, constructors and parentheses may nest. Each level costs parser and evaluator stack; 2 MiB
/// threads must survive it in a debug build.
pub const NESTING_MAX: u32 = 50;

/// Steps of one evaluation: expressions evaluated, items produced, values compared. A mapping over a document of
/// 100 KiB uses a few thousand; the limit ends an explosion in well under a second.
pub const STEPS_MAX: u64 = 2_000_000;

/// Items in one sequence. At about 80 bytes each, a full sequence takes 16 MiB.
pub const SEQUENCE_ITEMS_MAX: usize = 200_000;

/// Bytes of text that one evaluation may build, counting every intermediate string. Data of a case stays far below.
pub const TEXT_BYTES_MAX: usize = 16 * 1024 * 1024;

/// Bytes of the serialised result.
pub const RESULT_BYTES_MAX: usize = 8 * 1024 * 1024;

/// Bits of an integer result, about 1,200 decimal digits. Repeated squaring doubles the length each time.
pub const INTEGER_BITS_MAX: u64 = 4_096;

/// Characters of a text that is cast to a number. Reading digits takes quadratic time.
pub const NUMBER_CHARS_MAX: usize = 1_200;

/// Calls of declared functions within each other. Each takes evaluator stack, see [`NESTING_MAX`].
pub const CALL_DEPTH_MAX: u32 = 32;

/// Nested evaluations of expressions: what the stack of a thread with 2 MiB holds in a debug build.
pub const EVALUATION_DEPTH_MAX: u32 = 200;

/// Characters of a regular expression.
pub const PATTERN_CHARS_MAX: usize = 1_000;
