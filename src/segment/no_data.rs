//! Clears results where a scene has no data: the network sees grey there and may find something in it.

/// Sets the probabilities of a tile to 0 where their centre is on a pixel without data. Pixels with data have at least
/// [`LOWEST_PROBABILITY`](crate::vision::LOWEST_PROBABILITY).
///
/// `values` and `has_data` are row-major, of the sizes `map` and `piece` (width, height): the tile's map,
/// and the pixels that the network was shown.
pub fn hide_no_data(
    values: &mut [u8],
    map: (usize, usize),
    has_data: &[bool],
    piece: (usize, usize),
) {
    debug_assert_eq!(values.len(), map.0 * map.1);
    debug_assert_eq!(has_data.len(), piece.0 * piece.1);
    if !has_data.contains(&false) {
        return;
    }
    let middle = |at: usize, from: usize, to: usize| (2 * at + 1) * to / (2 * from);
    for (y, row) in values.chunks_exact_mut(map.0).enumerate() {
        let start = middle(y, map.1, piece.1) * piece.0;
        for (x, value) in row.iter_mut().enumerate() {
            if !has_data[start + middle(x, map.0, piece.0)] {
                *value = 0;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_on_no_data_is_nothing() {
        // The left three of six columns have no data.
        let has_data: Vec<bool> = (0..12).map(|at| at % 6 >= 3).collect();
        let mut same = vec![9; 12];
        hide_no_data(&mut same, (6, 2), &has_data, (6, 2));
        assert_eq!(same, [0, 0, 0, 9, 9, 9, 0, 0, 0, 9, 9, 9]);
        let mut coarse = vec![9; 3];
        hide_no_data(&mut coarse, (3, 1), &has_data, (6, 2));
        assert_eq!(coarse, [0, 9, 9], "the middle of the second is in column 3");
        let mut fine = vec![9; 12 * 2];
        hide_no_data(&mut fine, (12, 2), &has_data, (6, 2));
        assert!(
            fine.iter()
                .enumerate()
                .all(|(at, &value)| (value == 9) == (at % 12 >= 6))
        );
    }

    #[test]
    fn a_piece_that_is_all_there_changes_nothing() {
        let mut values = vec![7; 4];
        hide_no_data(&mut values, (2, 2), &[true; 9], (3, 3));
        assert_eq!(values, [7; 4]);
    }
}
