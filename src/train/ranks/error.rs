//! Why ranks could not be joined.

use thiserror::Error;

/// Why the ranks could not be joined.
#[derive(Debug, Error)]
pub enum RanksError {
    /// A launcher started several processes, each of which would train into the same folder.
    #[error(
        "this is one of {count} processes (says {variable}), but the program was built without MPI: build \
         it with `cargo build --release --features mpi`, or start a single process"
    )]
    NoMpi {
        /// Processes that were started.
        count: usize,
        /// The environment variable that says so.
        variable: &'static str,
    },
    /// The launcher belongs to another MPI than the one that the program was linked with.
    #[error(
        "{variable} says {count} processes, but MPI sees {found}: launch with the mpirun of the MPI that the \
         program was built with (on Slurm, `srun --mpi=pmix`)"
    )]
    OtherMpi {
        /// Processes that were started.
        count: usize,
        /// Processes that found one another.
        found: usize,
        /// The environment variable that says so.
        variable: &'static str,
    },
    /// MPI can be started once a process.
    #[error("MPI was started before in this process: join the ranks once, at the program's start")]
    Twice,
    /// An MPI for programs of a single thread.
    #[error(
        "this MPI does not allow threads: use Open MPI or MPICH built with MPI_THREAD_FUNNELED"
    )]
    NoThreads,
}
