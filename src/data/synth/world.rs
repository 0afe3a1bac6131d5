//! A scene while it is drawn: the canvas, the random numbers and the list of things.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use crate::things::class::Class;
use crate::things::material::Material;

use super::canvas::{Canvas, Rgb, Stamp};
use super::frame::Frame;

/// A thing drawn so far; its number on the canvas is its index plus one.
#[derive(Debug, Clone, Copy)]
pub struct Thing {
    /// What it is.
    pub class: Class,
    /// What its roof is made of.
    pub material: Option<Material>,
}

/// The scene under construction.
pub struct World {
    /// The drawing.
    pub canvas: Canvas,
    /// The source of all random numbers.
    pub rng: ChaCha8Rng,
    /// Things in the order in which they were drawn.
    pub things: Vec<Thing>,
    /// Classes that are also drawn as ground or in clumps, so that they cannot be counted.
    pub uncountable: Vec<Class>,
    /// Classes whose pixels are not all labelled, because the things are too thin.
    pub unlabelled: Vec<Class>,
    /// Offset of a roof from its footprint in an off-nadir view, in pixels per metre of height.
    pub lean: (f32, f32),
}

impl World {
    /// A number between `low` and `high`.
    pub fn range(&mut self, low: f32, high: f32) -> f32 {
        low + (high - low) * self.rng.random::<f32>()
    }

    /// A whole number from `low` to `high`, both included.
    pub fn count(&mut self, low: usize, high: usize) -> usize {
        self.rng.random_range(low..=high)
    }

    /// True with probability `share`.
    pub fn chance(&mut self, share: f32) -> bool {
        self.rng.random::<f32>() < share
    }

    /// One element; `items` must not be empty.
    pub fn pick<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.rng.random_range(0..items.len())]
    }

    /// A colour near `base`: all channels are shifted together by up to `together`, and each by up to `apart`.
    pub fn vary(&mut self, base: Rgb, together: f32, apart: f32) -> Rgb {
        let shift = self.range(-together, together);
        base.map(|value| (value + shift + self.range(-apart, apart)).clamp(4.0, 252.0))
    }

    /// Metres in pixels.
    pub fn m(&self, metres: f32) -> f32 {
        metres * self.canvas.scale
    }

    /// Side of the canvas in pixels.
    pub fn side(&self) -> f32 {
        self.canvas.size as f32
    }

    /// A point on the canvas or up to `margin` pixels outside.
    pub fn point(&mut self, margin: f32) -> (f32, f32) {
        let side = self.side();
        (
            self.range(-margin, side + margin),
            self.range(-margin, side + margin),
        )
    }

    /// Registers a thing and returns the stamp to paint it with.
    pub fn thing(&mut self, class: Class, material: Option<Material>) -> Stamp {
        // A canvas has no room for 65535 things. If there were more, the rest would be painted without an owner.
        let owner = u16::try_from(self.things.len() + 1).unwrap_or(0);
        self.things.push(Thing { class, material });
        Stamp {
            label: Some(class.id()),
            owner: Some(owner),
            flat: false,
        }
    }

    /// The stamp of ground of a class.
    pub fn ground(&self, class: Class) -> Stamp {
        Stamp {
            label: Some(class.id()),
            owner: Some(0),
            flat: false,
        }
    }

    /// Whether at least a third of a rectangle with half sides `a`, `b` pixels is on the canvas, and all of that
    /// part is on allowed ground.
    pub fn is_free(&self, frame: &Frame, a: f32, b: f32, allowed: &[Class]) -> bool {
        let spacing = self.m(2.0).clamp(2.0, 12.0);
        let columns = ((a * 2.0 / spacing).ceil() as usize).clamp(2, 14);
        let rows = ((b * 2.0 / spacing).ceil() as usize).clamp(2, 14);
        let mut seen = 0;
        for row in 0..=rows {
            for column in 0..=columns {
                let u = a * (2.0 * column as f32 / columns as f32 - 1.0);
                let v = b * (2.0 * row as f32 / rows as f32 - 1.0);
                let (x, y) = frame.world(u, v);
                if let Some(label) = self.canvas.label_at(x, y) {
                    seen += 1;
                    if !allowed.iter().any(|class| class.id() == label) {
                        return false;
                    }
                }
            }
        }
        seen * 3 >= (rows + 1) * (columns + 1)
    }
}
