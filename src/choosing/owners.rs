//! Which object each pixel belongs to, including low values around an object.

use std::collections::VecDeque;

use crate::things::region::Region;

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
        while let Some(at) = border.pop_front() {
            let x = at % width;
            let near = [
                (x > 0).then(|| at - 1),
                (x + 1 < width).then_some(at + 1),
                at.checked_sub(width),
                Some(at + width).filter(|&at| at < map.len()),
            ];
            for next in near.into_iter().flatten() {
                if labels[next] == 0 && map[next] >= low.max(1) {
                    labels[next] = labels[at];
                    border.push_back(next);
                }
            }
        }
        Self { labels }
    }

    /// `[height, width]`: 0, or one more than the number of the object.
    pub fn labels(&self) -> &[u32] {
        &self.labels
    }
}

fn positions(region: &Region, width: usize) -> impl Iterator<Item = usize> + '_ {
    region.pixels().map(move |(x, y)| y * width + x)
}
