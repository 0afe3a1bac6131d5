//! How well objects meet the conditions of a request.

use std::rc::Rc;

use crate::reading::{Condition, Number, Relation, Request};
use crate::things::class::Class;
use crate::things::colour::ColourSet;
use crate::things::position::Position;
use crate::things::region::Region;
use crate::things::relation::Side;
use crate::things::shape::Outline;
use crate::things::size::SizeGap;
use crate::things::tone::median_luminance;

use super::anchor::{Anchor, Seen};
use super::chooser::Chooser;
use super::chosen::ChoiceProblem;
use super::objects::Objects;
use super::scores::{Clip, Scores};
use super::target::parts;

/// Objects of fewer pixels do not count when the gap between large and small is determined.
const SCRAP: usize = 30;

/// Highest score of a single object that resembles a colour but is not called by it. It is below 0.5, the score of an
/// object that fits.
const LIKE: f32 = 0.35;

/// A ground object that spans at least this share of an axis is cut by position or distance instead of taken whole.
const SPREADS: f32 = 0.6;

impl Chooser<'_> {
    /// Scores all objects by all conditions of a request. A condition is omitted if it refers to something that has no
    /// class and is not found, because maps of such things are unreliable.
    pub fn scores(
        &self,
        request: &Request,
        objects: &Rc<Objects>,
        depth: usize,
    ) -> Result<Scores, ChoiceProblem> {
        let count = objects.candidates.len();
        let mut scores = Scores {
            least: vec![1.0; count],
            own: vec![1.0; count],
            product: vec![1.0; count],
            clips: Vec::new(),
            problem: None,
        };
        let is_one = request.number == Number::One;
        for condition in &request.conditions {
            let mut of_condition = match self.score(condition, objects, depth, is_one) {
                Err(ChoiceProblem::AnchorMissing { noun }) if is_unknown(condition) => {
                    let left_out = ChoiceProblem::AnchorLeftOut { noun };
                    scores.problem = scores.problem.take().or(Some(left_out));
                    continue;
                }
                other => other?,
            };
            if is_cut_by(condition, request) {
                self.clip(
                    condition,
                    objects,
                    depth,
                    &mut of_condition,
                    &mut scores.clips,
                )?;
            }
            scores.take(&of_condition, condition);
        }
        Ok(scores)
    }

    fn score(
        &self,
        condition: &Condition,
        objects: &Rc<Objects>,
        depth: usize,
        is_one: bool,
    ) -> Result<Vec<f32>, ChoiceProblem> {
        let target = &self.target;
        let each = |score: &dyn Fn(&Region, bool) -> f32| -> Vec<f32> {
            let candidates = objects.candidates.iter();
            candidates
                .map(|one| score(&one.region, one.truncated))
                .collect()
        };
        Ok(match condition {
            Condition::Position(position) => {
                each(&|region, _| position.score(region, target.width, target.height))
            }
            Condition::Colour(colour) => {
                self.need_pixels()?;
                each(&|region, _| {
                    let pixels = target.colours(region);
                    let called = pixels
                        .iter()
                        .filter(|&&rgb| ColourSet::of_rgb(rgb).contains(*colour));
                    let share = called.count() as f32 / pixels.len().max(1) as f32;
                    let score = ColourSet::of_pixels(pixels.iter().copied()).score(*colour, share);
                    if is_one {
                        score.max(LIKE * colour.likeness_of(&pixels))
                    } else {
                        score
                    }
                })
            }
            Condition::Tone(tone) => {
                self.need_pixels()?;
                each(&|region, _| tone.score(median_luminance(target.colours(region).into_iter())))
            }
            Condition::Size(size) => {
                let gap = SizeGap::of(objects.candidates.iter().map(|one| one.area), SCRAP);
                each(&|region, truncated| gap.score(*size, region.area(), truncated))
            }
            Condition::Shape(shape) => {
                each(&|region, truncated| Outline::of(region).score(*shape, truncated))
            }
            Condition::Not(inner) => self.missed(inner, objects, depth)?,
            // The map already contains only objects with this roof.
            Condition::Material(_) => vec![1.0; objects.candidates.len()],
            Condition::Relation(relation, other) => {
                let anchor = self.anchor(other, depth)?;
                self.seen(objects, &anchor, |seen| {
                    related(*relation, &anchor, seen, objects)
                })
            }
            Condition::Between(one, None) => {
                let anchor = self.anchor(one, depth)?;
                self.seen(objects, &anchor, |seen| anchor.between(seen, None))
            }
            Condition::Between(one, Some(two)) => {
                let (one, two) = (self.anchor(one, depth)?, self.anchor(two, depth)?);
                let of_two = two.is_of(objects);
                let mut place = 0;
                self.seen(objects, &one, |seen| {
                    let own = of_two.then_some(place);
                    place += 1;
                    let region = seen.region;
                    one.between(seen, Some((&two, Seen { region, own })))
                })
            }
        })
    }

    /// How clearly objects do not meet a condition. What it refers to need not exist: without any pool, every building
    /// is without a pool. A single thing stands for any: "without a large pool" is without all of them.
    fn missed(
        &self,
        condition: &Condition,
        objects: &Rc<Objects>,
        depth: usize,
    ) -> Result<Vec<f32>, ChoiceProblem> {
        let mut condition = condition.clone();
        for other in condition.others_mut() {
            if other.number == Number::One && other.rank.is_none() {
                other.number = Number::All;
            }
        }
        match self.score(&condition, objects, depth, false) {
            Err(ChoiceProblem::AnchorMissing { .. }) => Ok(vec![1.0; objects.candidates.len()]),
            scores => Ok(scores?.into_iter().map(|score| 1.0 - score).collect()),
        }
    }

    /// Scores every object as seen from an anchor.
    pub fn seen(
        &self,
        objects: &Rc<Objects>,
        anchor: &Anchor,
        mut score: impl FnMut(Seen) -> f32,
    ) -> Vec<f32> {
        let same = anchor.is_of(objects);
        let candidates = objects.candidates.iter().enumerate();
        candidates
            .map(|(place, one)| {
                let own = same.then_some(place);
                let region = &one.region;
                score(Seen { region, own })
            })
            .collect()
    }

    fn need_pixels(&self) -> Result<(), ChoiceProblem> {
        self.target.image.map(|_| ()).ok_or(ChoiceProblem::NoPixels)
    }

    /// Cuts ground objects that spread over the target to the part that a condition means, and corrects their scores:
    /// 0.75 if at least a tenth of the object or a hundredth of the target is left, else 0.1.
    fn clip(
        &self,
        condition: &Condition,
        objects: &Rc<Objects>,
        depth: usize,
        scores: &mut [f32],
        clips: &mut Vec<(usize, Clip)>,
    ) -> Result<(), ChoiceProblem> {
        let (width, height) = (self.target.width, self.target.height);
        let extent = self.target.extent();
        let clip = match condition {
            Condition::Position(position) => place_of(*position, width, height),
            Condition::Relation(Relation::NextTo, other) => {
                Clip::Near(self.anchor(other, depth)?, 0.0675 * extent)
            }
            Condition::Relation(Relation::FarFrom, other) => {
                Clip::Far(self.anchor(other, depth)?, 0.145 * extent)
            }
            _ => return Ok(()),
        };
        let axes = match condition {
            Condition::Position(position) => {
                let ((x0, x1), (y0, y1)) = position.bounds();
                (x1 - x0 < 1.0, y1 - y0 < 1.0)
            }
            _ => (true, true),
        };
        for (place, one) in objects.candidates.iter().enumerate() {
            let (x0, y0, x1, y1) = one.region.bounding_box();
            let wide = axes.0 && (x1 - x0) as f32 >= SPREADS * width as f32;
            let high = axes.1 && (y1 - y0) as f32 >= SPREADS * height as f32;
            if wide || high {
                let left = one
                    .region
                    .pixels()
                    .filter(|&(x, y)| clip.leaves(x, y))
                    .count();
                let enough = left * 10 >= one.area || left * 100 >= width * height;
                scores[place] = if enough { 0.75 } else { 0.1 };
                clips.push((place, clip.clone()));
            }
        }
        Ok(())
    }
}

/// Whether a condition refers to things that have no class.
fn is_unknown(condition: &Condition) -> bool {
    let unknown = |request: &Request| parts(request).iter().any(|part| part.thing.class.is_none());
    condition.others().into_iter().any(unknown)
}

/// Whether a condition can cut the things of a request. Position and distance cut ground whose whole extent is meant: a
/// mass noun, or all of an uncountable class. "The water area on the left" is one object and is not cut. Distance does
/// not cut areas that are counted: "patches of grass next to the road" are whole patches.
fn is_cut_by(condition: &Condition, request: &Request) -> bool {
    let thing = &request.thing;
    let of_ground = thing.class.is_some_and(Class::is_ground);
    let is_area = thing.class.is_some_and(Class::is_area);
    let by_distance = matches!(condition, Condition::Relation(..));
    thing.mass || (of_ground && request.number == Number::All && !(is_area && by_distance))
}

fn place_of(position: Position, width: usize, height: usize) -> Clip {
    let ((x0, x1), (y0, y1)) = position.bounds();
    let at = |share: f32, size: usize| (share * size as f32 + 0.5) as usize;
    Clip::Box(at(x0, width), at(y0, height), at(x1, width), at(y1, height))
}

fn related(relation: Relation, anchor: &Anchor, seen: Seen, own: &Objects) -> f32 {
    match relation {
        Relation::LeftOf => anchor.towards(seen, &[Side::Left]),
        Relation::RightOf => anchor.towards(seen, &[Side::Right]),
        Relation::Above => anchor.towards(seen, &[Side::Above]),
        Relation::Below => anchor.towards(seen, &[Side::Below]),
        Relation::AboveLeft => anchor.towards(seen, &[Side::Above, Side::Left]),
        Relation::AboveRight => anchor.towards(seen, &[Side::Above, Side::Right]),
        Relation::BelowLeft => anchor.towards(seen, &[Side::Below, Side::Left]),
        Relation::BelowRight => anchor.towards(seen, &[Side::Below, Side::Right]),
        Relation::NextTo => anchor.near(seen),
        Relation::On => anchor.on(seen, own),
        Relation::SurroundedBy => anchor.around(seen),
        Relation::FarFrom => anchor.far(seen),
    }
}
