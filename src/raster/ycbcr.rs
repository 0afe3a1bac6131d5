//! The colours of a JPEG: brightness and two differences (JFIF 1.02; ITU-R BT.601).

/// Turns the first three bytes of `pixel` from Y, Cb, Cr into red, green and blue; a transparent pixel, whose
/// alpha is 0, stays as it is.
pub fn to_rgb(pixel: &mut [u8]) {
    if pixel[3] == 0 {
        return;
    }
    let [y, blue, red] = [pixel[0], pixel[1], pixel[2]].map(f32::from);
    let (blue, red) = (blue - 128.0, red - 128.0);
    let colour = [
        y + 1.402 * red,
        y - 0.344_136 * blue - 0.714_136 * red,
        y + 1.772 * blue,
    ];
    for (byte, value) in pixel.iter_mut().zip(colour) {
        *byte = value.round().clamp(0.0, 255.0) as u8;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn primaries_come_back() {
        // Y, Cb, Cr of red, green, blue, white and grey, computed from the standard's matrix and rounded.
        for (given, expected) in [
            ([76, 85, 255], [254, 0, 0]),
            ([150, 44, 21], [0, 255, 1]),
            ([29, 255, 107], [0, 0, 254]),
            ([255, 128, 128], [255, 255, 255]),
            ([90, 128, 128], [90, 90, 90]),
        ] {
            let mut pixel = [given[0], given[1], given[2], 255];
            to_rgb(&mut pixel);
            assert_eq!(pixel[..3], expected, "{given:?}");
        }
        let mut clear = [128, 128, 128, 0];
        to_rgb(&mut clear);
        assert_eq!(clear, [128, 128, 128, 0]);
    }
}
