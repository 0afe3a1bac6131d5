//! The native program. `s4eca --help` lists the commands; the default command is `train`.

use std::process::ExitCode;

fn main() -> ExitCode {
    // Burn restores an optimizer's state on its default device before moving it to the chosen one. Without this setting
    // it would look for a GPU. SAFETY: no other thread runs yet.
    unsafe { std::env::set_var("BURN_DEVICE", "flex") };
    match s4eca::cli::run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
