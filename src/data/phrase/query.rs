//! The meaning of a phrase: a class, predicates and a superlative, evaluated over a scene.

use crate::things::class::Class;
use crate::things::extreme::{Extreme, is_clearly_nearer};
use crate::things::fit::Fit;

use super::anchor::{Anchor, Place};
use super::ordinal::Ordinal;
use super::predicate::Predicate;
use super::view::View;

/// What distinguishes an object from others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Superlative {
    Largest,
    Smallest,
    Leftmost,
    Rightmost,
    Topmost,
    Bottommost,
    Closest(Anchor),
    Farthest(Anchor),
    /// The place in the order, if it is not the first: the second, third and so on.
    Ordinal(Ordinal),
}

/// The meaning of a phrase.
#[derive(Debug, Clone, PartialEq)]
pub struct Query {
    /// The class that is meant.
    pub class: Class,
    /// The statements that must be true of it.
    pub predicates: Vec<Predicate>,
    /// Which one of the fitting objects it is.
    pub superlative: Option<Superlative>,
}

impl Query {
    /// Whether it names a class and nothing else.
    pub fn is_bare(&self) -> bool {
        self.predicates.is_empty() && self.superlative.is_none()
    }

    /// The indices in the scene of the objects that fit. Returns `None` if an object is in doubt or none fits. The
    /// class must be countable in the scene.
    pub fn evaluate(&self, view: &View) -> Option<Vec<usize>> {
        let class = view.objects(self.class);
        let mut fitting = Vec::new();
        for &object in class {
            let mut fit = Fit::Yes;
            for predicate in &self.predicates {
                fit = fit.and(predicate.fit(view, object, class));
                if fit == Fit::No {
                    break;
                }
            }
            match fit {
                Fit::Yes => fitting.push(object),
                Fit::No => {}
                Fit::Unsure => return None,
            }
        }
        match self.superlative {
            Some(superlative) => superlative
                .choose(view, &fitting)
                .map(|object| vec![object]),
            None => Some(fitting).filter(|fitting| !fitting.is_empty()),
        }
    }
}

impl Query {
    /// Whether there are things of the class and the query certainly fits none of them. The class must be countable in
    /// the scene.
    pub fn is_denied(&self, view: &View) -> bool {
        let class = view.objects(self.class);
        let fit = |object: usize| {
            let fits = self
                .predicates
                .iter()
                .map(|predicate| predicate.fit(view, object, class));
            fits.fold(Fit::Yes, Fit::and)
        };
        self.superlative.is_none()
            && !class.is_empty()
            && class.iter().all(|&object| fit(object) == Fit::No)
    }
}

impl Superlative {
    /// The one of several objects that it means. Returns `None` if two are too close.
    pub fn choose(&self, view: &View, among: &[usize]) -> Option<usize> {
        let extreme = match self {
            Superlative::Ordinal(ordinal) => return ordinal.choose(view, among),
            Superlative::Closest(anchor) => return by_distance(view, among, anchor.place, 1.0),
            Superlative::Farthest(anchor) => return by_distance(view, among, anchor.place, -1.0),
            Superlative::Largest => Extreme::Largest,
            Superlative::Smallest => Extreme::Smallest,
            Superlative::Leftmost => Extreme::Leftmost,
            Superlative::Rightmost => Extreme::Rightmost,
            Superlative::Topmost => Extreme::Topmost,
            Superlative::Bottommost => Extreme::Bottommost,
        };
        let ranked = ranked(among, |object| extreme.cost(view.region(object)))?;
        let (first, next) = (ranked[0], ranked[1]);
        // Its edge must also be the outermost, so that no wide neighbour reaches further.
        let edge = |object: usize| extreme.edge(view.region(object));
        let lead = edge(first.1);
        let clear = extreme.is_clear(first.0, next.0, view.side())
            && among.iter().all(|&other| lead <= edge(other))
            && !(extreme == Extreme::Smallest && view.scene.objects[first.1].truncated);
        clear.then_some(first.1)
    }
}

/// Objects with their costs, the smallest first, or `None` if there are fewer than two.
fn ranked(among: &[usize], cost: impl Fn(usize) -> f32) -> Option<Vec<(f32, usize)>> {
    let mut ranked: Vec<(f32, usize)> =
        among.iter().map(|&object| (cost(object), object)).collect();
    ranked.sort_by(|a, b| a.0.total_cmp(&b.0));
    (ranked.len() > 1).then_some(ranked)
}

/// The object nearest to a place (`sign` 1) or farthest from it (-1). Returns `None` if two are too close.
fn by_distance(view: &View, among: &[usize], place: Place, sign: f32) -> Option<usize> {
    let ranked = ranked(among, |object| sign * view.distance(object, place))?;
    let (first, next) = (ranked[0], ranked[1]);
    is_clearly_nearer(first.0.abs(), next.0.abs(), view.side()).then_some(first.1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::phrase::tests::scene_of;
    use crate::things::position::Position;

    #[test]
    fn a_superlative_needs_a_margin() {
        let scene = scene_of(&[(5, 5, 10, 10), (40, 40, 10, 11), (70, 70, 20, 20)]);
        let view = View::new(&scene);
        assert_eq!(Superlative::Largest.choose(&view, &[0, 1, 2]), Some(2));
        assert_eq!(Superlative::Largest.choose(&view, &[0, 1]), None);
        assert_eq!(Superlative::Leftmost.choose(&view, &[0, 1, 2]), Some(0));
        assert_eq!(Superlative::Leftmost.choose(&view, &[0]), None);
    }

    #[test]
    fn an_object_in_doubt_makes_the_query_ambiguous() {
        let position = |boxes: &[(usize, usize, usize, usize)]| {
            let query = Query {
                class: Class::Building,
                predicates: vec![Predicate::Position(Position::Left)],
                superlative: None,
            };
            query.evaluate(&View::new(&scene_of(boxes)))
        };
        assert_eq!(
            position(&[(5, 40, 10, 10), (80, 40, 10, 10)]),
            Some(vec![0])
        );
        assert_eq!(position(&[(5, 40, 10, 10), (39, 40, 10, 10)]), None);
        assert_eq!(position(&[(80, 40, 10, 10)]), None);
    }
}
