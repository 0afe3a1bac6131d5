//! Training on several processes over MPI: gradients are averaged, and one rank writes.
//!
//! A program built with the feature `mpi` joins the launcher that started it; every GPU or host gets a rank.
//! Without a launcher, a run is a single rank and everything here does nothing. Without the feature, a launch
//! of several processes is an error.
//!
//! ```text
//! mpirun -n 2 --bind-to none target/release/s4eca train ...
//! mpirun -n 4 --map-by slot:PE=8 target/release/s4eca train ...
//! srun --mpi=pmix --ntasks=4 --cpus-per-task=8 target/release/s4eca train ...
//! ```
//!
//! If there are one or two ranks, Open MPI binds each to a single core, and Rayon then computes on that core
//! only. `--bind-to none` lets every rank use all cores (if they share a machine, set `RAYON_NUM_THREADS`, as
//! in `-x RAYON_NUM_THREADS=4`); `--map-by slot:PE=8` gives each rank eight cores. More ranks than cores need
//! `--oversubscribe`, and root needs `--allow-run-as-root`.
//!
//! A rank that fails ends all others: see [`Ranks::run`]. If a rank is killed, the launcher notices it and
//! ends the others.

mod error;
mod launch;
mod share;
#[cfg(feature = "mpi")]
mod world;

use std::cell::Cell;
use std::fmt::Display;
#[cfg(feature = "mpi")]
use std::io::Write;
use std::marker::PhantomData;
use std::ops::Range;

pub use error::RanksError;
use launch::Launch;
pub use share::share_of;
#[cfg(feature = "mpi")]
use world::World;

/// The processes of this run, seen from one of them.
///
/// Every method that exchanges something must be called by all ranks in the same order. MPI is called from
/// one thread only, so this stays on the thread that created it. If it is dropped before [`Ranks::finish`],
/// by an error or a panic, it ends all ranks: otherwise the others would wait for this one forever.
#[derive(Debug)]
pub struct Ranks {
    inner: Inner,
    finished: bool,
    // This type is neither Send nor Sync, with or without the feature.
    _one_thread: PhantomData<(Cell<()>, *const ())>,
}

#[derive(Debug)]
enum Inner {
    Alone,
    #[cfg(feature = "mpi")]
    Mpi(World),
}

impl Ranks {
    /// Joins the ranks that the launcher started. If there was no launcher, the run is a single rank.
    ///
    /// # Errors
    /// [`RanksError`], for instance if this program has no MPI, or another MPI than the launcher.
    pub fn start() -> Result<Self, RanksError> {
        let launch = Launch::read(|variable| std::env::var(variable).ok());
        match launch {
            Some(launch) if launch.count > 1 => Self::join(launch),
            _ => Ok(Self::alone()),
        }
    }

    /// Returns a single rank without communication.
    pub fn alone() -> Self {
        Self::with(Inner::Alone)
    }

    #[cfg(feature = "mpi")]
    fn join(launch: Launch) -> Result<Self, RanksError> {
        Ok(Self::with(Inner::Mpi(World::join(launch)?)))
    }

    #[cfg(not(feature = "mpi"))]
    fn join(launch: Launch) -> Result<Self, RanksError> {
        Err(RanksError::NoMpi {
            count: launch.count,
            variable: launch.variable,
        })
    }

    fn with(inner: Inner) -> Self {
        Self {
            inner,
            finished: false,
            _one_thread: PhantomData,
        }
    }

    /// Joins the ranks and runs `work` on each of them. If it fails on one of several ranks, that rank prints
    /// the error to stderr and all end with exit status 1. With a single rank, the error is returned.
    ///
    /// # Errors
    /// See [`Ranks::start`]; also fails if `work` does.
    pub fn run<T, E>(work: impl FnOnce(&Self) -> Result<T, E>) -> Result<T, E>
    where
        E: From<RanksError> + Display,
    {
        let ranks = Self::start()?;
        let done = work(&ranks);
        if let (Err(error), 2..) = (&done, ranks.count()) {
            ranks.abort(&format!("{error:#}"));
        }
        ranks.finish();
        done
    }

    /// Returns the number of this process, from 0.
    pub fn rank(&self) -> usize {
        match &self.inner {
            Inner::Alone => 0,
            #[cfg(feature = "mpi")]
            Inner::Mpi(world) => world.rank,
        }
    }

    /// Returns the number of processes of the run, at least 1.
    pub fn count(&self) -> usize {
        match &self.inner {
            Inner::Alone => 1,
            #[cfg(feature = "mpi")]
            Inner::Mpi(world) => world.count,
        }
    }

    /// Returns the number of this process among those on its host, from 0. The number also selects the rank's GPU.
    pub fn local_rank(&self) -> usize {
        match &self.inner {
            Inner::Alone => 0,
            #[cfg(feature = "mpi")]
            Inner::Mpi(world) => world.local_rank,
        }
    }

    /// Returns whether this is the rank that writes files and prints.
    pub fn is_first(&self) -> bool {
        self.rank() == 0
    }

    /// Returns this rank's part of `total` items, see [`share_of`].
    pub fn share(&self, total: usize) -> Range<usize> {
        share_of(self.rank(), self.count(), total)
    }

    /// Replaces `values`, `[n]` with the same n on all ranks, by their mean over the ranks. The result is
    /// bit-identical on every rank.
    pub fn average(&self, values: &mut [f32]) {
        self.weighted_average(values, 1.0);
    }

    /// Replaces `values`, `[n]`, by their weighted mean over the ranks: the sum of weight times values over
    /// the sum of the weights. The result is bit-identical on every rank.
    ///
    /// If each rank's weight is its number of examples, means over shares of a batch become the mean over the
    /// batch. The values of a rank with weight 0 do not count, even if they are NaN. If all weights are 0,
    /// the result is 0.
    pub fn weighted_average(&self, values: &mut [f32], weight: f32) {
        if self.count() == 1 {
            return;
        }
        let mut total = [f64::from(weight)];
        self.sum_f64(&mut total);
        if weight == 0.0 {
            values.fill(0.0);
        } else {
            let scale = (f64::from(weight) / total[0]) as f32;
            values.iter_mut().for_each(|value| *value *= scale);
        }
        match &self.inner {
            Inner::Alone => {}
            #[cfg(feature = "mpi")]
            Inner::Mpi(world) => world.sum_f32(values),
        }
    }

    /// Replaces `values`, `[n]`, by their sum over the ranks, added in the order of the ranks. The result is
    /// bit-identical on every rank and in every run. Meant for a few figures, not for gradients.
    pub fn sum_f64(&self, values: &mut [f64]) {
        match &self.inner {
            Inner::Alone => _ = values,
            #[cfg(feature = "mpi")]
            Inner::Mpi(world) => world.sum_in_order(values),
        }
    }

    /// Replaces `values`, `[n]`, by their sum over the ranks.
    pub fn sum_u64(&self, values: &mut [u64]) {
        match &self.inner {
            Inner::Alone => _ = values,
            #[cfg(feature = "mpi")]
            Inner::Mpi(world) => world.sum_in_order(values),
        }
    }

    /// Returns whether `yes` is true on all ranks.
    pub fn agree(&self, yes: bool) -> bool {
        let mut no = [u64::from(!yes)];
        self.sum_u64(&mut no);
        no == [0]
    }

    /// Waits until all ranks have called this.
    pub fn barrier(&self) {
        match &self.inner {
            Inner::Alone => {}
            #[cfg(feature = "mpi")]
            Inner::Mpi(world) => world.barrier(),
        }
    }

    /// Returns the first rank's `bytes`, of any length, on all ranks. The bytes of other ranks are ignored.
    pub fn broadcast_bytes(&self, bytes: Vec<u8>) -> Vec<u8> {
        match &self.inner {
            Inner::Alone => bytes,
            #[cfg(feature = "mpi")]
            Inner::Mpi(world) => world.broadcast_bytes(bytes),
        }
    }

    /// Returns all ranks' `bytes` on the first rank, in the order of the ranks; lengths may differ. Returns
    /// None on other ranks.
    pub fn gather_bytes(&self, bytes: &[u8]) -> Option<Vec<Vec<u8>>> {
        match &self.inner {
            Inner::Alone => Some(vec![bytes.to_vec()]),
            #[cfg(feature = "mpi")]
            Inner::Mpi(world) => world.gather_bytes(bytes),
        }
    }

    /// Waits for all ranks; after that, dropping does not end them.
    pub fn finish(mut self) {
        self.barrier();
        self.finished = true;
    }

    /// Ends all ranks with exit status 1, after `message` and this rank's number on stderr.
    pub fn abort(&self, message: &str) -> ! {
        match &self.inner {
            Inner::Alone => {
                eprintln!("{message}");
                std::process::exit(1)
            }
            #[cfg(feature = "mpi")]
            Inner::Mpi(world) => {
                let (rank, count) = (world.rank, world.count);
                let line = format!("rank {rank} of {count}: {message}; ending all {count} ranks\n");
                // Written in one piece, because the launcher adds lines of its own. A failure to write is
                // ignored.
                let _ = std::io::stderr().write_all(line.as_bytes());
                world.abort()
            }
        }
    }
}

impl Drop for Ranks {
    fn drop(&mut self) {
        if self.finished || self.count() == 1 {
            return;
        }
        match std::thread::panicking() {
            true => self.abort("the program has panicked, see above"),
            false => self.abort("stopped before the others had finished"),
        }
    }
}

#[cfg(test)]
#[path = "ranks_tests.rs"]
mod tests;
