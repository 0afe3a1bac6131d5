//! An image with everything that is known about it, from which phrases are made.

use crate::things::class::{Class, ClassSet, UNKNOWN};
use crate::things::colour::ColourSet;
use crate::things::material::Material;
use crate::things::region::Region;
use crate::vision::image::RgbImage;
use crate::vision::mask::Mask;

use super::transform::D4;

/// One thing in an image: its visible pixels and what is known about it.
#[derive(Debug, Clone, PartialEq)]
pub struct Object {
    /// What it is.
    pub class: Class,
    /// Its visible pixels.
    pub region: Region,
    /// What people might call its colour.
    pub colours: ColourSet,
    /// Its roof material, if known.
    pub material: Option<Material>,
    /// Whether the edge of the image cuts it.
    pub truncated: bool,
}

/// An image, its labels and its objects.
#[derive(Debug, Clone, PartialEq)]
pub struct Scene {
    /// The pixels.
    pub image: RgbImage,
    /// Id of a [`Class`] per pixel, `[height, width]`: [`UNKNOWN`] if nothing is known,
    /// [`OTHER`](crate::things::class::OTHER) if it is none of the labelled classes.
    pub labels: Vec<u8>,
    /// The things in it.
    pub objects: Vec<Object>,
    /// Classes whose pixels are all labelled, so that a phrase may mean all of the class.
    pub complete: ClassSet,
    /// Classes that are labelled only where the labels are certain. A phrase may mean all of the class within the
    /// pixels of [`Scene::known`].
    pub partial: ClassSet,
    /// Classes whose things are all in `objects`, so that a phrase may single some out.
    pub countable: ClassSet,
    /// Ground sample distance in metres per pixel, if known.
    pub gsd_m: Option<f32>,
}

impl Scene {
    /// Width in pixels.
    pub fn width(&self) -> usize {
        self.image.width()
    }

    /// Height in pixels.
    pub fn height(&self) -> usize {
        self.image.height()
    }

    /// All pixels labelled as the class.
    pub fn class_mask(&self, class: Class) -> Mask {
        let covered: [bool; 256] = std::array::from_fn(|label| class.covers(label as u8));
        let bits = self
            .labels
            .iter()
            .map(|&label| covered[usize::from(label)])
            .collect();
        Mask::new(self.width(), self.height(), bits)
    }

    /// Classes that a pixel labelled [`OTHER`](crate::things::class::OTHER) certainly does not belong to.
    pub fn ruled_out(&self) -> ClassSet {
        let mut found = self.complete.union(self.partial);
        for class in Class::ALL {
            if self.complete.contains(class) {
                class
                    .members()
                    .iter()
                    .for_each(|&member| found.insert(member));
            }
        }
        found
    }

    /// For each label, whether its pixels are known to belong to the class or known not to.
    ///
    /// The label of an umbrella class leaves open which of its classes a pixel is. Another label means "no" if the
    /// class or an umbrella over it is labelled completely, or if the labels distinguish the class.
    pub(in crate::data) fn is_known(&self, class: Class) -> [bool; 256] {
        let ruled_out = self.ruled_out().contains(class);
        let labelled = self.complete.contains(class) || self.countable.contains(class);
        std::array::from_fn(|label| {
            let label = label as u8;
            if label == UNKNOWN {
                return false;
            }
            let umbrella = Class::from_id(label)
                .is_some_and(|other| other != class && other.members().contains(&class));
            class.covers(label) || labelled || (ruled_out && !umbrella)
        })
    }

    /// The pixels for which it is known whether they belong to the class, or `None` if it is known for all.
    pub fn known(&self, class: Class) -> Option<Mask> {
        let known = self.is_known(class);
        let bits: Vec<bool> = self
            .labels
            .iter()
            .map(|&label| known[usize::from(label)])
            .collect();
        let all = bits.iter().all(|&bit| bit);
        (!all).then(|| Mask::new(self.width(), self.height(), bits))
    }

    /// Measures the colour of every object again, from the current image.
    pub fn measure_colours(&mut self) {
        for object in &mut self.objects {
            object.colours = if object.class.has_colour() {
                ColourSet::of_region(&self.image, &object.region)
            } else {
                ColourSet::UNKNOWN
            };
        }
    }

    /// The scene turned and mirrored. Phrases that were made before do not fit the result.
    pub fn transformed(&self, transform: D4) -> Self {
        if transform == D4::IDENTITY {
            return self.clone();
        }
        let (width, height) = (self.width(), self.height());
        let move_object = |object: &Object| Object {
            region: object
                .region
                .mapped(|x, y| transform.point(x, y, width, height)),
            ..object.clone()
        };
        Self {
            image: transform.image(&self.image),
            labels: transform.apply(&self.labels, width, height),
            objects: self.objects.iter().map(move_object).collect(),
            ..*self
        }
    }

    /// The square window of `side` pixels at `(x, y)`, resized to `size` pixels: the image by area or bilinearly,
    /// the labels by nearest neighbour. The window is moved into the image if it extends beyond it, and shrunk if
    /// it is larger than the image. Phrases that were made before do not fit the result.
    pub fn window(&self, x: usize, y: usize, side: usize, size: usize) -> Self {
        let (width, height) = (self.width(), self.height());
        let side = side.clamp(1, width.min(height));
        let (x, y) = (x.min(width - side), y.min(height - side));
        let nearest = |start: usize| -> Vec<usize> {
            (0..size)
                .map(|place| start + (place * 2 + 1) * side / (size * 2))
                .collect()
        };
        let (columns, rows) = (nearest(x), nearest(y));
        let mut labels = Vec::with_capacity(size * size);
        for &row in &rows {
            labels.extend(
                columns
                    .iter()
                    .map(|&column| self.labels[row * width + column]),
            );
        }
        let cut = |object: &Object| {
            let region = object.region.sampled(&columns, &rows)?;
            let (x0, y0, x1, y1) = object.region.bounding_box();
            let cut = x0 < x || y0 < y || x1 > x + side || y1 > y + side;
            Some(Object {
                region,
                truncated: object.truncated || cut,
                ..object.clone()
            })
        };
        Self {
            image: resample(&self.image, (x, y, side), size),
            labels,
            objects: self.objects.iter().filter_map(cut).collect(),
            complete: self.complete,
            partial: self.partial,
            countable: self.countable,
            gsd_m: self.gsd_m.map(|gsd| gsd * side as f32 / size as f32),
        }
    }
}

/// Resizes a square window: each output pixel is the mean of the source under a triangle as wide as one
/// output pixel (at least one source pixel), which is bilinear when enlarging.
fn resample(image: &RgbImage, (x, y, side): (usize, usize, usize), size: usize) -> RgbImage {
    let scale = side as f32 / size as f32;
    let reach = scale.max(1.0);
    let taps = |start: usize| -> Vec<(usize, Vec<f32>)> {
        (0..size)
            .map(|place| {
                let centre = (place as f32 + 0.5) * scale - 0.5;
                let first = (centre - reach).ceil().max(0.0) as usize;
                let last = ((centre + reach).floor() as usize).min(side - 1);
                let first = first.min(last);
                let mut weights: Vec<f32> = (first..=last)
                    .map(|tap| (1.0 - (tap as f32 - centre).abs() / reach).max(1e-6))
                    .collect();
                let sum: f32 = weights.iter().sum();
                weights.iter_mut().for_each(|weight| *weight /= sum);
                (start + first, weights)
            })
            .collect()
    };
    let (columns, rows) = (taps(x), taps(y));
    let mut narrow = vec![0.0f32; size * side * 3];
    for (row, out) in narrow.chunks_exact_mut(size * 3).enumerate() {
        let source = &image.pixels()[(y + row) * image.width() * 3..];
        for (pixel, (first, weights)) in out.chunks_exact_mut(3).zip(&columns) {
            for (tap, weight) in weights.iter().enumerate() {
                let at = (first + tap) * 3;
                for (channel, value) in pixel.iter_mut().enumerate() {
                    *value += weight * f32::from(source[at + channel]);
                }
            }
        }
    }
    let mut resized = RgbImage::filled(size, size, [0; 3]);
    let mut line = vec![0.0f32; size * 3];
    for (out, (first, weights)) in resized.pixels_mut().chunks_exact_mut(size * 3).zip(&rows) {
        line.fill(0.0);
        for (tap, weight) in weights.iter().enumerate() {
            let row = &narrow[(first - y + tap) * size * 3..][..size * 3];
            for (value, source) in line.iter_mut().zip(row) {
                *value += weight * source;
            }
        }
        for (byte, value) in out.iter_mut().zip(&line) {
            *byte = (value + 0.5) as u8;
        }
    }
    resized
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scene() -> Scene {
        let mut image = RgbImage::filled(8, 6, [10, 20, 30]);
        let mut labels = vec![Class::Grass.id(); 48];
        let region = Region::rectangle(5, 1, 2, 3);
        for (x, y) in region.pixels() {
            image.set_pixel(x, y, [200, 40, 40]);
            labels[y * 8 + x] = Class::Building.id();
        }
        let object = Object {
            class: Class::Building,
            region,
            colours: ColourSet::UNKNOWN,
            material: None,
            truncated: false,
        };
        let (complete, countable) = (ClassSet::ALL, ClassSet::ALL);
        Scene {
            image,
            labels,
            objects: vec![object],
            complete,
            partial: ClassSet::NONE,
            countable,
            gsd_m: Some(1.0),
        }
    }

    #[test]
    fn image_labels_and_objects_move_together() {
        for transform in D4::all() {
            let moved = scene().transformed(transform);
            let mut mask = Mask::empty(moved.width(), moved.height());
            moved.objects[0].region.draw_into(&mut mask);
            assert_eq!(mask, moved.class_mask(Class::Building));
            let (x, y) = D4::point(transform, 5, 1, 8, 6);
            assert_eq!(moved.image.pixel(x, y), [200, 40, 40], "{transform:?}");
        }
    }

    #[test]
    fn a_window_cuts_and_scales() {
        let seen = scene().window(2, 0, 4, 8);
        let region = &seen.objects[0].region;
        assert_eq!((region.area(), region.bounding_box()), (12, (6, 2, 8, 8)));
        assert!(seen.objects[0].truncated);
        assert_eq!(seen.gsd_m, Some(0.5));
        assert_eq!(seen.image.pixel(0, 0), [10, 20, 30]);
        assert_eq!(seen.image.pixel(7, 5), [200, 40, 40]);
        let whole = scene().window(1, 0, 60, 6);
        assert_eq!((whole.width(), whole.objects[0].region.area()), (6, 6));
        assert!(!whole.objects[0].truncated);
    }
}
