//! Chroma at the size of the picture, by libjpeg-turbo's `jdsample.c` ("fancy" triangle filters).

use super::frame::{Component, Frame};
use super::store::Plane;

/// How a component is enlarged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Filter {
    /// The component has the picture's size already.
    Same,
    /// Twice the width: 3/4 of the nearer sample, 1/4 of the further.
    Across,
    /// Twice the height.
    Down,
    /// Twice both.
    Both,
    /// Each sample repeated across and down.
    Repeat(usize, usize),
}

/// Rows of one component at the width of the picture.
pub struct Upsampled<'a> {
    plane: &'a Plane,
    size: (usize, usize),
    filter: Filter,
}

impl<'a> Upsampled<'a> {
    /// The rows of `component`, whose samples are `plane`. Returns None if the ratio of the sizes is not whole.
    pub fn new(plane: &'a Plane, component: &Component, frame: &Frame) -> Option<Self> {
        let (most, own) = (frame.most, (component.across, component.down));
        if most.0 % own.0 != 0 || most.1 % own.1 != 0 {
            return None;
        }
        let filter = match (most.0 / own.0, most.1 / own.1) {
            (1, 1) => Filter::Same,
            (2, 1) if component.size.0 > 2 => Filter::Across,
            (1, 2) => Filter::Down,
            (2, 2) if component.size.0 > 2 => Filter::Both,
            (across, down) => Filter::Repeat(across, down),
        };
        Some(Self {
            plane,
            size: component.size,
            filter,
        })
    }

    fn samples(&self, y: usize) -> &[u8] {
        let start = y.min(self.size.1 - 1) * self.plane.stride;
        &self.plane.samples[start..start + self.size.0]
    }

    /// Writes row `y` of the picture; `row` has the picture's width.
    pub fn row(&self, y: usize, row: &mut [u8]) {
        // The nearer row and the further row. At the top and the bottom both are the same row.
        let pair = || {
            let near = y / 2;
            let far = if y.is_multiple_of(2) {
                near.saturating_sub(1)
            } else {
                near + 1
            };
            (self.samples(near).iter(), self.samples(far).iter())
        };
        match self.filter {
            Filter::Same => row.copy_from_slice(&self.samples(y)[..row.len()]),
            Filter::Repeat(across, down) => {
                let samples = self.samples(y / down);
                for (x, value) in row.iter_mut().enumerate() {
                    *value = samples[x / across];
                }
            }
            Filter::Across => {
                let samples = self.samples(y).iter().map(|&value| u32::from(value));
                widened(samples, row, |near, far, right| {
                    (3 * near + far + 1 + u32::from(right)) >> 2
                });
            }
            Filter::Down => {
                let bias = 1 + (y % 2) as u32;
                let (near, far) = pair();
                for (value, (&near, &far)) in row.iter_mut().zip(near.zip(far)) {
                    *value = ((3 * u32::from(near) + u32::from(far) + bias) >> 2) as u8;
                }
            }
            Filter::Both => {
                let (near, far) = pair();
                let sums = near
                    .zip(far)
                    .map(|(&near, &far)| 3 * u32::from(near) + u32::from(far));
                widened(sums, row, |near, far, right| {
                    (3 * near + far + 8 - u32::from(right)) >> 4
                });
            }
        }
    }
}

/// Writes two pixels per sample: calls `mix` with the sample, its neighbour on one side, and whether that is the right
/// side. The first and the last sample are their own neighbours.
fn widened(
    samples: impl Iterator<Item = u32>,
    row: &mut [u8],
    mix: impl Fn(u32, u32, bool) -> u32,
) {
    let mut samples = samples.peekable();
    let mut left = samples.peek().copied().unwrap_or(0);
    for pair in row.chunks_mut(2) {
        let Some(own) = samples.next() else { return };
        let right = samples.peek().copied().unwrap_or(own);
        pair[0] = mix(own, left, false) as u8;
        if let Some(value) = pair.get_mut(1) {
            *value = mix(own, right, true) as u8;
        }
        left = own;
    }
}
