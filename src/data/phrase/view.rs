//! A scene with the data for evaluating phrases, computed once.

use std::cell::{OnceCell, RefCell};
use std::rc::Rc;

use crate::data::scene::{Object, Scene};
use crate::things::class::Class;
use crate::things::distance::DistanceField;
use crate::things::region::Region;
use crate::things::shape::Outline;
use crate::things::tone::luminance;

use super::anchor::{Anchor, Place};

/// Distances are computed on cells of this many pixels.
const CELL: usize = 4;

/// A scene under evaluation.
pub struct View<'a> {
    /// The scene.
    pub scene: &'a Scene,
    /// Number of pixels of each label.
    pub histogram: [usize; 256],
    /// The possible anchors of relations, computed on first use.
    pub(super) anchors: OnceCell<Vec<Anchor>>,
    members: Vec<Vec<usize>>,
    fields: RefCell<Vec<(Place, Rc<DistanceField>)>>,
    luminances: RefCell<Vec<Option<f32>>>,
    outlines: RefCell<Vec<Option<Outline>>>,
}

impl<'a> View<'a> {
    /// Prepares a scene.
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

    /// Shorter side of the image in pixels, the reference for distances.
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

    /// Number of pixels for which it is known whether they belong to a class.
    pub fn known_pixels(&self, class: Class) -> usize {
        let known = self.scene.is_known(class);
        let counted = self.histogram.iter().zip(known);
        counted
            .filter(|(_, known)| *known)
            .map(|(count, _)| count)
            .sum()
    }

    /// Indices of the objects of a class.
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
        self.field(place).from(self.region(object))
    }

    fn field(&self, place: Place) -> Rc<DistanceField> {
        if let Some((_, field)) = self.fields.borrow().iter().find(|(key, _)| *key == place) {
            return Rc::clone(field);
        }
        let field = Rc::new(self.measure(place));
        self.fields.borrow_mut().push((place, Rc::clone(&field)));
        field
    }

    fn measure(&self, place: Place) -> DistanceField {
        let size = (self.scene.width(), self.scene.height());
        match place {
            Place::Class(class) => {
                let covered: Vec<bool> = (0..=255u8).map(|label| class.covers(label)).collect();
                let labels = self.scene.labels.iter().enumerate();
                let pixels = labels.filter(|(_, label)| covered[usize::from(**label)]);
                DistanceField::of(pixels.map(|(at, _)| (at % size.0, at / size.0)), size, CELL)
            }
            Place::Object(object) => DistanceField::of(self.region(object).pixels(), size, CELL),
        }
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
