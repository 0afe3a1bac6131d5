//! Settings for separating a map into objects.

use super::flood::Split;

/// How a map becomes objects.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ObjectOptions {
    /// Minimum value of a pixel of an object.
    pub threshold: u8,
    /// Minimum value of a pixel that is assigned to an object it is connected to. Such pixels join the fragments of an
    /// object, and are masked with it if the threshold is lowered later.
    pub low: u8,
    /// Minimum number of pixels of an object.
    pub least: usize,
    /// Minimum number of pixels of an object as a share of the typical size, which is the upper quartile.
    pub least_share: f32,
    /// Under which condition touching objects are split, if the class is countable.
    pub split: Split,
    /// Fragments below this share of the largest part are joined to it if low values connect them.
    pub fragment: f32,
    /// Number of map pixels that the network sees at once, to distinguish objects from noise; 0 if unknown.
    pub look: usize,
    /// Whether a request for one thing takes the closest match if no object fits, but one nearly does.
    pub settle: bool,
}

impl ObjectOptions {
    /// For interactive use, where people ask for what they see: if no object fits a request for one, a match
    /// that nearly fits is shown and reported. `look` is the number of map pixels that the network sees at once.
    pub fn settling(look: usize) -> Self {
        Self {
            settle: true,
            look,
            ..Self::default()
        }
    }

    /// For a grid whose cells are `factor` x `factor` map pixels.
    pub fn on_grid(self, factor: usize) -> Self {
        Self {
            look: self.look / (factor * factor).max(1),
            ..self
        }
    }
}

impl Default for ObjectOptions {
    fn default() -> Self {
        Self {
            threshold: 128,
            low: 64,
            least: 4,
            least_share: 0.03,
            split: Split {
                pass: 0.6,
                least: 3.0,
            },
            fragment: 0.1,
            look: 0,
            settle: false,
        }
    }
}
