//! Processes a plan tile by tile, with as little of scene and map in memory as possible.

use std::panic::resume_unwind;
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread;
use std::time::Duration;

use anyhow::Context;
use indicatif::{ProgressBar, ProgressStyle};
use rayon::prelude::*;

use crate::raster::{MapStore, Piece, RasterError, RasterSource};
use crate::segment::{Mosaic, Tile, TilePlan, hide_no_data};
use crate::vision::RgbImage;

/// Pieces of the scene that are read ahead.
const AHEAD: usize = 1;

/// Computes the probabilities of tiles for every phrase, `[place.height, place.width]` each.
pub trait TileRunner: Send + Sync {
    /// Number of tiles that are best computed side by side.
    fn at_once(&self) -> usize;

    /// Computes the probabilities of some phrases, by their numbers, for `image`, the pixels of `tile`.
    ///
    /// # Errors
    /// Fails if a phrase cannot be used, or the device fails.
    fn run(&self, image: &RgbImage, tile: &Tile, phrases: &[usize])
    -> anyhow::Result<Vec<Vec<u8>>>;
}

/// Computes the maps of phrases over a plan. The next tiles are read while the last ones are computed.
///
/// Tiles without data are skipped: their probabilities are 0. Closer looks are skipped for phrases whose
/// `may_look_closer` is false, and for those whose overview shows no small things. Rows of the map move to the stores
/// as soon as no further tile adds to them, so that memory holds only one row of tiles.
///
/// # Errors
/// Fails if the scene cannot be read completely, the device fails, or there is no room for the maps.
pub fn maps(
    source: &mut RasterSource,
    plan: &TilePlan,
    may_look_closer: &[bool],
    runner: &impl TileRunner,
) -> anyhow::Result<Vec<MapStore>> {
    let step = plan.step().0.min(plan.step().1);
    let (sender, pieces) = sync_channel(AHEAD);
    thread::scope(|scope| {
        let blended = scope.spawn(move || blend(plan, may_look_closer, runner, &pieces));
        for tile in plan.tiles() {
            let piece = source.read(tile.source, step);
            let is_last = piece.is_err();
            // Nothing is received after an error.
            if sender.send(piece.map(|piece| (tile, piece))).is_err() || is_last {
                break;
            }
        }
        drop(sender);
        match blended.join() {
            Ok(stores) => stores,
            Err(panic) => resume_unwind(panic),
        }
    })
}

/// A tile and its pixels, or the reason why they could not be read.
type Read = Result<(Tile, Piece), RasterError>;

/// Computes and blends all tiles, which `pieces` returns in the order of the plan.
fn blend(
    plan: &TilePlan,
    may_look_closer: &[bool],
    runner: &impl TileRunner,
    pieces: &Receiver<Read>,
) -> anyhow::Result<Vec<MapStore>> {
    let mut mosaics = vec![Mosaic::new(plan); may_look_closer.len()];
    let mut stores: Vec<MapStore> = mosaics.iter().map(|_| MapStore::default()).collect();
    let bar = progress(plan)?;
    let mut layers: Vec<usize> = (0..mosaics.len()).collect();
    let mut done = 0;
    while !layers.is_empty() {
        let together = match plan.has_overview() && done == 0 {
            true => 1,
            false => runner.at_once().max(1),
        };
        let tiles = pieces.iter().take(together);
        let tiles = tiles.collect::<Result<Vec<_>, _>>()?;
        if tiles.is_empty() {
            break;
        }
        let run = |(tile, piece): &(Tile, Piece)| match piece.is_empty() {
            true => Ok(vec![vec![0; tile.place.pixels() as usize]; layers.len()]),
            false => runner.run(&piece.image, tile, &layers),
        };
        let found: Vec<_> = match &tiles[..] {
            [one] => vec![run(one)],
            several => several.par_iter().map(run).collect(),
        };
        for ((tile, piece), found) in tiles.iter().zip(found) {
            done += 1;
            let open = plan.first_open_row(done);
            let (map, size) = (
                (tile.place.width, tile.place.height),
                (piece.image.width(), piece.image.height()),
            );
            for (&layer, mut values) in layers.iter().zip(found?) {
                hide_no_data(&mut values, map, &piece.valid, size);
                mosaics[layer].add(tile, &values)?;
                push(&mut stores[layer], &mut mosaics[layer], open)?;
            }
            bar.inc(1);
        }
        if plan.has_overview() && done == 1 {
            layers.retain(|&layer| may_look_closer[layer] && !mosaics[layer].is_enough());
        }
    }
    let end = plan.map_region().bottom();
    for (mosaic, store) in mosaics.iter_mut().zip(&mut stores) {
        push(store, mosaic, end)?;
    }
    bar.finish_and_clear();
    Ok(stores)
}

/// Moves the rows of a map above `end` to its store.
fn push(store: &mut MapStore, mosaic: &mut Mosaic, end: usize) -> anyhow::Result<()> {
    store.push(&mosaic.take_rows(end)).context(
        "the map could not be stored: free space in the folder for temporary files, or set TMPDIR to another",
    )
}

/// A bar with the tiles done and the time left; hidden for a single tile and for closer looks.
fn progress(plan: &TilePlan) -> anyhow::Result<ProgressBar> {
    let tiles = plan.len();
    if tiles < 2 || plan.has_overview() {
        return Ok(ProgressBar::hidden());
    }
    let bar = ProgressBar::new(tiles as u64);
    bar.set_style(ProgressStyle::with_template(
        "tile {pos} of {len} {wide_bar} {elapsed}, {eta} left",
    )?);
    bar.enable_steady_tick(Duration::from_millis(500));
    Ok(bar)
}
