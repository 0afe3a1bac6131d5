//! Splits a list into one share per rank.

use std::ops::Range;

/// Returns the part of `total` items that rank `rank` of `count` takes. Shares are contiguous, in the order
/// of the ranks, cover everything and differ in size by at most one.
///
/// Panics if there is no such rank, which is a programming error.
pub fn share_of(rank: usize, count: usize, total: usize) -> Range<usize> {
    assert!(rank < count, "ranks are numbered from 0");
    let (each, left) = (total / count, total % count);
    // The first ranks take the remainder, one item each.
    let start = |rank: usize| rank * each + rank.min(left);
    start(rank)..start(rank + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_cover_everything_once_and_evenly() {
        for count in 1..=9 {
            for total in 0..=40 {
                let shares: Vec<_> = (0..count)
                    .map(|rank| share_of(rank, count, total))
                    .collect();
                let all: Vec<usize> = shares.iter().cloned().flatten().collect();
                assert_eq!(all, (0..total).collect::<Vec<_>>(), "{total} over {count}");
                let most = shares.iter().map(ExactSizeIterator::len).max();
                let least = shares.iter().map(ExactSizeIterator::len).min();
                assert!(most <= least.map(|n| n + 1), "{total} over {count}");
            }
        }
    }

    #[test]
    fn large_totals_do_not_overflow() {
        assert_eq!(share_of(2, 3, usize::MAX).end, usize::MAX);
    }
}
