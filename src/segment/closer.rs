//! Whether closer looks at the parts of an image show more than one look at all of it.
//!
//! The network sees things best at some sizes. One look at an image that is larger than its input makes small things
//! smaller. Large things, though, lose their surroundings in a closer look, and each look costs time. So the first look
//! decides.

use super::looks::FOUND;
use super::parts::Parts;

/// Things are small if the median of their areas is below this share of the image. Chosen on NWPU VHR-10.
const SMALL: f64 = 0.0068;
/// Things below this share of the image are specks: a cell of the network's own map, for an input of 384 pixels.
const SPECK: f64 = 1.0 / 9216.0;

/// Returns whether `map`, `[height, width]` from 0 to 255, shows things, and the median of their areas is small.
pub fn shows_small_things(map: &[u8], width: usize) -> bool {
    let bits: Vec<bool> = map.iter().map(|&value| value >= FOUND).collect();
    let share = |area: usize| area as f64 / map.len() as f64;
    let mut areas: Vec<usize> = Parts::of(&bits, width, true).areas().collect();
    areas.retain(|&area| share(area) >= SPECK);
    let middle = areas.len() / 2;
    if areas.is_empty() {
        return false;
    }
    share(*areas.select_nth_unstable(middle).1) < SMALL
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIDE: usize = 120;

    /// A map with squares of the given sides, in a row.
    fn squares(sides: &[usize]) -> Vec<u8> {
        let mut map = vec![40; SIDE * SIDE];
        for (index, &side) in sides.iter().enumerate() {
            for y in 0..side {
                let at = y * SIDE + index * SIDE / sides.len();
                map[at..at + side].fill(200);
            }
        }
        map
    }

    #[test]
    fn small_things_need_closer_looks_and_large_ones_do_not() {
        let small = |sides: &[usize]| shows_small_things(&squares(sides), SIDE);
        // 10 x 10 of 120 x 120 pixels is a share of 0.0069.
        assert!(small(&[9]) && !small(&[10]));
        assert!(small(&[5, 5, 30]) && !small(&[5, 30, 30]));
        // Nothing, or specks only.
        assert!(!small(&[]) && !small(&[1, 1]));
        assert!(!small(&[1, 1, 1, 30]));
    }
}
