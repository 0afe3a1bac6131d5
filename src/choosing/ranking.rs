//! Which objects a place in an order refers to.

use std::rc::Rc;

use crate::reading::{Key, Rank};
use crate::sorting::sort_by;
use crate::things::extreme::{CLEAR_FACTOR, CLEAR_MARGIN, Extreme, is_clearly_nearer};
use crate::things::region::Region;
use crate::things::shape::Outline;

use super::chooser::Chooser;
use super::chosen::ChoiceProblem;
use super::objects::Objects;

/// Objects in an order.
pub struct Ranked {
    /// The objects that the rank refers to, in order; fewer than requested if there are too few.
    pub chosen: Vec<usize>,
    /// Objects that could equally well be meant.
    pub near_ties: Vec<usize>,
}

/// The order of objects, lowest cost first.
enum Order {
    Extreme(Extreme),
    /// A length; longer objects come first.
    Length,
    /// A distance in pixels, with its sign.
    Distance(f32),
    /// Distance of the centre from the middle of the target.
    Central,
}

impl Chooser<'_> {
    /// Orders `among` by the key of a rank and takes the objects at its place.
    pub fn rank(
        &self,
        rank: &Rank,
        objects: &Rc<Objects>,
        among: &[usize],
        depth: usize,
    ) -> Result<Ranked, ChoiceProblem> {
        let extent = self.target.extent();
        let region = |place: usize| &objects.candidates[place].region;
        let (order, anchor) = match &rank.key {
            Key::Largest => (Order::Extreme(Extreme::Largest), None),
            Key::Smallest => (Order::Extreme(Extreme::Smallest), None),
            Key::Leftmost => (Order::Extreme(Extreme::Leftmost), None),
            Key::Rightmost => (Order::Extreme(Extreme::Rightmost), None),
            Key::Topmost => (Order::Extreme(Extreme::Topmost), None),
            Key::Bottommost => (Order::Extreme(Extreme::Bottommost), None),
            Key::Longest => (Order::Length, None),
            Key::MostCentral => (Order::Central, None),
            Key::ClosestTo(other) => (Order::Distance(1.0), Some(self.anchor(other, depth)?)),
            Key::FarthestFrom(other) => (Order::Distance(-1.0), Some(self.anchor(other, depth)?)),
        };
        let distances = anchor
            .map(|anchor| self.seen(objects, &anchor, |seen| anchor.distance(seen)))
            .unwrap_or_default();
        let cost = |place: usize| match order {
            Order::Extreme(extreme) => extreme.cost(region(place)),
            Order::Length => -Outline::of(region(place)).length(),
            Order::Distance(sign) => sign * distances[place],
            Order::Central => self.off_middle(region(place)),
        };
        let cut = |place: usize| objects.candidates[place].truncated;
        let is_smallest = matches!(order, Order::Extreme(Extreme::Smallest));
        let is_distance = matches!(order, Order::Distance(_));
        let mut ranked: Vec<(f32, usize)> = among
            .iter()
            .map(|&place| (cost(place), place))
            // An object that is itself the only anchor has no distance.
            .filter(|(cost, _)| !is_distance || cost.abs() < 1e6)
            .collect();
        // An object cut off by the image edge may be larger than it looks, so it is the smallest only if there is no
        // other object.
        sort_by(&mut ranked, |a, b| {
            let last = |place: usize| is_smallest && cut(place);
            last(a.1).cmp(&last(b.1)).then(a.0.total_cmp(&b.0))
        });
        let apart = |one: (f32, usize), next: (f32, usize)| match order {
            Order::Extreme(extreme) => {
                extreme.is_clear(one.0, next.0, extent)
                    && extreme.edge(region(one.1)) <= extreme.edge(region(next.1))
            }
            Order::Length => one.0 <= next.0 * CLEAR_FACTOR,
            Order::Distance(_) => is_clearly_nearer(one.0.abs(), next.0.abs(), extent),
            Order::Central => next.0 - one.0 >= CLEAR_MARGIN * extent,
        };
        let first = (rank.place.max(1) as usize - 1).min(ranked.len());
        let last = first
            .saturating_add(rank.count.max(1) as usize)
            .min(ranked.len());
        let mut near_ties = Vec::new();
        if first < last {
            let before = ranked[..first]
                .iter()
                .filter(|&&one| !apart(one, ranked[first]));
            let after = ranked[last..]
                .iter()
                .filter(|&&one| !apart(ranked[last - 1], one));
            near_ties.extend(before.chain(after).map(|one| one.1));
        }
        Ok(Ranked {
            chosen: ranked[first..last].iter().map(|one| one.1).collect(),
            near_ties,
        })
    }

    fn off_middle(&self, region: &Region) -> f32 {
        let (x, y) = region.centre();
        let (dx, dy) = (
            x - self.target.width as f32 / 2.0,
            y - self.target.height as f32 / 2.0,
        );
        (dx * dx + dy * dy).sqrt()
    }
}
