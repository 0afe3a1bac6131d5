//! The ranks of an MPI launch.

use std::fmt;
use std::ops::AddAssign;

use ::mpi::collective::SystemOperation;
use ::mpi::environment::{Universe, initialize_with_threading};
use ::mpi::topology::SimpleCommunicator;
use ::mpi::traits::{
    Communicator, CommunicatorCollectives, Destination, Equivalence, Root, Source,
};
use ::mpi::{Rank, Threading};

use super::RanksError;
use super::launch::Launch;

/// Gradients that are summed at once. MPI counts elements in 31 bits, and the first rank needs a buffer of
/// this size, 16 MiB.
const VALUES_AT_ONCE: usize = 1 << 22;
/// Bytes that are sent at once.
const BYTES_AT_ONCE: usize = 1 << 30;

/// A running MPI session; MPI ends when this is dropped.
pub(super) struct World {
    pub rank: usize,
    pub count: usize,
    pub local_rank: usize,
    all: SimpleCommunicator,
    // Dropping it ends MPI.
    _universe: Universe,
}

impl World {
    /// Starts MPI; blocks until all processes of the launch have joined.
    pub fn join(launch: Launch) -> Result<Self, RanksError> {
        let (universe, threads) =
            initialize_with_threading(Threading::Funneled).ok_or(RanksError::Twice)?;
        if threads < Threading::Funneled {
            return Err(RanksError::NoThreads);
        }
        let all = universe.world();
        let found = number(all.size());
        if found != launch.count {
            return Err(RanksError::OtherMpi {
                count: launch.count,
                found,
                variable: launch.variable,
            });
        }
        Ok(Self {
            rank: number(all.rank()),
            count: found,
            local_rank: number(all.split_shared(all.rank()).rank()),
            all,
            _universe: universe,
        })
    }

    pub fn barrier(&self) {
        self.all.barrier();
    }

    pub fn abort(&self) -> ! {
        self.all.abort(1)
    }

    /// Sums `values` over the ranks on the first rank, which sends the result to the others. An all-reduce
    /// does not guarantee bit-identical results, and was slower between processes of one machine.
    pub fn sum_f32(&self, values: &mut [f32]) {
        let first = self.all.process_at_rank(0);
        let mut sums = match self.rank {
            0 => vec![0.0_f32; values.len().min(VALUES_AT_ONCE)],
            _ => Vec::new(),
        };
        for values in values.chunks_mut(VALUES_AT_ONCE) {
            if self.rank == 0 {
                let sums = &mut sums[..values.len()];
                first.reduce_into_root(&*values, sums, SystemOperation::sum());
                values.copy_from_slice(sums);
            } else {
                first.reduce_into(&*values, SystemOperation::sum());
            }
            first.broadcast_into(values);
        }
    }

    /// Sums a few values over the ranks, in the order of the ranks.
    pub fn sum_in_order<T: Equivalence + Copy + Default + AddAssign>(&self, values: &mut [T]) {
        if values.is_empty() {
            return;
        }
        let mut everybodys = vec![T::default(); values.len() * self.count];
        self.all.all_gather_into(&*values, &mut everybodys[..]);
        values.fill(T::default());
        for ranks in everybodys.chunks_exact(values.len()) {
            for (sum, &value) in values.iter_mut().zip(ranks) {
                *sum += value;
            }
        }
    }

    /// Returns the first rank's bytes, on all ranks.
    pub fn broadcast_bytes(&self, mut bytes: Vec<u8>) -> Vec<u8> {
        let first = self.all.process_at_rank(0);
        let mut length = bytes.len() as u64;
        first.broadcast_into(&mut length);
        bytes.resize(length as usize, 0);
        for part in bytes.chunks_mut(BYTES_AT_ONCE) {
            first.broadcast_into(part);
        }
        bytes
    }

    /// Returns all ranks' bytes on the first rank, None on the others.
    pub fn gather_bytes(&self, bytes: &[u8]) -> Option<Vec<Vec<u8>>> {
        if self.rank > 0 {
            let first = self.all.process_at_rank(0);
            first.send(&(bytes.len() as u64));
            for part in bytes.chunks(BYTES_AT_ONCE) {
                first.send(part);
            }
            return None;
        }
        let others = (1..self.all.size()).map(|rank: Rank| {
            let other = self.all.process_at_rank(rank);
            let (length, _) = other.receive::<u64>();
            let mut bytes = vec![0; length as usize];
            for part in bytes.chunks_mut(BYTES_AT_ONCE) {
                other.receive_into(part);
            }
            bytes
        });
        Some(std::iter::once(bytes.to_vec()).chain(others).collect())
    }
}

impl fmt::Debug for World {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "World({} of {})", self.rank, self.count)
    }
}

/// Ranks and counts are never negative.
fn number(rank: Rank) -> usize {
    usize::try_from(rank).unwrap_or_default()
}
