//! The binary: everything is in the library, so that tests can reach it.

use std::process::ExitCode;

/// Reading makes many short texts and gives them back together.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    counterfoil::cli::run()
}
