//! The `flotilla` command.

use std::process::ExitCode;

/// Cases are made on one thread and freed on another; the system's allocator holds a lock for that.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    server::cli::main()
}
