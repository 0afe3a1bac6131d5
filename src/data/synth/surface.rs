//! Surfaces of the ground: a base colour, blotches of a second one, and grain.

use super::canvas::{Rgb, mix};
use super::noise::{fractal, white};
use super::world::World;

/// The texture of a surface.
#[derive(Debug, Clone, Copy)]
pub struct Surface {
    base: Rgb,
    blotch: Rgb,
    /// How visible the blotches are.
    contrast: f32,
    /// Standard deviation of the fine structure.
    fine: f32,
    /// Largest deviation from pixel to pixel.
    grain: f32,
    /// Noise units per pixel, for blotches and for the fine structure.
    steps: (f32, f32),
    offset: (f32, f32),
    seed: u32,
}

/// Kinds of ground; the colours were measured on NAIP (California) and drone images.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Kind {
    Lawn,
    Meadow,
    DryGrass,
    Scrub,
    Soil,
    RedSoil,
    Sand,
    PaleSand,
    Gravel,
    Asphalt,
    OldAsphalt,
    Concrete,
    Sea,
    Pond,
    Murky,
}

impl Surface {
    /// A surface of this kind, varied from scene to scene.
    pub fn new(kind: Kind, world: &mut World) -> Self {
        use Kind::*;
        let (base, blotch, contrast, fine, grain): (Rgb, Rgb, f32, f32, f32) = match kind {
            Lawn => ([84.0, 112.0, 62.0], [110.0, 126.0, 78.0], 0.5, 6.0, 6.0),
            Meadow => ([96.0, 112.0, 66.0], [132.0, 126.0, 86.0], 0.8, 10.0, 8.0),
            DryGrass => ([150.0, 138.0, 100.0], [116.0, 118.0, 76.0], 0.8, 9.0, 8.0),
            Scrub => ([112.0, 112.0, 82.0], [66.0, 80.0, 52.0], 1.1, 13.0, 9.0),
            Soil => ([152.0, 130.0, 106.0], [126.0, 106.0, 84.0], 0.8, 8.0, 7.0),
            RedSoil => ([166.0, 124.0, 98.0], [140.0, 100.0, 78.0], 0.8, 8.0, 7.0),
            Sand => ([196.0, 178.0, 148.0], [172.0, 152.0, 124.0], 0.8, 7.0, 6.0),
            PaleSand => ([222.0, 214.0, 208.0], [186.0, 176.0, 172.0], 0.9, 8.0, 6.0),
            Gravel => ([152.0, 146.0, 136.0], [124.0, 118.0, 110.0], 0.8, 9.0, 9.0),
            Asphalt => ([88.0, 88.0, 90.0], [102.0, 102.0, 102.0], 0.6, 3.5, 5.0),
            OldAsphalt => ([142.0, 139.0, 134.0], [124.0, 121.0, 117.0], 0.7, 4.0, 5.0),
            Concrete => ([184.0, 180.0, 171.0], [164.0, 160.0, 152.0], 0.7, 4.0, 5.0),
            Sea => ([32.0, 62.0, 78.0], [44.0, 78.0, 90.0], 0.6, 4.0, 4.0),
            Pond => ([54.0, 74.0, 66.0], [40.0, 60.0, 58.0], 0.6, 3.0, 3.0),
            Murky => ([34.0, 32.0, 30.0], [46.0, 44.0, 38.0], 0.6, 4.0, 4.0),
        };
        let base = world.vary(base, 16.0, 7.0);
        let blotch = world.vary(blotch, 14.0, 7.0);
        let metre = world.canvas.scale;
        let blotch_m = world.range(6.0, 40.0);
        let fine_m = world.range(0.5, 1.2);
        let vary = world.range(0.6, 1.4);
        Self {
            base,
            blotch,
            contrast: contrast * vary,
            fine: fine * world.range(0.7, 1.4),
            grain: grain * world.range(0.5, 1.3),
            steps: (40.0 / (blotch_m * metre), (3.0 / (fine_m * metre)).min(1.0)),
            offset: (world.range(0.0, 256.0), world.range(0.0, 256.0)),
            seed: (world.range(0.0, 1e6)) as u32,
        }
    }

    /// The same texture in another colour.
    pub fn tinted(self, base: Rgb, blotch: Rgb) -> Self {
        Self {
            base,
            blotch,
            ..self
        }
    }

    /// The coarse noise that places the blotches, of standard deviation 1.
    pub fn blotches(&self, x: f32, y: f32) -> f32 {
        fractal(
            x * self.steps.0 + self.offset.0,
            y * self.steps.0 + self.offset.1,
        )
    }

    /// The colour at a pixel.
    pub fn at(&self, x: f32, y: f32) -> Rgb {
        let coarse = self.blotches(x, y);
        let share = (0.5 + 0.5 * coarse * self.contrast).clamp(0.0, 1.0);
        let fine = fractal(
            x * self.steps.1 + self.offset.1 + 31.7,
            y * self.steps.1 + self.offset.0 + 11.3,
        );
        let shift = fine * self.fine + white(x as i32, y as i32, self.seed) * self.grain;
        mix(self.base, self.blotch, share).map(|value| value + shift)
    }
}
