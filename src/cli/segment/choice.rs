//! How a scene is processed: in one look, or in tiles at some ground resolution. The page uses the same rules.

use anyhow::{bail, ensure};

use super::ground::Ground;
use crate::segment::TilePlan;
use crate::vision::Window;

/// Longest side in metres of a part that is processed in one look. For an input of 384 pixels that is half a metre per
/// pixel, about the coarsest resolution at which cars and pools are still visible.
const ONE_LOOK: f64 = 192.0;
/// The same in pixels, if the ground resolution is unknown.
const ONE_LOOK_UNKNOWN: usize = 768;
/// The same in pixels, for scenes coarser than [`COARSEST`].
const ONE_LOOK_COARSE: usize = 1536;
/// Coarsest ground resolution at which the classes of the training sets are visible, metres per pixel.
const COARSEST: f64 = 1.0;
/// Longest side of the map of one look.
const LONGEST_MAP: usize = 2048;
/// Default ground resolution, that of the aerial images in the training sets, metres per pixel.
const RESOLUTION: f64 = 0.3;
/// Scene pixels per map pixel if the ground resolution is unknown.
const STEP: f64 = 2.0;
/// Largest factor by which coarse scenes are enlarged for the network.
const MOST_ENLARGED: f64 = 2.0;

/// What the user asked for.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wanted {
    /// The part, in scene pixels.
    pub window: Option<Window>,
    /// Ground resolution, cm per map pixel.
    pub resolution: Option<f64>,
    /// Overlap of tiles, map pixels.
    pub overlap: Option<usize>,
}

/// Returns the plan for a scene of `size`; `side` is that of the network's input.
///
/// # Errors
/// Fails if a resolution is given but the scale is unknown, the part is not in the scene, or the tiles are not valid.
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
            "--resolution needs the pixel size, and the scene does not state it: give --scale in \
             cm per pixel"
        ),
        (Some(cm), Some(metres)) => {
            let step = cm / 100.0 / metres;
            // Tolerate the small differences that the projection's scale causes.
            if step < 0.99 {
                let scene = metres * 100.0;
                eprintln!(
                    "note: the scene has {scene:.1} cm per pixel, coarser than --resolution {cm}: the map keeps the \
                     scene's pixels"
                );
            }
            step
        }
        (None, _) if is_one_look(&target, metres) && wanted.overlap.is_none() => {
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
    let side = tile_side(side, step, metres);
    let overlap = wanted.overlap.unwrap_or_else(|| default_overlap(side));
    Ok(TilePlan::tiled(size, target, step.max(1.0), side, overlap)?)
}

/// Whether a part is processed in one look if no resolution is given.
fn is_one_look(target: &Window, metres: Option<f64>) -> bool {
    let longest = target.width.max(target.height);
    match metres {
        None => longest <= ONE_LOOK_UNKNOWN,
        Some(metres) if metres > COARSEST => longest <= ONE_LOOK_COARSE,
        Some(metres) => longest as f64 * metres <= ONE_LOOK,
    }
}

/// Returns the side of a tile in map pixels: that of the network's input, or less if the scene is coarser than the
/// target resolution, so that each tile is enlarged to the input. The map itself is never finer than the scene.
fn tile_side(side: usize, step: f64, metres: Option<f64>) -> usize {
    let enlarged = match metres {
        Some(metres) if metres <= COARSEST => (1.0 / step).clamp(1.0, MOST_ENLARGED),
        _ => 1.0,
    };
    ((side as f64 / enlarged / 8.0).round() as usize * 8)
        .max(8)
        .min(side)
}

/// Returns a quarter of the tile side, rounded to a multiple of 8 and below half a side.
fn default_overlap(side: usize) -> usize {
    let quarter = (side / 4 + 4) / 8 * 8;
    quarter.min(side.div_ceil(2).saturating_sub(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_parts_are_one_look_and_coarse_scenes_are_enlarged() {
        let part = |side| Window::all(side, side / 2);
        assert!(is_one_look(&part(320), Some(0.6)) && !is_one_look(&part(321), Some(0.6)));
        assert!(is_one_look(&part(768), None) && !is_one_look(&part(769), None));
        assert!(is_one_look(&part(1536), Some(10.0)) && !is_one_look(&part(1537), Some(10.0)));
        let sides = [
            (0.5, Some(0.6)),
            (0.3, Some(1.0)),
            (0.75, Some(0.4)),
            (2.0, Some(0.15)),
            (0.03, Some(10.0)),
        ]
        .map(|(step, metres)| tile_side(384, step, metres));
        assert_eq!(sides, [192, 192, 288, 384, 384]);
    }

    #[test]
    fn a_quarter_of_a_side_in_eights() {
        let overlaps = [448, 256, 64, 100, 8, 1].map(default_overlap);
        assert_eq!(overlaps, [112, 64, 16, 24, 0, 0]);
    }
}
