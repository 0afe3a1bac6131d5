//! Tests of a single rank; several ranks need mpirun.

use super::*;

#[test]
fn alone_everything_stays_as_it_is() {
    let ranks = Ranks::alone();
    assert_eq!((ranks.rank(), ranks.count(), ranks.local_rank()), (0, 1, 0));
    assert!(ranks.is_first());
    assert_eq!(ranks.share(7), 0..7);
    let mut values = [1.5_f32, f32::MIN_POSITIVE, -0.0];
    ranks.average(&mut values);
    ranks.weighted_average(&mut values, 0.3);
    assert_eq!(values, [1.5, f32::MIN_POSITIVE, -0.0]);
    let mut sums = [3.0_f64];
    ranks.sum_f64(&mut sums);
    assert_eq!(sums, [3.0]);
    let mut counts = [3_u64];
    ranks.sum_u64(&mut counts);
    assert_eq!(counts, [3]);
    assert!(ranks.agree(true) && !ranks.agree(false));
    assert_eq!(ranks.broadcast_bytes(vec![1, 2]), [1, 2]);
    assert_eq!(ranks.gather_bytes(&[3]), Some(vec![vec![3]]));
    ranks.barrier();
    ranks.finish();
}

#[test]
fn alone_an_error_comes_back() {
    #[derive(Debug)]
    struct Failed(String);
    impl From<RanksError> for Failed {
        fn from(error: RanksError) -> Self {
            Self(error.to_string())
        }
    }
    impl Display for Failed {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str(&self.0)
        }
    }
    let done: Result<usize, Failed> = Ranks::run(|ranks| Ok(ranks.count()));
    assert_eq!(done.expect("nothing fails"), 1);
    let failed: Result<(), Failed> = Ranks::run(|_| Err(Failed("no data".into())));
    assert_eq!(failed.expect_err("it fails").to_string(), "no data");
}

#[cfg(not(feature = "mpi"))]
#[test]
fn several_processes_without_mpi_are_refused() {
    let launch = Launch {
        count: 4,
        variable: "PMI_SIZE",
    };
    let error = Ranks::join(launch)
        .expect_err("there is no MPI")
        .to_string();
    assert!(
        error.contains("4 processes (according to PMI_SIZE)"),
        "{error}"
    );
    assert!(error.contains("--features mpi"), "{error}");
}
