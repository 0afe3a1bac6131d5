//! Ordinals: "the second largest", "the third from the left".

use crate::things::extreme::Extreme;

use super::view::View;

/// The order that an ordinal counts in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Order {
    Largest,
    Smallest,
    FromLeft,
    FromRight,
    FromTop,
    FromBottom,
}

/// A place in an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ordinal {
    /// 2 for the second, 3 for the third and so on; the first has its own superlative.
    pub place: usize,
    /// The order in which to count.
    pub order: Order,
}

/// Largest number of objects among which people count.
const MOST: usize = 9;

impl Order {
    /// Every order.
    pub const ALL: [Order; 6] = [
        Order::Largest,
        Order::Smallest,
        Order::FromLeft,
        Order::FromRight,
        Order::FromTop,
        Order::FromBottom,
    ];

    /// The extreme that the first in this order is.
    pub fn extreme(self) -> Extreme {
        match self {
            Order::Largest => Extreme::Largest,
            Order::Smallest => Extreme::Smallest,
            Order::FromLeft => Extreme::Leftmost,
            Order::FromRight => Extreme::Rightmost,
            Order::FromTop => Extreme::Topmost,
            Order::FromBottom => Extreme::Bottommost,
        }
    }

    /// Whether it orders by size.
    pub fn is_size(self) -> bool {
        matches!(self, Order::Largest | Order::Smallest)
    }
}

impl Ordinal {
    /// The one of several objects that it means. Returns `None` if there are too few or too many, or if two
    /// neighbours in the order, up to one place beyond it, are too close: sizes by less than a factor of 1.2,
    /// centres by less than 4 % of the image.
    pub fn choose(self, view: &View, among: &[usize]) -> Option<usize> {
        if self.place < 2 || among.len() < self.place || among.len() > MOST {
            return None;
        }
        let extreme = self.order.extreme();
        // Objects with a smaller rank come first. For sides, the edge that faces the side counts too.
        let rank = |object: usize| -> (f32, f32) {
            let region = view.region(object);
            (extreme.cost(region), extreme.edge(region))
        };
        let mut ranked: Vec<((f32, f32), usize)> =
            among.iter().map(|&object| (rank(object), object)).collect();
        ranked.sort_by(|a, b| a.0.0.total_cmp(&b.0.0));
        let apart = |pair: &[((f32, f32), usize)]| {
            let ((one, one_edge), first) = pair[0];
            let ((next, next_edge), _) = pair[1];
            let cut = self.order == Order::Smallest && view.scene.objects[first].truncated;
            extreme.is_clear(one, next, view.side()) && one_edge <= next_edge && !cut
        };
        let counted = &ranked[..ranked.len().min(self.place + 1)];
        // No object after the last counted one may reach further than that one.
        let last = ranked[self.place - 1].0.1;
        let clear = self.order.is_size() || ranked[self.place..].iter().all(|one| last <= one.0.1);
        (clear && counted.windows(2).all(apart)).then(|| ranked[self.place - 1].1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::phrase::tests::scene_of;

    #[test]
    fn places_are_counted_where_all_are_apart() {
        let scene = scene_of(&[
            (5, 5, 10, 10),
            (40, 40, 10, 16),
            (42, 70, 20, 20),
            (80, 60, 8, 8),
        ]);
        let view = View::new(&scene);
        let choose = |place, order, among: &[usize]| Ordinal { place, order }.choose(&view, among);
        assert_eq!(choose(2, Order::Largest, &[0, 1, 2, 3]), Some(1));
        assert_eq!(choose(3, Order::Largest, &[0, 1, 2, 3]), Some(0));
        assert_eq!(choose(2, Order::FromTop, &[0, 1, 2]), Some(1));
        assert_eq!(choose(2, Order::FromLeft, &[0, 1, 3]), Some(1));
        assert_eq!(choose(2, Order::FromRight, &[0, 1, 2]), Some(1));
        assert_eq!(choose(4, Order::FromTop, &[0, 1, 2]), None);
        // The last two lie side by side.
        let scene = scene_of(&[(5, 5, 10, 10), (40, 40, 10, 10), (70, 41, 10, 10)]);
        let from_top = Ordinal {
            place: 2,
            order: Order::FromTop,
        };
        assert_eq!(from_top.choose(&View::new(&scene), &[0, 1, 2]), None);
    }
}
