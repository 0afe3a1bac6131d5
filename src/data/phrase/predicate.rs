//! What a phrase says of an object, and whether it holds.

use crate::things::class::Class;
use crate::things::colour::Colour;
use crate::things::fit::Fit;
use crate::things::material::Material;
use crate::things::position::Position;
use crate::things::shape::Shape;
use crate::things::size::Size;
use crate::things::tone::Tone;

use super::propose::MIN_AREA;
use super::view::{Place, View};

/// How an object stands to a place.
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

/// What a phrase calls the place of a relation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Anchor {
    /// What is meant.
    pub place: Place,
    /// Its class.
    pub class: Class,
    /// The colour that tells it from others of its class.
    pub colour: Option<Colour>,
    /// It is the largest of its class and called so.
    pub largest: bool,
}

/// One thing said of an object.
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
    /// Whether it holds of an object among the objects of its class.
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

/// Large and small are what lies above and below the widest gap between the sizes of a class, where the
/// gap is at least a factor of 1.6 and at most half of the things are so called. Scraps of a few pixels
/// make no gap. What the image edge cuts may be larger than it looks.
fn size_fit(view: &View, object: usize, class: &[usize], size: Size) -> Fit {
    let area = |object: usize| view.region(object).area();
    let mut areas: Vec<usize> = class
        .iter()
        .map(|&o| area(o))
        .filter(|&a| a >= MIN_AREA)
        .collect();
    areas.sort_unstable();
    let ratio = |place: &usize| areas[*place] as f32 / areas[place - 1] as f32;
    let widest = (1..areas.len()).max_by(|a, b| ratio(a).total_cmp(&ratio(b)));
    let Some(split) = widest.filter(|place| ratio(place) >= 1.6) else {
        return Fit::Unsure;
    };
    let (small, large) = (split, areas.len() - split);
    let is_large = area(object) >= areas[split];
    match size {
        Size::Large if large > small => Fit::Unsure,
        Size::Large if is_large => Fit::Yes,
        Size::Large => Fit::No,
        Size::Small if small > large => Fit::Unsure,
        Size::Small if is_large => Fit::No,
        Size::Small if view.scene.objects[object].truncated || area(object) < MIN_AREA => {
            Fit::Unsure
        }
        Size::Small => Fit::Yes,
    }
}

fn relation_fit(view: &View, object: usize, kind: RelationKind, anchor: &Anchor) -> Fit {
    if anchor.place == Place::Object(object) {
        return Fit::No;
    }
    let side = view.side();
    match kind {
        // From touching to 4.5 % of the image is near, from 9 % on it is not.
        RelationKind::NextTo => Fit::below(
            view.distance(object, anchor.place),
            side * 0.045,
            side * 0.09,
        ),
        RelationKind::On => {
            let share = surrounded(view, object, anchor.class);
            Fit::below(-share, -0.75, -0.1)
        }
        _ => {
            let Place::Object(other) = anchor.place else {
                return Fit::Unsure;
            };
            let (a, b) = (view.region(object), view.region(other));
            let ((ax, ay), (bx, by)) = (a.centre(), b.centre());
            let (a0, b0) = (a.bounding_box(), b.bounding_box());
            // `gap` between the facing edges and `along`, `aside`: offsets of the centres.
            let (gap, along, aside) = match kind {
                RelationKind::LeftOf => (b0.0 as f32 - a0.2 as f32, bx - ax, (by - ay).abs()),
                RelationKind::RightOf => (a0.0 as f32 - b0.2 as f32, ax - bx, (by - ay).abs()),
                RelationKind::Above => (b0.1 as f32 - a0.3 as f32, by - ay, (bx - ax).abs()),
                _ => (a0.1 as f32 - b0.3 as f32, ay - by, (bx - ax).abs()),
            };
            if gap >= -2.0 && aside <= along * 0.75 && along >= side * 0.02 {
                Fit::Yes
            } else if along <= -side * 0.02 || (aside > along * 2.5 && gap < 0.0) {
                Fit::No
            } else {
                Fit::Unsure
            }
        }
    }
}

/// Share of the ground around an object that belongs to a class; other objects do not count.
fn surrounded(view: &View, object: usize, class: Class) -> f32 {
    let thing = &view.scene.objects[object];
    let (x0, y0, x1, y1) = thing.region.bounding_box();
    let (width, height) = (view.scene.width(), view.scene.height());
    let (left, top) = (x0.saturating_sub(2), y0.saturating_sub(2));
    let (right, bottom) = ((x1 + 2).min(width), (y1 + 2).min(height));
    let (mut seen, mut of_class) = (0usize, 0usize);
    let step = ((right - left).max(bottom - top) / 60).max(1);
    for y in (top..bottom).step_by(step) {
        for x in (left..right).step_by(step) {
            let label = view.scene.labels[y * width + x];
            let ground = Class::from_id(label).is_some_and(|c| c.is_ground() || c == class);
            if ground && !thing.region.contains(x, y) {
                seen += 1;
                of_class += usize::from(class.covers(label));
            }
        }
    }
    if seen == 0 {
        0.5
    } else {
        of_class as f32 / seen as f32
    }
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
        // The first touches the edge of the image: it may be larger than what is seen of it.
        assert_eq!(
            Predicate::Size(Size::Small).fit(&view, 0, &[0, 1, 2]),
            Fit::Unsure
        );
    }
}
