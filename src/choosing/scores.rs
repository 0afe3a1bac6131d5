//! How well objects meet conditions, and which part is kept of objects that are cut.

use std::rc::Rc;

use crate::reading::Condition;

use super::anchor::Anchor;
use super::chosen::ChoiceProblem;

/// The part of a large object that meets a condition: of a road "on the left", the pixels on the left.
#[derive(Clone)]
pub enum Clip {
    /// The pixels in a box `(x0, y0, x1, y1)`, half-open.
    Box(usize, usize, usize, usize),
    /// The pixels within a distance of the anchor.
    Near(Rc<Anchor>, f32),
    /// The pixels at least a distance away from the anchor.
    Far(Rc<Anchor>, f32),
}

impl Clip {
    /// Whether it keeps a pixel.
    pub fn leaves(&self, x: usize, y: usize) -> bool {
        match self {
            Clip::Box(x0, y0, x1, y1) => (*x0..*x1).contains(&x) && (*y0..*y1).contains(&y),
            Clip::Near(anchor, most) => anchor.field().at(x, y) <= *most,
            Clip::Far(anchor, least) => anchor.field().at(x, y) >= *least,
        }
    }
}

/// Scores of the objects of one map.
pub struct Scores {
    /// The lowest of an object's scores: from 0.5 on, all conditions are met.
    pub least: Vec<f32>,
    /// The lowest of the scores that do not depend on other objects, such as colour, position and size.
    pub own: Vec<f32>,
    /// The product of an object's scores, which orders the objects.
    pub product: Vec<f32>,
    /// The kept parts of objects that are cut, by object number.
    pub clips: Vec<(usize, Clip)>,
    /// The first condition that is omitted.
    pub problem: Option<ChoiceProblem>,
}

impl Scores {
    /// Takes the scores of one more condition.
    pub fn take(&mut self, scores: &[f32], condition: &Condition) {
        for (place, &score) in scores.iter().enumerate() {
            self.least[place] = self.least[place].min(score);
            if !condition.relates() {
                self.own[place] = self.own[place].min(score);
            }
            self.product[place] *= score;
        }
    }
}
