//! The map of a phrase and the mask made from it.

use anyhow::ensure;

use super::ground::Ground;
use crate::geo::{Footprint, Grid};
use crate::raster::MapStore;
use crate::segment::{MaskStats, Refine, TilePlan};
use crate::vision::Mask;

/// Largest map, in pixels, that is held in memory with its mask: about 5 bytes per pixel.
const MAX_HELD: u64 = 150_000_000;

/// A map with its mask, read row by row.
pub struct Layer {
    store: MapStore,
    width: usize,
    height: usize,
    refine: Refine,
    /// The map and its mask, if the whole map is held in memory.
    held: Option<(Vec<u8>, Mask)>,
    grid: Grid,
}

/// The numbers of a layer.
#[derive(Debug, Clone, Copy, Default)]
pub struct Numbers {
    /// Share of the map in the mask, 0 to 1.
    pub share: f64,
    /// Mean probability in the mask, 0 to 1.
    pub score: f64,
    /// Area in square metres, if the scale is known.
    pub area: Option<f64>,
    /// Number of connected components, if they were counted.
    pub parts: Option<usize>,
}

/// The grid of a plan's map.
pub fn grid(plan: &TilePlan) -> Grid {
    let ((origin_x, origin_y), (step_x, step_y)) = (plan.origin(), plan.step());
    Grid {
        origin_x,
        origin_y,
        step_x,
        step_y,
    }
}

/// Checks that the map of this plan fits into memory, which the option `what` requires.
///
/// # Errors
/// Fails if it is too large.
pub fn can_be_held(plan: &TilePlan, what: &str) -> anyhow::Result<()> {
    let (width, height) = plan.map_size();
    ensure!(
        plan.map_region().pixels() <= MAX_HELD,
        "{what} needs the whole map in memory, and {width} x {height} map pixels are over the limit of 150 \
         million: choose a coarser --resolution or a smaller --window, or omit {what}"
    );
    Ok(())
}

impl Layer {
    /// Makes the layer of a finished map. If `held`, it loads the whole map into memory.
    ///
    /// # Errors
    /// Fails if the map cannot be read back.
    pub fn new(
        mut store: MapStore,
        plan: &TilePlan,
        refine: Refine,
        held: bool,
    ) -> anyhow::Result<Self> {
        let (width, height) = plan.map_size();
        let held = match held {
            true => {
                let mut values = vec![0; width * height];
                store.read(0, &mut values)?;
                let mask = refine.apply(&values, width, height);
                Some((values, mask))
            }
            false => None,
        };
        Ok(Self {
            store,
            width,
            height,
            refine,
            held,
            grid: grid(plan),
        })
    }

    /// The footprint, if the map is held in memory.
    pub fn footprint(&self) -> Option<Footprint<'_>> {
        let (values, mask) = self.held.as_ref()?;
        Some(Footprint::refined(mask, self.grid, values, &self.refine))
    }

    /// Reads the probabilities of row `y` of the map.
    ///
    /// # Errors
    /// Fails if the map cannot be read back.
    pub fn probabilities(&mut self, y: usize, row: &mut [u8]) -> anyhow::Result<()> {
        let start = y as u64 * self.width as u64;
        Ok(self.store.read(start, row)?)
    }

    /// Reads row `y` of the mask, 0 or 255 per pixel.
    ///
    /// # Errors
    /// Fails if the map cannot be read back.
    pub fn mask(&mut self, y: usize, row: &mut [u8]) -> anyhow::Result<()> {
        match &self.held {
            Some((_, mask)) => {
                let bits = &mask.bits()[y * self.width..(y + 1) * self.width];
                for (value, &bit) in row.iter_mut().zip(bits) {
                    *value = if bit { 255 } else { 0 };
                }
            }
            None => {
                self.probabilities(y, row)?;
                let lowest = self.refine.lowest();
                for value in row {
                    *value = if u16::from(*value) >= lowest { 255 } else { 0 };
                }
            }
        }
        Ok(())
    }

    /// Computes the numbers.
    ///
    /// # Errors
    /// Fails if the map cannot be read back.
    pub fn numbers(&mut self, ground: &Ground) -> anyhow::Result<Numbers> {
        if let (Some((values, mask)), Some(footprint)) = (&self.held, self.footprint()) {
            let stats = MaskStats::of(mask, values);
            return Ok(Numbers {
                share: stats.area as f64 / mask.bits().len() as f64,
                score: f64::from(stats.score),
                area: ground.area(&footprint),
                parts: Some(stats.parts),
            });
        }
        let lowest = self.refine.lowest();
        let mut row = vec![0; self.width];
        let (mut count, mut sum, mut area) = (0u64, 0u64, Some(0.0));
        for y in 0..self.height {
            self.probabilities(y, &mut row)?;
            let inside = row.iter().filter(|&&value| u16::from(value) >= lowest);
            let (mut here, mut total) = (0u64, 0u64);
            for &value in inside {
                here += 1;
                total += u64::from(value);
            }
            if here > 0 {
                let pixel = ground.row_pixel(&self.grid, self.width, y);
                area = area
                    .zip(pixel)
                    .map(|(area, pixel)| area + pixel * here as f64);
            }
            count += here;
            sum += total;
        }
        // An empty mask is not measured, so an unknown scale has not been noticed yet.
        let area = area.filter(|_| ground.metres().is_some());
        Ok(Numbers {
            share: count as f64 / (self.width as f64 * self.height as f64),
            score: sum as f64 / 255.0 / count.max(1) as f64,
            area,
            parts: None,
        })
    }
}
