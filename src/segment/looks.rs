//! Two looks at the same image, joined into one map: an overview, and closer looks at its parts.
//!
//! The overview shows things with their surroundings, so it recognises large ones. Its map is coarse: a small thing
//! looks larger than it is, and neighbours merge. Closer looks draw small things sharply, but may miss what they see
//! only a part of. So each thing comes from the look that shows it best.

use super::parts::Parts;

/// Minimum value of a pixel of a found thing.
pub(super) const FOUND: u8 = 128;
/// A thing is taken from the closer looks if they find at least this share of what the overview finds of it. Chosen on
/// NWPU VHR-10.
const CONFIRMED: f64 = 0.5;

/// Joins two maps of the same image, `[height, width]` from 0 to 255: in each connected thing that closer looks confirm,
/// their values; elsewhere the larger of both. A value of 0 in the overview is a pixel without data, and stays 0.
pub(super) fn join(overview: &[u8], closer: &[u8], width: usize) -> Vec<u8> {
    let pairs = || overview.iter().zip(closer);
    let mut joined: Vec<u8> = pairs()
        .map(|(&seen, &near)| if seen == 0 { 0 } else { seen.max(near) })
        .collect();
    let things: Vec<bool> = joined.iter().map(|&value| value >= FOUND).collect();
    for runs in Parts::of(&things, width, true).runs() {
        let count = |map: &[u8]| {
            let found = runs.iter().flat_map(|run| &map[run.clone()]);
            found.filter(|&&value| value >= FOUND).count() as f64
        };
        if count(closer) >= CONFIRMED * count(overview) {
            for run in runs {
                for at in run {
                    joined[at] = closer[at];
                }
            }
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
        // What the overview adds to the background stays outside of things.
        let faint: Vec<u8> = overview.iter().map(|value| value / 2).collect();
        assert_eq!(join(&faint, &closer, WIDTH)[2 * WIDTH + 2], 100);
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
