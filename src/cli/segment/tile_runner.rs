//! Processes a plan tile by tile, with as little of scene and map in memory as possible.

use std::time::Duration;

use anyhow::Context;
use indicatif::{ProgressBar, ProgressStyle};

use crate::raster::{MapStore, RasterSource};
use crate::segment::{Mosaic, Tile, TilePlan, hide_no_data};
use crate::vision::RgbImage;

/// Computes the probabilities of a tile for every phrase, `[place.height, place.width]` each.
pub trait TileRunner {
    /// Computes the probabilities for `image`, the pixels of `tile`.
    ///
    /// # Errors
    /// Fails if a phrase cannot be used, or the device fails.
    fn run(&mut self, image: &RgbImage, tile: &Tile) -> anyhow::Result<Vec<Vec<u8>>>;
}

/// Computes the maps of `layers` phrases over a plan.
///
/// Tiles without data are skipped: their probabilities are 0. Rows of the map move to the stores as soon as no further
/// tile adds to them, so that memory holds only one row of tiles.
///
/// # Errors
/// Fails if the scene cannot be read completely, the device fails, or there is no room for the maps.
pub fn maps(
    source: &mut RasterSource,
    plan: &TilePlan,
    layers: usize,
    runner: &mut impl TileRunner,
) -> anyhow::Result<Vec<MapStore>> {
    let mut mosaics = vec![Mosaic::new(plan); layers];
    let mut stores: Vec<MapStore> = (0..layers).map(|_| MapStore::default()).collect();
    let step = plan.step().0.min(plan.step().1);
    let bar = progress(plan.len())?;
    for (index, tile) in plan.tiles().enumerate() {
        let piece = source.read(tile.source, step)?;
        let found = match piece.is_empty() {
            true => vec![vec![0; tile.place.pixels() as usize]; layers],
            false => runner.run(&piece.image, &tile)?,
        };
        let open = plan.first_open_row(index + 1);
        let (map, size) = (
            (tile.place.width, tile.place.height),
            (piece.image.width(), piece.image.height()),
        );
        for ((mosaic, store), mut values) in mosaics.iter_mut().zip(&mut stores).zip(found) {
            hide_no_data(&mut values, map, &piece.valid, size);
            mosaic.add(&tile, &values)?;
            store.push(&mosaic.take_rows(open)).context(
                "the map could not be stored: free space in the folder for temporary files, or set TMPDIR \
                 to another",
            )?;
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok(stores)
}

/// A bar with the tiles done and the time left; hidden for a single tile.
fn progress(tiles: usize) -> anyhow::Result<ProgressBar> {
    if tiles < 2 {
        return Ok(ProgressBar::hidden());
    }
    let bar = ProgressBar::new(tiles as u64);
    bar.set_style(ProgressStyle::with_template(
        "tile {pos} of {len} {wide_bar} {elapsed}, {eta} left",
    )?);
    bar.enable_steady_tick(Duration::from_millis(500));
    Ok(bar)
}
