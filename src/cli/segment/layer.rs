//! A phrase's map made into its mask.

use anyhow::ensure;

use super::ground::Ground;
use crate::geo::{Footprint, Grid};
use crate::raster::MapStore;
use crate::segment::{MaskStats, Refine, TilePlan};
use crate::vision::Mask;

/// Map pixels up to which a map is held in memory, with its mask: about 5 bytes each.
const MAX_HELD: u64 = 150_000_000;

/// A map with its mask; rows are handed out one by one.
pub struct Layer {
    store: MapStore,
    width: usize,
    height: usize,
    refine: Refine,
    /// Map and mask, where what is asked for needs all of them at once.
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
    /// Square metres, where they are known.
    pub area: Option<f64>,
    /// Parts, where they were counted.
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

/// Whether a map of this plan can be held in memory, as `what` needs it.
///
/// # Errors
/// It is too large.
pub fn can_be_held(plan: &TilePlan, what: &str) -> anyhow::Result<()> {
    let (width, height) = plan.map_size();
    ensure!(
        plan.map_region().pixels() <= MAX_HELD,
        "{what} needs the whole map at once, and {width} x {height} map pixels are over the limit of 150 \
         million: choose a coarser --resolution or a smaller --window, or leave it out"
    );
    Ok(())
}

impl Layer {
    /// The layer of a finished map; `held` where the whole map is needed at once.
    ///
    /// # Errors
    /// The map cannot be read back.
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

    /// The footprint, where the map is held.
    pub fn footprint(&self) -> Option<Footprint<'_>> {
        let (values, mask) = self.held.as_ref()?;
        Some(Footprint::refined(mask, self.grid, values, &self.refine))
    }

    /// Probabilities of row `y` of the map.
    ///
    /// # Errors
    /// The map cannot be read back.
    pub fn probabilities(&mut self, y: usize, row: &mut [u8]) -> anyhow::Result<()> {
        let start = y as u64 * self.width as u64;
        Ok(self.store.read(start, row)?)
    }

    /// Row `y` of the mask, 0 or 255.
    ///
    /// # Errors
    /// The map cannot be read back.
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

    /// The numbers.
    ///
    /// # Errors
    /// The map cannot be read back.
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
        // Of an empty mask nothing was measured that could have failed.
        let area = area.filter(|_| ground.metres().is_some());
        Ok(Numbers {
            share: count as f64 / (self.width as f64 * self.height as f64),
            score: sum as f64 / 255.0 / count.max(1) as f64,
            area,
            parts: None,
        })
    }
}
