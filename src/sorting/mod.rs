//! Sorting that is compiled once.
//!
//! The compiler makes a copy of `slice::sort_by` for every type and order, 5 to 9 KB of wasm each. Lists that are short
//! or rarely sorted use these functions, which share one copy: it sorts places in the list and calls the comparison
//! through a pointer.

use std::cmp::Ordering;

/// Sorts by `compare`. Equal items keep their order.
pub fn sort_by<T>(items: &mut [T], compare: impl Fn(&T, &T) -> Ordering) {
    let mut places = places_by(items.len(), &|one, other| {
        compare(&items[one], &items[other])
    });
    // Follows the cycles of the permutation.
    for start in 0..items.len() {
        let mut at = start;
        loop {
            let from = std::mem::replace(&mut places[at], at);
            if from == start {
                break;
            }
            items.swap(at, from);
            at = from;
        }
    }
}

/// Sorts by a key. Items of one key keep their order.
pub fn sort_by_key<T, K: Ord>(items: &mut [T], key: impl Fn(&T) -> K) {
    sort_by(items, |one, other| key(one).cmp(&key(other)));
}

/// Sorts in ascending order.
pub fn sort<T: Ord>(items: &mut [T]) {
    sort_by(items, T::cmp);
}

/// The places 0 to `count` in the order of `compare`. Equal places stay in ascending order.
pub fn places_by(count: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut places: Vec<usize> = (0..count).collect();
    places.sort_by(|&one, &other| compare(one, other));
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_are_sorted_as_by_the_library() {
        for count in [0, 1, 2, 3, 40, 500] {
            let items: Vec<(usize, usize)> = (0..count).map(|at| (at * 7919 % 13, at)).collect();
            let (mut ours, mut its) = (items.clone(), items);
            sort_by_key(&mut ours, |item| item.0);
            its.sort_by_key(|item| item.0);
            assert_eq!(ours, its);
            sort_by(&mut ours, |one, other| other.cmp(one));
            its.reverse();
            its.sort_by(|one, other| other.cmp(one));
            assert_eq!(ours, its);
            sort(&mut ours);
            assert!(ours.is_sorted());
        }
    }
}
