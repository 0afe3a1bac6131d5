//! Colours that phrases name, measured from pixels.

use serde::{Deserialize, Serialize};

use crate::vision::image::RgbImage;

use super::region::Region;

/// A colour that people name in aerial images.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[repr(u8)]
#[allow(missing_docs)]
pub enum Colour {
    White,
    Grey,
    Black,
    Red,
    Orange,
    Brown,
    Yellow,
    Green,
    Blue,
    Purple,
}

impl Colour {
    /// Every colour.
    pub const ALL: [Colour; 10] = [
        Colour::White,
        Colour::Grey,
        Colour::Black,
        Colour::Red,
        Colour::Orange,
        Colour::Brown,
        Colour::Yellow,
        Colour::Green,
        Colour::Blue,
        Colour::Purple,
    ];

    /// Names that a phrase may use, the usual one first.
    pub fn names(self) -> &'static [&'static str] {
        match self {
            Colour::White => &["white"],
            Colour::Grey => &["gray", "grey"],
            Colour::Black => &["black"],
            Colour::Red => &["red"],
            Colour::Orange => &["orange"],
            Colour::Brown => &["brown"],
            Colour::Yellow => &["yellow"],
            Colour::Green => &["green"],
            Colour::Blue => &["blue"],
            Colour::Purple => &["purple"],
        }
    }
}

impl Colour {
    /// How close an RGB value is to the colour, from 0 to 1, without hard borders. The weight of a hue rises with the
    /// saturation, up to a saturation of a fifth.
    pub fn likeness(self, rgb: [u8; 3]) -> f32 {
        let (hue, saturation, value) = hsv(rgb);
        let neutral = (1.0 - saturation / 0.25).clamp(0.0, 1.0);
        let near = |middle: f32, reach: f32| {
            let away = (hue - middle).abs();
            let away = away.min(360.0 - away);
            (1.5 - away / reach).clamp(0.0, 1.0) * (saturation / 0.2).min(1.0)
        };
        match self {
            Colour::White => neutral * ((value - 0.4) / 0.4).clamp(0.0, 1.0),
            Colour::Grey => neutral * (1.5 - (value - 0.53).abs() / 0.18).clamp(0.0, 1.0),
            Colour::Black => {
                ((0.6 - value) / 0.35).clamp(0.0, 1.0) * (1.0 - saturation / 0.6).max(0.0)
            }
            Colour::Red => near(2.0, 16.0),
            Colour::Orange => near(27.0, 14.0),
            Colour::Brown => near(22.0, 20.0) * ((0.85 - value) / 0.3).clamp(0.0, 1.0),
            Colour::Yellow => near(53.0, 14.0),
            Colour::Green => near(115.0, 45.0),
            Colour::Blue => near(215.0, 35.0),
            Colour::Purple => near(290.0, 35.0),
        }
    }

    /// Mean likeness of the third of the pixels that is most like the colour; 0 if there are none.
    pub fn likeness_of(self, pixels: &[[u8; 3]]) -> f32 {
        let mut all: Vec<f32> = pixels.iter().map(|&rgb| self.likeness(rgb)).collect();
        all.sort_by(f32::total_cmp);
        let third = all.len().div_ceil(3);
        all.iter().rev().take(third).sum::<f32>() / third.max(1) as f32
    }
}

/// Hue in degrees, saturation and value from 0 to 1.
fn hsv(rgb: [u8; 3]) -> (f32, f32, f32) {
    let [r, g, b] = rgb.map(f32::from);
    let high = r.max(g).max(b);
    let chroma = high - r.min(g).min(b);
    let saturation = if high > 0.0 { chroma / high } else { 0.0 };
    let hue = if chroma < 1.0 {
        0.0
    } else if high == r {
        (60.0 * (g - b) / chroma).rem_euclid(360.0)
    } else if high == g {
        60.0 * (b - r) / chroma + 120.0
    } else {
        60.0 * (r - g) / chroma + 240.0
    };
    (hue, saturation, high / 255.0)
}

/// The colours that people might call something. One colour means certain, several mean disputed, none means unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ColourSet(u16);

impl ColourSet {
    /// Nothing is known about the colour.
    pub const UNKNOWN: Self = Self(0);

    /// The set of these colours.
    pub fn of(colours: &[Colour]) -> Self {
        Self(
            colours
                .iter()
                .fold(0, |bits, &colour| bits | 1 << colour as u16),
        )
    }

    /// Whether the colour is in the set.
    pub fn contains(self, colour: Colour) -> bool {
        self.0 >> colour as u16 & 1 == 1
    }

    /// The union of both sets.
    pub fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether no colour is known.
    pub fn is_unknown(self) -> bool {
        self.0 == 0
    }

    /// The colour, if only one is possible.
    pub fn certain(self) -> Option<Colour> {
        Colour::ALL
            .into_iter()
            .find(|&colour| self.0 == 1 << colour as u16)
    }

    /// What people might call one RGB value. Between any two neighbouring colours the thresholds leave a gap in which
    /// both are named. They were set by looking at roofs in drone and satellite images.
    pub fn of_rgb(rgb: [u8; 3]) -> Self {
        use Colour::*;
        let (hue, saturation, value) = hsv(rgb);
        let neutral: &[Colour] = match value {
            v if v > 0.80 => &[White],
            v if v > 0.70 => &[White, Grey],
            v if v > 0.36 => &[Grey],
            v if v > 0.26 => &[Grey, Black],
            _ => &[Black],
        };
        let chromatic: &[Colour] = match hue {
            h if !(12.0..345.0).contains(&h) => {
                if saturation > 0.42 && value > 0.45 {
                    &[Red]
                } else if value < 0.3 {
                    &[Red, Brown, Black]
                } else {
                    &[Red, Brown]
                }
            }
            h if h < 19.0 => {
                if saturation > 0.55 && value > 0.7 {
                    &[Red, Orange]
                } else {
                    &[Red, Orange, Brown]
                }
            }
            h if h < 42.0 => {
                if saturation > 0.55 && value > 0.78 {
                    &[Orange]
                } else if value < 0.58 && saturation > 0.3 {
                    &[Brown]
                } else {
                    &[Orange, Brown]
                }
            }
            h if h < 48.0 => &[Orange, Yellow, Brown],
            h if h < 66.0 => {
                if saturation > 0.4 && value > 0.6 {
                    &[Yellow]
                } else {
                    &[Yellow, Brown, Green]
                }
            }
            h if h < 80.0 => &[Yellow, Green],
            h if h < 165.0 => &[Green],
            h if h < 192.0 => &[Green, Blue],
            h if h < 250.0 => &[Blue],
            h if h < 270.0 => &[Blue, Purple],
            h if h < 320.0 => &[Purple],
            _ => &[Purple, Red],
        };
        match saturation {
            s if s < 0.13 => Self::of(neutral),
            s if s < 0.27 => Self::of(neutral).union(Self::of(chromatic)),
            _ if value < 0.2 => Self::of(chromatic).union(Self::of(&[Black])),
            _ => Self::of(chromatic),
        }
    }

    /// What people might call a region of an image: the colour of its median, and every other colour that at least a
    /// quarter of its pixels certainly have.
    pub fn of_region(image: &RgbImage, region: &Region) -> Self {
        // 400 pixels are enough for a median and keep scenes with hundreds of roofs fast.
        let step = (region.area() / 400).max(1);
        let pixels = region.pixels().step_by(step);
        Self::of_pixels(pixels.map(|(x, y)| image.pixel(x, y)))
    }

    /// What people might call something with these RGB values, by the rule of [`ColourSet::of_region`].
    pub fn of_pixels(pixels: impl Iterator<Item = [u8; 3]>) -> Self {
        let mut channels: [Vec<u8>; 3] = Default::default();
        let mut votes = [0usize; Colour::ALL.len()];
        for pixel in pixels {
            for (channel, value) in channels.iter_mut().zip(pixel) {
                channel.push(value);
            }
            if let Some(colour) = Self::of_rgb(pixel).certain() {
                votes[colour as usize] += 1;
            }
        }
        let count = channels[0].len();
        if count == 0 {
            return Self::UNKNOWN;
        }
        let median = channels.map(|mut channel| *channel.select_nth_unstable(count / 2).1);
        let mut found = Self::of_rgb(median);
        for colour in Colour::ALL {
            if votes[colour as usize] * 4 >= count {
                found = found.union(Self::of(&[colour]));
            }
        }
        found
    }

    /// How well something of these colours fits `colour`, from 0 to 1: above 0.5 if it is certain, below if it is ruled
    /// out. `share` is the share of pixels that people might call this colour.
    pub fn score(self, colour: Colour, share: f32) -> f32 {
        let share = share.clamp(0.0, 1.0);
        if self.is_unknown() {
            0.5
        } else if self.certain() == Some(colour) {
            0.75 + 0.25 * share
        } else if self.contains(colour) {
            0.3 + 0.4 * share
        } else {
            0.25 * share
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_colours_are_certain() {
        for (rgb, colour) in [
            ([235, 235, 230], Colour::White),
            ([130, 130, 128], Colour::Grey),
            ([30, 30, 32], Colour::Black),
            ([190, 50, 45], Colour::Red),
            ([110, 75, 50], Colour::Brown),
            ([50, 120, 200], Colour::Blue),
            ([60, 130, 60], Colour::Green),
            ([230, 200, 60], Colour::Yellow),
            ([235, 140, 50], Colour::Orange),
        ] {
            assert_eq!(ColourSet::of_rgb(rgb).certain(), Some(colour), "{rgb:?}");
        }
    }

    #[test]
    fn dull_pixels_are_like_their_colour() {
        let dull = [120, 100, 98];
        assert!(Colour::Red.likeness(dull) > 0.5 && Colour::Blue.likeness(dull) == 0.0);
        assert!(Colour::Red.likeness([190, 50, 45]) > Colour::Red.likeness(dull));
        assert!(Colour::White.likeness([200, 200, 200]) > Colour::White.likeness([140, 140, 140]));
        // A red car on grey ground: the third that is most like the colour counts.
        let car = [[190, 50, 45], [110, 110, 110], [105, 105, 105]];
        assert!(Colour::Red.likeness_of(&car) > 0.9);
        assert_eq!(Colour::Red.likeness_of(&[]), 0.0);
    }

    #[test]
    fn colours_in_between_are_disputed() {
        for rgb in [
            [190, 190, 190],
            [80, 80, 80],
            [150, 130, 115],
            [170, 95, 60],
        ] {
            let set = ColourSet::of_rgb(rgb);
            assert!(
                set.certain().is_none() && !set.is_unknown(),
                "{rgb:?} is {set:?}"
            );
        }
    }

    #[test]
    fn a_two_coloured_region_is_disputed() {
        let mut image = RgbImage::filled(10, 10, [200, 40, 40]);
        let region = Region::rectangle(0, 0, 10, 10);
        assert_eq!(
            ColourSet::of_region(&image, &region).certain(),
            Some(Colour::Red)
        );
        for y in 0..4 {
            for x in 0..10 {
                image.set_pixel(x, y, [40, 80, 200]);
            }
        }
        let set = ColourSet::of_region(&image, &region);
        assert!(set.contains(Colour::Red) && set.contains(Colour::Blue));
    }

    #[test]
    fn scores_agree_with_what_is_certain() {
        let disputed = ColourSet::of(&[Colour::Red, Colour::Brown]);
        let red = ColourSet::of(&[Colour::Red]);
        for share in [0.0, 0.4, 1.0] {
            assert!(red.score(Colour::Red, share) > disputed.score(Colour::Red, share));
            assert!(disputed.score(Colour::Red, share) > red.score(Colour::Blue, share));
            assert!(red.score(Colour::Red, share) >= 0.5 && red.score(Colour::Blue, share) < 0.5);
        }
    }
}
