//! How an area of a scene is processed: in one pass, with closer looks, or in tiles at some ground resolution.

use thiserror::Error;

use super::limits::LONGEST_LOOK;
use super::tiles::{PlanError, TilePlan};
use crate::vision::Window;

/// Longest side in metres of an area that is processed in one pass. For an input of 384 pixels that is half a metre per
/// pixel, about the coarsest resolution at which cars and pools are still visible.
const ONE_LOOK: f64 = 192.0;
/// The same in pixels, if the ground resolution is unknown.
const ONE_LOOK_UNKNOWN: usize = 1024;
/// The same in pixels, for scenes coarser than [`COARSEST`].
const ONE_LOOK_COARSE: usize = 1536;
/// Coarsest ground resolution at which the classes of the training sets are visible, metres per pixel.
const COARSEST: f64 = 1.0;
/// Default ground resolution, that of the aerial images in the training sets, metres per pixel.
const RESOLUTION: f64 = 0.3;
/// Scene pixels per map pixel if the ground resolution is unknown.
const STEP: f64 = 2.0;
/// An area gets closer looks if its longest side in pixels is above this. One look at it makes things noticeably
/// smaller, for an input of 384 pixels.
const ONE_LOOK_IN_FULL: usize = 432;
/// Largest factor by which coarse scenes are enlarged for the network.
const MOST_ENLARGED: f64 = 2.0;

/// Why an area cannot be processed as asked.
#[derive(Debug, Error, PartialEq)]
pub enum CoverageError {
    /// The ground resolution is not a number above 0.
    #[error("{0} is not a length: give cm per pixel, above 0")]
    Resolution(f64),
    /// A ground resolution was given for a scene of unknown scale.
    #[error("the ground resolution needs the pixel size, and the scene does not state it")]
    NoScale,
    /// No plan could be made.
    #[error(transparent)]
    Plan(#[from] PlanError),
}

/// The user's request.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wanted {
    /// The area, in scene pixels; None for the whole scene.
    pub window: Option<Window>,
    /// Ground resolution, cm per map pixel.
    pub resolution: Option<f64>,
    /// Overlap of tiles, map pixels.
    pub overlap: Option<usize>,
}

/// How an area is processed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Coverage {
    /// In one pass over these scene pixels.
    Look(Window),
    /// In one pass over these scene pixels, and then, if that shows small things, in closer looks.
    Closer(Window),
    /// In tiles.
    Tiles {
        /// The area, in scene pixels.
        region: Window,
        /// Scene pixels per map pixel, at least 1.
        step: f64,
        /// Side of a tile, in map pixels.
        side: usize,
        /// Overlap of tiles, in map pixels.
        overlap: usize,
    },
}

impl Coverage {
    /// Chooses for a scene of `size`. `metres` is the side of its pixels, if known; `side` is the side of the network's
    /// input.
    ///
    /// # Errors
    /// Fails if a resolution is given but the scale is unknown, or the area has no pixels or is not in the scene.
    pub fn choose(
        size: (usize, usize),
        wanted: &Wanted,
        metres: Option<f64>,
        side: usize,
    ) -> Result<Self, CoverageError> {
        let scene = Window::all(size.0, size.1);
        let region = wanted.window.unwrap_or(scene);
        let step = match (wanted.resolution, metres) {
            (Some(cm), _) if !cm.is_finite() || cm <= 0.0 => {
                return Err(CoverageError::Resolution(cm));
            }
            (Some(_), None) => return Err(CoverageError::NoScale),
            (Some(cm), Some(metres)) => cm / 100.0 / metres,
            (None, _) if is_one_look(&region, metres) && wanted.overlap.is_none() => {
                if !region.is_empty() && !scene.contains(&region) {
                    let (width, height) = size;
                    Err(PlanError::Outside {
                        region,
                        width,
                        height,
                    })?;
                }
                return Ok(match gains_from_closer_looks(&region, metres) {
                    true => Self::Closer(region),
                    false => Self::Look(region),
                });
            }
            (None, Some(metres)) => RESOLUTION / metres,
            (None, None) => STEP,
        };
        let side = tile_side(side, step, metres);
        Ok(Self::Tiles {
            region,
            step: step.max(1.0),
            side,
            overlap: wanted.overlap.unwrap_or_else(|| default_overlap(side)),
        })
    }

    /// The plan, for a scene of `size`.
    ///
    /// # Errors
    /// See [`TilePlan::whole`] and [`TilePlan::tiled`].
    pub fn plan(&self, size: (usize, usize)) -> Result<TilePlan, PlanError> {
        match *self {
            Self::Look(window) => TilePlan::whole(window, LONGEST_LOOK),
            Self::Closer(window) => TilePlan::closer(window, LONGEST_LOOK),
            Self::Tiles {
                region,
                step,
                side,
                overlap,
            } => TilePlan::tiled(size, region, step, side, overlap),
        }
    }
}

/// Whether an area is processed in one pass if no resolution is given.
fn is_one_look(area: &Window, metres: Option<f64>) -> bool {
    let longest = area.width.max(area.height);
    match metres {
        None => longest <= ONE_LOOK_UNKNOWN,
        Some(metres) if metres > COARSEST => longest <= ONE_LOOK_COARSE,
        Some(metres) => longest as f64 * metres <= ONE_LOOK,
    }
}

/// Whether one pass over an area leaves out what the scene's pixels show: whether the area is large, and not coarser
/// than the training sets.
fn gains_from_closer_looks(area: &Window, metres: Option<f64>) -> bool {
    let longest = area.width.max(area.height);
    longest > ONE_LOOK_IN_FULL && metres.is_none_or(|metres| metres <= COARSEST)
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

    fn chosen(size: (usize, usize), wanted: &Wanted, metres: Option<f64>) -> Coverage {
        Coverage::choose(size, wanted, metres, 384).expect("a coverage")
    }

    #[test]
    fn small_parts_are_one_look_and_coarse_scenes_are_enlarged() {
        let part = |side| Window::all(side, side / 2);
        assert!(is_one_look(&part(320), Some(0.6)) && !is_one_look(&part(321), Some(0.6)));
        assert!(is_one_look(&part(1024), None) && !is_one_look(&part(1025), None));
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

    #[test]
    fn at_once_or_at_30_cm_or_at_what_is_asked_for() {
        let (large, all) = ((20_000, 20_000), Wanted::default());
        let whole = Window::all(1000, 900);
        assert_eq!(
            chosen((1000, 900), &all, Some(0.1)),
            Coverage::Closer(whole)
        );
        let small = Window::all(432, 300);
        assert_eq!(chosen((432, 300), &all, None), Coverage::Look(small));
        let coarse = chosen((1000, 900), &all, Some(10.0));
        assert_eq!(coarse, Coverage::Look(whole));
        let tiles = |size, wanted: &Wanted, metres| match chosen(size, wanted, metres) {
            Coverage::Tiles {
                step,
                side,
                overlap,
                ..
            } => ((step * 1e6).round() / 1e6, side, overlap),
            look => panic!("{look:?}"),
        };
        assert_eq!(tiles(large, &all, Some(0.1)), (3.0, 384, 96));
        assert_eq!(tiles(large, &all, None), (2.0, 384, 96));
        assert_eq!(tiles(large, &all, Some(0.8)), (1.0, 192, 48));
        let at = |cm| Wanted {
            resolution: Some(cm),
            ..all
        };
        assert_eq!(tiles(large, &at(100.0), Some(0.1)), (10.0, 384, 96));
        let wrong = |cm, metres| Coverage::choose(large, &at(cm), metres, 384);
        assert_eq!(wrong(20.0, None), Err(CoverageError::NoScale));
        assert_eq!(wrong(-1.0, Some(0.1)), Err(CoverageError::Resolution(-1.0)));
        let beyond = Wanted {
            window: Some(Window::new(30_000, 0, 10, 10)),
            ..all
        };
        let outside = Coverage::choose(large, &beyond, Some(0.1), 384);
        assert!(matches!(
            outside,
            Err(CoverageError::Plan(PlanError::Outside { .. }))
        ));
    }
}
