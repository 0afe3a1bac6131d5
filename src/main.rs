//! The native program; `s4eca --help` lists what it does, and without a command it trains.

use std::process::ExitCode;

fn main() -> ExitCode {
    // Burn restores an optimizer's state on its default device before it moves to the chosen one,
    // and would look for a GPU to do so.
    // SAFETY: no other thread runs yet.
    unsafe { std::env::set_var("BURN_DEVICE", "flex") };
    match s4eca::cli::run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
