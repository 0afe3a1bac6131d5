//! Statements of a phrase about an object, and whether they are true.

use crate::things::class::Class;
use crate::things::colour::Colour;
use crate::things::fit::Fit;
use crate::things::material::Material;
use crate::things::position::Position;
use crate::things::relation::{NEAR, ON, Offset, Side, surrounded};
use crate::things::shape::Shape;
use crate::things::size::{Size, SizeGap};
use crate::things::tone::Tone;

use super::anchor::{Anchor, Place};
use super::view::View;

/// Minimum area in pixels of an object that is named on its own.
pub const MIN_AREA: usize = 30;

/// How an object relates to a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum RelationKind {
    LeftOf,
    RightOf,
    Above,
    Below,
    NextTo,
    /// Surrounded by it, as a car by the road.
    On,
}

/// One statement about an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Predicate {
    Position(Position),
    Colour(Colour),
    Size(Size),
    Material(Material),
    Relation(RelationKind, Anchor),
    Tone(Tone),
    Shape(Shape),
}

impl Predicate {
    /// Whether it holds for an object among the objects of its class.
    pub fn fit(&self, view: &View, object: usize, class: &[usize]) -> Fit {
        let thing = &view.scene.objects[object];
        match *self {
            Predicate::Position(position) => {
                position.fit(&thing.region, view.scene.width(), view.scene.height())
            }
            Predicate::Colour(colour) => match thing.colours.certain() {
                Some(certain) if certain == colour => Fit::Yes,
                _ if thing.colours.is_unknown() || thing.colours.contains(colour) => Fit::Unsure,
                _ => Fit::No,
            },
            Predicate::Material(material) => match thing.material {
                Some(known) if known == material => Fit::Yes,
                Some(_) => Fit::No,
                None => Fit::Unsure,
            },
            Predicate::Size(size) => size_fit(view, object, class, size),
            Predicate::Relation(kind, anchor) => relation_fit(view, object, kind, &anchor),
            Predicate::Tone(tone) => tone.fit(view.luminance(object)),
            Predicate::Shape(shape) => view.outline(object).fit(shape, thing.truncated),
        }
    }
}

/// Whether a size fits an object. Parts of a few pixels must not create a gap between sizes.
fn size_fit(view: &View, object: usize, class: &[usize], size: Size) -> Fit {
    let area = |object: usize| view.region(object).area();
    let gap = SizeGap::of(class.iter().map(|&o| area(o)), MIN_AREA);
    gap.fit(size, area(object), view.scene.objects[object].truncated)
}

fn relation_fit(view: &View, object: usize, kind: RelationKind, anchor: &Anchor) -> Fit {
    if anchor.place == Place::Object(object) {
        return Fit::No;
    }
    let extent = view.side();
    let towards = |side: Side| {
        let Place::Object(other) = anchor.place else {
            return Fit::Unsure;
        };
        Offset::between(view.region(object), view.region(other), side).fit(extent)
    };
    match kind {
        RelationKind::NextTo => {
            let distance = view.distance(object, anchor.place);
            Fit::below(distance, extent * NEAR.0, extent * NEAR.1)
        }
        RelationKind::On => Fit::below(-ground_share(view, object, anchor.class), -ON.0, -ON.1),
        RelationKind::LeftOf => towards(Side::Left),
        RelationKind::RightOf => towards(Side::Right),
        RelationKind::Above => towards(Side::Above),
        RelationKind::Below => towards(Side::Below),
    }
}

/// Share of the ground around an object that belongs to a class; other objects do not count.
fn ground_share(view: &View, object: usize, class: Class) -> f32 {
    let size = (view.scene.width(), view.scene.height());
    surrounded(view.region(object), size, |x, y| {
        let label = view.scene.labels[y * size.0 + x];
        let ground = Class::from_id(label).is_some_and(|c| c.is_ground() || c == class);
        ground.then(|| class.covers(label))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::phrase::tests::scene_of;

    fn anchor(object: usize) -> Anchor {
        let place = Place::Object(object);
        Anchor {
            place,
            class: Class::Building,
            colour: None,
            largest: false,
        }
    }

    #[test]
    fn left_of_needs_a_clear_direction() {
        let scene = scene_of(&[
            (40, 40, 10, 10),
            (10, 42, 10, 10),
            (70, 40, 10, 10),
            (30, 10, 10, 10),
        ]);
        let view = View::new(&scene);
        let fit = |object| {
            Predicate::Relation(RelationKind::LeftOf, anchor(0)).fit(&view, object, &[0, 1, 2, 3])
        };
        assert_eq!(
            (fit(0), fit(1), fit(2), fit(3)),
            (Fit::No, Fit::Yes, Fit::No, Fit::Unsure)
        );
    }

    #[test]
    fn large_needs_a_gap() {
        let scene = scene_of(&[(0, 0, 10, 10), (20, 5, 11, 10), (40, 40, 30, 20)]);
        let view = View::new(&scene);
        let fit = |object, all: &[usize]| Predicate::Size(Size::Large).fit(&view, object, all);
        assert_eq!(fit(2, &[0, 1, 2]), Fit::Yes);
        assert_eq!(fit(1, &[0, 1, 2]), Fit::No);
        assert_eq!(fit(1, &[0, 1]), Fit::Unsure);
        // The first object touches the edge of the image: it may be larger than its visible part.
        assert_eq!(
            Predicate::Size(Size::Small).fit(&view, 0, &[0, 1, 2]),
            Fit::Unsure
        );
    }
}
