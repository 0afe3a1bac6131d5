//! How a scene is looked at: at once, or in tiles of some ground resolution. The page chooses the same.

use anyhow::{bail, ensure};

use super::ground::Ground;
use crate::segment::{TilePlan, Window};

/// A part up to this long is looked at once, pixels.
const ONE_LOOK: usize = 1536;
/// Longest side of the map of one look.
const LONGEST_MAP: usize = 2048;
/// Ground resolution where none is asked for: what aerial images of the training sets have, metres.
const RESOLUTION: f64 = 0.3;
/// Scene pixels a map pixel where the ground resolution is not known.
const STEP: f64 = 2.0;

/// What the user asked for.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wanted {
    /// The part, in scene pixels.
    pub window: Option<Window>,
    /// Ground resolution, cm a map pixel.
    pub resolution: Option<f64>,
    /// Overlap of tiles, map pixels.
    pub overlap: Option<usize>,
}

/// The plan for a scene of `size`; `side` is that of the network's input.
///
/// # Errors
/// A resolution without a known scale, a part that is not in the scene, tiles that cannot be.
pub fn plan(
    size: (usize, usize),
    wanted: &Wanted,
    ground: &Ground,
    side: usize,
) -> anyhow::Result<TilePlan> {
    let target = wanted.window.unwrap_or(Window::all(size.0, size.1));
    let metres = ground.metres();
    let step = match (wanted.resolution, metres) {
        (Some(cm), _) if !cm.is_finite() || cm <= 0.0 => {
            bail!("--resolution {cm} is not a length: give cm per pixel, above 0")
        }
        (Some(_), None) => bail!(
            "--resolution needs to know how large a pixel is, and the scene does not say: give --scale, \
             cm per pixel"
        ),
        (Some(cm), Some(metres)) => {
            let step = cm / 100.0 / metres;
            // Not for what the projection's scale alone makes of it.
            if step < 0.99 {
                let scene = metres * 100.0;
                eprintln!(
                    "note: the scene has {scene:.1} cm per pixel, which is coarser than {cm}: used as it is"
                );
            }
            step
        }
        (None, _) if target.width.max(target.height) <= ONE_LOOK && wanted.overlap.is_none() => {
            let scene = Window::all(size.0, size.1);
            ensure!(
                target.is_empty() || scene.contains(&target),
                "--window {},{},{},{} is not in the scene, which is {} x {} pixels",
                target.x,
                target.y,
                target.width,
                target.height,
                size.0,
                size.1
            );
            return Ok(TilePlan::whole(target, LONGEST_MAP)?);
        }
        (None, Some(metres)) => RESOLUTION / metres,
        (None, None) => STEP,
    };
    let overlap = wanted.overlap.unwrap_or_else(|| default_overlap(side));
    Ok(TilePlan::tiled(size, target, step.max(1.0), side, overlap)?)
}

/// A quarter of a side, as a multiple of 8.
fn default_overlap(side: usize) -> usize {
    let quarter = (side / 4 + 4) / 8 * 8;
    quarter.min(side.div_ceil(2).saturating_sub(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quarter_of_a_side_in_eights() {
        let overlaps = [448, 256, 64, 100, 8, 1].map(default_overlap);
        assert_eq!(overlaps, [112, 64, 16, 24, 0, 0]);
    }
}
