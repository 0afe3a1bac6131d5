//! Masks and probabilities as pictures to lay over a scene.

use crate::vision::Mask;

/// Colours of the probabilities 0, 1/8 .. 1: matplotlib's viridis (CC0), whose steps look equally large,
/// also to those who tell few colours apart.
const VIRIDIS: [[u8; 3]; 9] = [
    [68, 1, 84],
    [71, 45, 123],
    [59, 82, 139],
    [44, 114, 142],
    [33, 145, 140],
    [40, 174, 128],
    [94, 201, 98],
    [173, 220, 48],
    [253, 231, 37],
];

/// RGBA, white where the mask is and transparent elsewhere: whoever draws it gives it its colour.
pub fn stencil(mask: &Mask) -> Vec<u8> {
    white(mask.bits().iter().copied())
}

/// RGBA, white on those pixels of the mask that touch a pixel outside it, or the map's edge, by a side.
pub fn outline(mask: &Mask) -> Vec<u8> {
    let (width, height) = (mask.width(), mask.height());
    let bits = mask.bits();
    white((0..bits.len()).map(|at| {
        let (x, y) = (at % width, at / width);
        let inside = x > 0 && x + 1 < width && y > 0 && y + 1 < height;
        bits[at]
            && !(inside && bits[at - 1] && bits[at + 1] && bits[at - width] && bits[at + width])
    }))
}

/// RGBA, opaque: each probability of 0 to 255 in its colour.
pub fn heat(probabilities: &[u8]) -> Vec<u8> {
    let table: Vec<[u8; 4]> = (0..=255).map(colour).collect();
    probabilities
        .iter()
        .flat_map(|&probability| table[usize::from(probability)])
        .collect()
}

fn white(bits: impl Iterator<Item = bool>) -> Vec<u8> {
    bits.flat_map(|bit| [255, 255, 255, if bit { 255 } else { 0 }])
        .collect()
}

fn colour(probability: u16) -> [u8; 4] {
    let position = f32::from(probability) / 255.0 * (VIRIDIS.len() - 1) as f32;
    let left = (position as usize).min(VIRIDIS.len() - 2);
    let part = position - left as f32;
    let mix = |band: usize| {
        let (from, to) = (
            f32::from(VIRIDIS[left][band]),
            f32::from(VIRIDIS[left + 1][band]),
        );
        (from + (to - from) * part).round() as u8
    };
    [mix(0), mix(1), mix(2), 255]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alphas(rgba: &[u8]) -> Vec<u8> {
        rgba.chunks_exact(4).map(|pixel| pixel[3]).collect()
    }

    #[test]
    fn an_outline_is_the_border_of_the_mask() {
        let mut mask = Mask::empty(5, 5);
        for (x, y) in (1..4).flat_map(|x| (1..4).map(move |y| (x, y))) {
            mask.set(x, y, true);
        }
        let filled = alphas(&stencil(&mask));
        let border = alphas(&outline(&mask));
        assert_eq!(filled.iter().filter(|&&alpha| alpha == 255).count(), 9);
        assert_eq!(border.iter().filter(|&&alpha| alpha == 255).count(), 8);
        assert_eq!((filled[12], border[12]), (255, 0));
        assert!(alphas(&outline(&Mask::full(1, 3))) == [255; 3]);
    }

    #[test]
    fn heat_runs_from_the_first_colour_to_the_last_and_gets_brighter() {
        let rgba = heat(&[0, 128, 255]);
        assert_eq!(rgba[..4], [68, 1, 84, 255]);
        assert_eq!(rgba[8..], [253, 231, 37, 255]);
        let every: Vec<u8> = (0..=255).collect();
        let brightness: Vec<f32> = heat(&every)
            .chunks_exact(4)
            .map(|p| 0.2126 * f32::from(p[0]) + 0.7152 * f32::from(p[1]) + 0.0722 * f32::from(p[2]))
            .collect();
        assert!(brightness.windows(2).all(|pair| pair[1] > pair[0] - 0.6));
    }
}
