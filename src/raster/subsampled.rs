//! Luma and chroma that are stored without JPEG, several pixels sharing their chroma (TIFF 6.0, section 21).

/// Turns units of `across` x `down` lumas and two chromas into three samples per pixel of `rows` rows of `width`
/// pixels. Every pixel of a unit gets its chroma, as in libtiff.
pub fn full_chroma(
    bytes: &[u8],
    width: usize,
    rows: usize,
    (across, down): (usize, usize),
) -> Vec<u8> {
    let size = across * down + 2;
    let units = width.div_ceil(across);
    let mut samples = Vec::with_capacity(width * rows * 3);
    for y in 0..rows {
        for x in 0..width {
            let start = (y / down * units + x / across) * size;
            // Behind the end of the data.
            let Some(unit) = bytes.get(start..start + size) else {
                samples.extend([0, 128, 128]);
                continue;
            };
            let luma = unit[y % down * across + x % across];
            samples.extend([luma, unit[size - 2], unit[size - 1]]);
        }
    }
    samples
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pixels_of_a_unit_share_their_chroma() {
        let bytes = [1, 2, 3, 4, 50, 60, 5, 6, 7, 8, 70, 80];
        let samples = full_chroma(&bytes, 3, 2, (2, 2));
        let expected = [
            [1, 50, 60],
            [2, 50, 60],
            [5, 70, 80],
            [3, 50, 60],
            [4, 50, 60],
            [7, 70, 80],
        ];
        assert_eq!(samples, expected.concat());
    }
}
