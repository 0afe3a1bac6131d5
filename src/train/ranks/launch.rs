//! Reads how many processes the launcher started.

/// Variables that launchers set for each process, the innermost launcher first: Open MPI's mpirun, the mpirun
/// of MPICH and its derivatives (and `srun --mpi=pmi2`), and srun. `SLURM_NTASKS` is not used: it is set in a
/// batch script too, where a program started without srun is a single process.
const SIZES: [&str; 3] = ["OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "SLURM_STEP_NUM_TASKS"];

/// The process's place in the run, as the launcher reports it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Launch {
    /// Processes of the run.
    pub count: usize,
    /// The environment variable with that number.
    pub variable: &'static str,
}

impl Launch {
    /// Reads the launch from the environment through `value`. Returns None if there is no launcher.
    pub fn read(value: impl Fn(&str) -> Option<String>) -> Option<Self> {
        SIZES.into_iter().find_map(|variable| {
            let count = value(variable)?.trim().parse().ok()?;
            Some(Self { count, variable })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(set: &[(&str, &str)]) -> Option<(usize, &'static str)> {
        let launch = Launch::read(|variable| {
            let (_, value) = set.iter().find(|(name, _)| *name == variable)?;
            Some((*value).to_string())
        })?;
        Some((launch.count, launch.variable))
    }

    #[test]
    fn the_innermost_launcher_counts() {
        assert_eq!(read(&[]), None);
        assert_eq!(
            read(&[("OMPI_COMM_WORLD_SIZE", "4")]),
            Some((4, "OMPI_COMM_WORLD_SIZE"))
        );
        assert_eq!(read(&[("PMI_SIZE", " 2\n")]), Some((2, "PMI_SIZE")));
        let nested = [("SLURM_STEP_NUM_TASKS", "2"), ("OMPI_COMM_WORLD_SIZE", "8")];
        assert_eq!(read(&nested), Some((8, "OMPI_COMM_WORLD_SIZE")));
    }

    #[test]
    fn a_batch_script_and_nonsense_are_no_launch() {
        assert_eq!(read(&[("SLURM_NTASKS", "4")]), None);
        assert_eq!(read(&[("OMPI_COMM_WORLD_SIZE", "many")]), None);
        assert_eq!(read(&[("PMI_SIZE", "")]), None);
    }
}
