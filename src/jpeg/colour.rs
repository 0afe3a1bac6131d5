//! From a picture's components to red, green and blue, by libjpeg-turbo's `jdcolor.c`.

use super::segments::Tables;

/// The colours that the components are converted to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Conversion {
    /// Converts to red, green and blue, or grey, from the components that the file states. Inks become colours as in
    /// browsers: the file's values state how much light each ink lets through, and each is multiplied by the value of
    /// black.
    Declared,
    /// Three components are always treated as luma and chroma, whatever the file says; other numbers of components stay
    /// as stored.
    FromLuma,
    /// The components as stored, chroma at the size of the picture.
    Stored,
}

/// The meaning of the components.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colours {
    /// Grey, or anything that stays as stored.
    Plain,
    /// Luma and two chromas.
    Luma,
    /// Cyan, magenta, yellow and black, inverted.
    Inks,
    /// Luma and two chromas of the inks, and black.
    LumaInks,
}

impl Colours {
    /// The meaning of components with these names (libjpeg's `default_decompress_parms`).
    pub fn of(ids: &[u8], tables: &Tables, conversion: Conversion) -> Self {
        match (conversion, ids) {
            (Conversion::FromLuma, [_, _, _]) => Self::Luma,
            (Conversion::FromLuma | Conversion::Stored, _) => Self::Plain,
            (Conversion::Declared, [_, _, _]) => match (tables.jfif, tables.adobe) {
                (true, _) => Self::Luma,
                (false, Some(0)) => Self::Plain,
                (false, None) if ids == b"RGB" => Self::Plain,
                _ => Self::Luma,
            },
            (Conversion::Declared, [_, _, _, _]) => match tables.adobe {
                None | Some(0) => Self::Inks,
                _ => Self::LumaInks,
            },
            _ => Self::Plain,
        }
    }

    /// Samples per pixel after the conversion of `components` samples.
    pub fn channels(self, components: usize) -> usize {
        match self {
            Self::Plain => components,
            _ => 3,
        }
    }

    /// Converts a row: one slice per component to interleaved samples.
    pub fn convert(self, rows: &[Vec<u8>], output: &mut [u8]) {
        match (self, rows) {
            (Self::Luma, [luma, blue, red, ..]) => {
                let chroma = blue.iter().zip(red);
                for (pixel, (&y, (&cb, &cr))) in
                    output.chunks_exact_mut(3).zip(luma.iter().zip(chroma))
                {
                    pixel.copy_from_slice(&rgb(y, cb, cr));
                }
            }
            (Self::Inks | Self::LumaInks, [first, second, third, black]) => {
                let parts = first.iter().zip(second).zip(third).zip(black);
                for (pixel, (((&a, &b), &c), &k)) in output.chunks_exact_mut(3).zip(parts) {
                    let inks = match self {
                        Self::Inks => [a, b, c],
                        _ => rgb(a, b, c).map(|value| 255 - value),
                    };
                    let light = inks.map(|ink| (u16::from(ink) * u16::from(k) / 255) as u8);
                    pixel.copy_from_slice(&light);
                }
            }
            _ => {
                let count = rows.len();
                for (at, row) in rows.iter().enumerate() {
                    for (value, &sample) in output.iter_mut().skip(at).step_by(count).zip(row) {
                        *value = sample;
                    }
                }
            }
        }
    }
}

/// Red, green and blue of luma and chroma (JFIF), in libjpeg's 16-bit fixed point.
fn rgb(y: u8, cb: u8, cr: u8) -> [u8; 3] {
    const HALF: i32 = 1 << 15;
    let (y, cb, cr) = (i32::from(y), i32::from(cb) - 128, i32::from(cr) - 128);
    let red = y + ((91_881 * cr + HALF) >> 16);
    let green = y + ((-22_554 * cb - 46_802 * cr + HALF) >> 16);
    let blue = y + ((116_130 * cb + HALF) >> 16);
    [red, green, blue].map(|value| value.clamp(0, 255) as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn luma_and_chroma_become_the_colours_of_jfif() {
        for (y, cb, cr) in [
            (0, 0, 0),
            (255, 255, 255),
            (128, 128, 128),
            (76, 85, 255),
            (40, 200, 90),
        ] {
            let (luma, blue, red) = (f64::from(y), f64::from(cb) - 128.0, f64::from(cr) - 128.0);
            let exact = [
                luma + 1.402 * red,
                luma - 0.344_136 * blue - 0.714_136 * red,
                luma + 1.772 * blue,
            ];
            for (found, exact) in rgb(y, cb, cr).into_iter().zip(exact) {
                assert!((f64::from(found) - exact.clamp(0.0, 255.0)).abs() <= 0.51);
            }
        }
    }

    #[test]
    fn headers_tell_the_colours() {
        let tables = |jfif, adobe| Tables {
            jfif,
            adobe,
            ..Tables::default()
        };
        let of =
            |ids: &[u8], jfif, adobe| Colours::of(ids, &tables(jfif, adobe), Conversion::Declared);
        assert_eq!(of(&[1, 2, 3], false, None), Colours::Luma);
        assert_eq!(of(b"RGB", false, None), Colours::Plain);
        assert_eq!(of(b"RGB", true, None), Colours::Luma);
        assert_eq!(of(&[1, 2, 3], false, Some(0)), Colours::Plain);
        assert_eq!(of(&[1], true, None), Colours::Plain);
        assert_eq!(of(&[1, 2, 3, 4], false, Some(2)), Colours::LumaInks);
        assert_eq!(of(&[1, 2, 3, 4], false, None), Colours::Inks);
    }
}
