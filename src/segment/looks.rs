//! Two looks at the same image, joined into one map: an overview, and closer looks at its parts.
//!
//! The overview shows things with their surroundings, so it recognises large ones. Its map is coarse: a small thing
//! looks larger than it is, and neighbours merge. Closer looks draw small things sharply, but may miss what they see
//! only a part of. So each thing comes from the look that shows it best.

use std::collections::VecDeque;

use crate::things::spread::step;

use super::parts::Parts;

/// Minimum value of a pixel of a found thing.
pub(super) const FOUND: u8 = 128;
/// A thing is taken from the closer looks if they find at least this share of the pixels that the overview finds of it.
/// Chosen on NWPU VHR-10.
const CONFIRMED: f64 = 0.5;
/// Share of a map's longer side up to which the low values around a thing belong to it: three cells of the network's
/// own map, for an input of 384 pixels.
const RIM: f64 = 1.0 / 32.0;
/// Owner of the pixels of things that closer looks confirm.
const SHARP: u32 = 1;
/// Owner of the pixels of other things.
const COARSE: u32 = 2;

/// The larger of both looks per pixel. A value of 0 in the overview is a pixel without data, and stays 0.
pub(super) fn larger(overview: &[u8], closer: &[u8]) -> Vec<u8> {
    let pairs = overview.iter().zip(closer);
    pairs
        .map(|(&seen, &near)| if seen == 0 { 0 } else { seen.max(near) })
        .collect()
}

/// Joins two complete maps of the same image, `[height, width]` from 0 to 255: in and around each connected thing that
/// closer looks confirm, their values; elsewhere the larger of both.
pub(super) fn join(overview: &[u8], closer: &[u8], width: usize) -> Vec<u8> {
    let mut joined = larger(overview, closer);
    let things: Vec<bool> = joined.iter().map(|&value| value >= FOUND).collect();
    // 0 for a pixel without a thing.
    let mut owners = vec![0u32; joined.len()];
    for runs in Parts::of(&things, width, true).runs() {
        let count = |map: &[u8]| {
            let found = runs.iter().flat_map(|run| &map[run.clone()]);
            found.filter(|&&value| value >= FOUND).count() as f64
        };
        let is_confirmed = count(closer) >= CONFIRMED * count(overview);
        for run in runs {
            owners[run].fill(if is_confirmed { SHARP } else { COARSE });
        }
    }
    let longer = width.max(joined.len() / width.max(1));
    let mut border: VecDeque<usize> = (0..owners.len()).filter(|&at| owners[at] > 0).collect();
    for _ in 0..(RIM * longer as f64).ceil() as usize {
        step(&mut owners, width, &mut border, |_| true);
    }
    for (at, value) in joined.iter_mut().enumerate() {
        if owners[at] == SHARP && *value > 0 {
            *value = closer[at];
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    const WIDTH: usize = 30;

    /// A map of 30 x 20 pixels: `value` in the rectangles `[left, top, right, bottom]`, 40 elsewhere.
    fn map(value: u8, rectangles: &[[usize; 4]]) -> Vec<u8> {
        let inside = |x: usize, y: usize| {
            let mut around = rectangles.iter();
            around.any(|&[x0, y0, x1, y1]| (x0..x1).contains(&x) && (y0..y1).contains(&y))
        };
        let pixel = |at: usize| match inside(at % WIDTH, at / WIDTH) {
            true => value,
            false => 40,
        };
        (0..WIDTH * 20).map(pixel).collect()
    }

    #[test]
    fn closer_looks_draw_the_things_that_they_confirm() {
        // Two ships that the overview shows as one.
        let overview = map(200, &[[2, 2, 22, 10]]);
        let closer = map(230, &[[3, 3, 11, 9], [13, 3, 21, 9]]);
        let joined = join(&overview, &closer, WIDTH);
        assert_eq!(joined, closer);
        // Faint values of the overview stay away from things.
        let faint: Vec<u8> = overview.iter().map(|value| value / 2).collect();
        let one = map(230, &[[3, 3, 6, 9]]);
        let joined = join(&faint, &one, WIDTH);
        assert_eq!((joined[5 * WIDTH + 6], joined[5 * WIDTH + 7]), (40, 100));
    }

    #[test]
    fn a_confirmed_thing_has_no_ring_of_low_values() {
        // The overview's values fall off slowly around a wide thing, those of the closer looks at once.
        let row = |at: usize| 255 - (12 * (at % WIDTH).abs_diff(15)).min(250) as u8;
        let overview: Vec<u8> = (0..WIDTH * 4).map(row).collect();
        let closer = map(230, &[[9, 0, 22, 4]])[..WIDTH * 4].to_vec();
        let joined = join(&overview, &closer, WIDTH);
        // At a lower threshold, the row still has one thing.
        let lower: Vec<bool> = joined[..WIDTH].iter().map(|&value| value >= 115).collect();
        let starts = lower.windows(2).filter(|pair| !pair[0] && pair[1]).count();
        assert_eq!(starts, 1, "{joined:?}");
    }

    #[test]
    fn a_large_thing_that_closer_looks_miss_stays() {
        let overview = map(200, &[[2, 2, 22, 18]]);
        let closer = map(230, &[[3, 3, 9, 9]]);
        let joined = join(&overview, &closer, WIDTH);
        assert_eq!((joined[15 * WIDTH + 15], joined[5 * WIDTH + 5]), (200, 230));
        // So does a small one that only the closer looks find.
        let small = map(230, &[[25, 2, 27, 4]]);
        assert_eq!(join(&overview, &small, WIDTH)[2 * WIDTH + 25], 230);
    }

    #[test]
    fn pixels_without_data_stay_without() {
        let overview = vec![0; WIDTH * 20];
        let closer = map(230, &[[3, 3, 9, 9]]);
        assert_eq!(join(&overview, &closer, WIDTH), overview);
    }
}
