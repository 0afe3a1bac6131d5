//! Errors of joining the ranks.

use thiserror::Error;

/// Why the ranks could not be joined.
#[derive(Debug, Error)]
pub enum RanksError {
    /// A launcher started several processes, but without MPI each would train into the same folder.
    #[error(
        "this is one of {count} processes (according to {variable}), but the program was built without MPI: build \
         it with `cargo build --release --features mpi`, or start a single process"
    )]
    NoMpi {
        /// Processes that were started, according to the launcher.
        count: usize,
        /// The environment variable with that number.
        variable: &'static str,
    },
    /// The launcher belongs to a different MPI than the program was linked with.
    #[error(
        "{variable} says {count} processes, but MPI sees {found}: launch with the mpirun of the MPI that the \
         program was built with (on Slurm, `srun --mpi=pmix`)"
    )]
    OtherMpi {
        /// Processes that were started, according to the launcher.
        count: usize,
        /// Processes that MPI found.
        found: usize,
        /// The environment variable with that number.
        variable: &'static str,
    },
    /// MPI was started twice; it can be started only once per process.
    #[error("MPI was already started in this process: join the ranks only once, at program start")]
    Twice,
    /// The MPI library supports only single-threaded programs.
    #[error(
        "this MPI does not allow threads: use Open MPI or MPICH built with MPI_THREAD_FUNNELED"
    )]
    NoThreads,
}
