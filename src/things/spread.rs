//! Labels that grow over connected pixels.

use std::collections::VecDeque;

/// Gives each unlabelled (0) pixel that is `open` the label of the nearest pixel of `border`, step by step across
/// common sides. `labels` is `[height, width]`; `border` holds labelled positions and is empty afterwards.
pub fn spread(
    labels: &mut [u32],
    width: usize,
    border: &mut VecDeque<usize>,
    open: impl Fn(usize) -> bool,
) {
    while !border.is_empty() {
        step(labels, width, border, &open);
    }
}

/// One step of [`spread`]: `border` holds the newly labelled pixels afterwards.
pub fn step(
    labels: &mut [u32],
    width: usize,
    border: &mut VecDeque<usize>,
    open: impl Fn(usize) -> bool,
) {
    for _ in 0..border.len() {
        let Some(at) = border.pop_front() else {
            return;
        };
        let x = at % width;
        let near = [
            (x > 0).then(|| at - 1),
            (x + 1 < width).then_some(at + 1),
            at.checked_sub(width),
            Some(at + width).filter(|&at| at < labels.len()),
        ];
        for next in near.into_iter().flatten() {
            if labels[next] == 0 && open(next) {
                labels[next] = labels[at];
                border.push_back(next);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_reaches_one_pixel() {
        let mut labels = [1, 0, 0, 0];
        let mut border = VecDeque::from([0]);
        step(&mut labels, 4, &mut border, |_| true);
        assert_eq!((labels, border), ([1, 1, 0, 0], VecDeque::from([1])));
    }

    #[test]
    fn the_nearer_label_wins_and_closed_pixels_stop_it() {
        let mut labels = [1, 0, 0, 0, 0, 2, 0, 0];
        spread(&mut labels, 8, &mut VecDeque::from([0, 5]), |at| at != 6);
        assert_eq!(labels, [1, 1, 1, 2, 2, 2, 0, 0]);
        let mut rows = [0, 0, 3, 0, 0, 0];
        spread(&mut rows, 3, &mut VecDeque::from([2]), |at| at != 1);
        assert_eq!(rows, [3, 0, 3, 3, 3, 3]);
    }
}
