//! Which places are held back together.

use std::collections::BTreeSet;

/// Splits the distinct `places` into at most `most` groups of about the same size. Each group is held back once, so
/// that the network is measured on places that it was not trained on. There are none if there is only one place.
pub fn folds(places: &[String], most: usize) -> Vec<BTreeSet<String>> {
    let distinct: BTreeSet<&String> = places.iter().collect();
    let count = most.min(distinct.len());
    if count < 2 {
        return Vec::new();
    }
    let mut folds = vec![BTreeSet::new(); count];
    for (at, place) in distinct.into_iter().enumerate() {
        folds[at % count].insert(place.clone());
    }
    folds
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_is_held_back_once() {
        let places: Vec<String> = [3, 1, 2, 2, 5, 4].map(|place| place.to_string()).into();
        let all = folds(&places, 3);
        let sizes: Vec<usize> = all.iter().map(BTreeSet::len).collect();
        assert_eq!(sizes, [2, 2, 1]);
        let held: BTreeSet<&String> = all.iter().flatten().collect();
        assert_eq!(held.len(), 5);
        assert_eq!(folds(&places, 9).len(), 5);
        assert!(folds(&places[2..4], 3).is_empty());
    }
}
