//! How a scene is processed, with errors in terms of the program's arguments.

use anyhow::anyhow;

use super::ground::Ground;
use crate::segment::{Coverage, CoverageError, PlanError, TilePlan, Wanted};

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
    let metres = ground.metres();
    if let (Some(cm), Some(metres)) = (wanted.resolution, metres) {
        let scene = metres * 100.0;
        // Tolerate the small differences that the projection's scale causes.
        if cm < 0.99 * scene {
            eprintln!(
                "note: the scene has {scene:.1} cm per pixel, coarser than --resolution {cm}: the map keeps the \
                 scene's pixels"
            );
        }
    }
    let coverage = Coverage::choose(size, wanted, metres, side).map_err(in_arguments)?;
    Ok(coverage.plan(size)?)
}

fn in_arguments(error: CoverageError) -> anyhow::Error {
    match error {
        CoverageError::Resolution(_) => anyhow!("--resolution {error}"),
        CoverageError::NoScale => anyhow!(
            "--resolution needs the pixel size, and the scene does not state it: give --scale in cm per pixel"
        ),
        CoverageError::Plan(PlanError::Outside {
            region,
            width,
            height,
        }) => anyhow!(
            "--window {},{},{},{} is not in the scene, which is {width} x {height} pixels",
            region.x,
            region.y,
            region.width,
            region.height
        ),
        CoverageError::Plan(error) => error.into(),
    }
}
