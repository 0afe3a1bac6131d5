//! A scene with what evaluating phrases needs, computed once.

use std::cell::{OnceCell, RefCell};
use std::rc::Rc;

use crate::data::scene::{Object, Scene};
use crate::things::class::Class;
use crate::things::region::Region;
use crate::things::shape::Outline;
use crate::things::tone::luminance;

use super::predicate::Anchor;

/// Distances are computed on cells of this many pixels.
const CELL: usize = 4;

/// What a relation refers to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Anything of a class, as in "near the road".
    Class(Class),
    /// One object, by its number in the scene.
    Object(usize),
}

/// A scene under evaluation.
pub struct View<'a> {
    /// The scene.
    pub scene: &'a Scene,
    /// Number of pixels of each label.
    pub histogram: [usize; 256],
    /// What relations may refer to; found on first use.
    pub(super) anchors: OnceCell<Vec<Anchor>>,
    members: Vec<Vec<usize>>,
    fields: RefCell<Vec<(Place, Rc<Field>)>>,
    luminances: RefCell<Vec<Option<f32>>>,
    outlines: RefCell<Vec<Option<Outline>>>,
}

/// Distance in pixels to the nearest pixel of a place, a value a cell.
pub struct Field {
    columns: usize,
    distances: Vec<f32>,
}

impl<'a> View<'a> {
    /// Looks at a scene.
    pub fn new(scene: &'a Scene) -> Self {
        let mut histogram = [0usize; 256];
        for &label in &scene.labels {
            histogram[usize::from(label)] += 1;
        }
        let fits = |class: Class, object: &Object| class.covers(object.class.id());
        let of_class = |class: Class| -> Vec<usize> {
            let places = 0..scene.objects.len();
            places
                .filter(|&place| fits(class, &scene.objects[place]))
                .collect()
        };
        let members = Class::ALL.into_iter().map(of_class).collect();
        let (anchors, fields) = (OnceCell::new(), RefCell::default());
        let luminances = RefCell::new(vec![None; scene.objects.len()]);
        let outlines = RefCell::new(vec![None; scene.objects.len()]);
        Self {
            scene,
            histogram,
            anchors,
            members,
            fields,
            luminances,
            outlines,
        }
    }

    /// Shorter side of the image in pixels, against which distances are judged.
    pub fn side(&self) -> f32 {
        self.scene.width().min(self.scene.height()) as f32
    }

    /// Number of labelled pixels of a class.
    pub fn pixels(&self, class: Class) -> usize {
        (0..=255u8)
            .filter(|&id| class.covers(id))
            .map(|id| self.histogram[usize::from(id)])
            .sum()
    }

    /// Number of pixels of which it is known whether they belong to a class.
    pub fn known_pixels(&self, class: Class) -> usize {
        let known = self.scene.is_known(class);
        let counted = self.histogram.iter().zip(known);
        counted
            .filter(|(_, known)| *known)
            .map(|(count, _)| count)
            .sum()
    }

    /// Numbers of the objects of a class.
    pub fn objects(&self, class: Class) -> &[usize] {
        &self.members[usize::from(class.id())]
    }

    /// The region of an object.
    pub fn region(&self, object: usize) -> &Region {
        &self.scene.objects[object].region
    }

    /// Median luminance of an object, from 0 to 1; measured on first use.
    pub fn luminance(&self, object: usize) -> f32 {
        let known = self.luminances.borrow()[object];
        known.unwrap_or_else(|| {
            let measured = luminance(&self.scene.image, self.region(object));
            self.luminances.borrow_mut()[object] = Some(measured);
            measured
        })
    }

    /// The outline of an object; measured on first use.
    pub fn outline(&self, object: usize) -> Outline {
        let known = self.outlines.borrow()[object];
        known.unwrap_or_else(|| {
            let measured = Outline::of(self.region(object));
            self.outlines.borrow_mut()[object] = Some(measured);
            measured
        })
    }

    /// Distance in pixels between an object and a place, 0 where they touch.
    pub fn distance(&self, object: usize, place: Place) -> f32 {
        let field = self.field(place);
        let region = self.region(object);
        let (x0, y0, x1, y1) = region.bounding_box();
        let mut nearest = f32::MAX;
        for row in y0 / CELL..=(y1 - 1) / CELL {
            for column in x0 / CELL..=(x1 - 1) / CELL {
                let (x, y) = (column * CELL + CELL / 2, row * CELL + CELL / 2);
                // Small regions may miss every cell centre: their box then stands for them.
                if region.area() < 64 || region.contains(x, y) {
                    nearest = nearest.min(field.distances[row * field.columns + column]);
                }
            }
        }
        nearest
    }

    fn field(&self, place: Place) -> Rc<Field> {
        if let Some((_, field)) = self.fields.borrow().iter().find(|(key, _)| *key == place) {
            return Rc::clone(field);
        }
        let field = Rc::new(self.measure(place));
        self.fields.borrow_mut().push((place, Rc::clone(&field)));
        field
    }

    fn measure(&self, place: Place) -> Field {
        let (width, height) = (self.scene.width(), self.scene.height());
        let (columns, rows) = (width.div_ceil(CELL), height.div_ceil(CELL));
        let mut distances = vec![f32::MAX; columns * rows];
        match place {
            Place::Class(class) => {
                let covered: Vec<bool> = (0..=255u8).map(|label| class.covers(label)).collect();
                for (at, &label) in self.scene.labels.iter().enumerate() {
                    if covered[usize::from(label)] {
                        distances[at / width / CELL * columns + at % width / CELL] = 0.0;
                    }
                }
            }
            Place::Object(object) => {
                for (x, y) in self.region(object).pixels() {
                    distances[y / CELL * columns + x / CELL] = 0.0;
                }
            }
        }
        // Two passes of a chamfer transform: right to about 4 % of the distance.
        let (straight, diagonal) = (CELL as f32 * 0.955, CELL as f32 * 1.369);
        let relax = |distances: &mut [f32], at: usize, from: Option<usize>, step: f32| {
            if let Some(from) = from {
                distances[at] = distances[at].min(distances[from] + step);
            }
        };
        for backwards in [false, true] {
            for count in 0..columns * rows {
                let at = if backwards {
                    columns * rows - 1 - count
                } else {
                    count
                };
                let (x, y) = (at % columns, at / columns);
                let side = |dx: i32, dy: i32| {
                    let (dx, dy) = if backwards { (-dx, -dy) } else { (dx, dy) };
                    let (nx, ny) = (x as i32 + dx, y as i32 + dy);
                    let inside = nx >= 0 && ny >= 0 && nx < columns as i32 && ny < rows as i32;
                    inside.then(|| ny as usize * columns + nx as usize)
                };
                relax(&mut distances, at, side(-1, 0), straight);
                relax(&mut distances, at, side(0, -1), straight);
                relax(&mut distances, at, side(-1, -1), diagonal);
                relax(&mut distances, at, side(1, -1), diagonal);
            }
        }
        Field { columns, distances }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::phrase::tests::scene_of;

    #[test]
    fn distances_are_right_to_a_cell() {
        let scene = scene_of(&[(10, 10, 8, 8), (50, 10, 8, 8), (10, 60, 20, 8)]);
        let view = View::new(&scene);
        assert!((view.distance(1, Place::Object(0)) - 32.0).abs() <= 4.0);
        assert!((view.distance(2, Place::Object(0)) - 42.0).abs() <= 4.0);
        assert_eq!(view.distance(0, Place::Class(Class::Building)), 0.0);
        assert!(view.distance(0, Place::Class(Class::Pool)) > 1e6);
    }
}
