//! Which object each pixel belongs to, including low values around an object.

use std::collections::VecDeque;

use crate::things::region::Region;
use crate::things::spread::spread;

use super::objects::Candidate;

/// A label for every pixel.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Owners {
    labels: Vec<u32>,
}

impl Owners {
    /// Computes the owners for a map `[height, width]` of bytes. An object owns its own pixels, and connected pixels of
    /// at least `low` that are nearer to it than to another object. Where objects overlap, the first one owns the
    /// pixels.
    pub fn of(objects: &[Candidate], map: &[u8], width: usize, low: u8) -> Self {
        let mut labels = vec![0u32; map.len()];
        let mut border = VecDeque::new();
        for (place, object) in objects.iter().enumerate() {
            for at in positions(&object.region, width) {
                if labels[at] == 0 {
                    labels[at] = place as u32 + 1;
                    border.push_back(at);
                }
            }
        }
        let low = low.max(1);
        spread(&mut labels, width, &mut border, |at| map[at] >= low);
        Self { labels }
    }

    /// `[height, width]`: the number of the object plus one, or 0.
    pub fn labels(&self) -> &[u32] {
        &self.labels
    }
}

fn positions(region: &Region, width: usize) -> impl Iterator<Item = usize> + '_ {
    region.pixels().map(move |(x, y)| y * width + x)
}
