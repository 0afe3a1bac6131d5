//! Masks and probabilities as pictures to lay over a scene.

use crate::vision::Mask;

/// Colours of the probabilities 0, 1/8 .. 1: matplotlib's viridis (CC0), whose steps look equally large, also to people
/// with colour vision deficiency.
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

/// Returns RGBA, white inside the mask and transparent elsewhere; callers tint it.
pub fn stencil(mask: &Mask) -> Vec<u8> {
    let white = |&bit: &bool| [255, 255, 255, if bit { 255 } else { 0 }];
    mask.bits().iter().flat_map(white).collect()
}

/// Returns opaque RGBA: each probability of 0 to 255 in its colour.
pub fn heat(probabilities: &[u8]) -> Vec<u8> {
    let table: Vec<[u8; 4]> = (0..=255).map(colour).collect();
    probabilities
        .iter()
        .flat_map(|&probability| table[usize::from(probability)])
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

    #[test]
    fn a_stencil_shows_the_mask_and_nothing_else() {
        let mask = Mask::new(3, 1, vec![true, false, true]);
        let expected = [255, 255, 255, 255, 255, 255, 255, 0, 255, 255, 255, 255];
        assert_eq!(stencil(&mask), expected);
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
