//! What crosses water, such as a bridge. The network knows it by its road, so it also finds the roads that lead to it,
//! and misses decks that look like no road. Where water is on both sides, the water shows the deck.

use crate::things::components::connected_regions;
use crate::things::distance::chamfer;
use crate::vision::LOWEST_PROBABILITY;

// The limits were chosen on the bridges of NWPU VHR-10 `val`, that of the shore on nine bridges of RRSIS-D and
// RISBench. Lengths are shares of the side of what the network sees at once.

/// Minimum value of a pixel of water.
const WATER: u8 = 200;
/// Minimum area of a water, with what crosses it, as a share of the area that the network sees at once.
const LEAST_WATER: f32 = 0.015;
/// Water lies on both sides of a deck within this distance.
const REACH: f32 = 0.1;
/// Minimum share of a deck in which the network finds the thing. Boats, piers and islands lie between water too.
const FOUND: f32 = 0.15;
/// Minimum area of a deck as a share of the area that the network sees at once.
const LEAST: f32 = 0.0008;
/// Up to this distance from a deck, pixels belong to it: its edges look like water.
const EDGE: f32 = 0.01;
/// Up to this distance from a deck, the thing is where the network finds it: on the banks.
const BANK: f32 = 0.06;
/// Away from decks, the thing is where the network finds it up to this distance from water: it may show on one side.
const SHORE: f32 = 0.15;
/// Further than this from decks, their roads end; further than this from water, a bridge crosses something else.
const FAR: f32 = 0.75;

/// Where things cross water.
#[derive(Debug, Clone, PartialEq)]
pub struct Crossing {
    /// The map of the things, restricted to where they cross water, `[height, width]`; 0 elsewhere.
    pub map: Vec<u8>,
    width: usize,
    /// Whether the pixel belongs to a deck, whose values come from [`Self::value`].
    deck: Vec<bool>,
}

impl Crossing {
    /// Restricts the map of things to where they cross water, to what is near water but seems to cross none, and to
    /// what is far from any water. Both maps are bytes `[height, width]`; `look` is the number of their pixels that the
    /// network sees at once, 0 if that is all. `None` without water.
    pub fn of(map: &[u8], water: &[u8], width: usize, look: usize) -> Option<Self> {
        if width == 0 || map.len() != water.len() || !map.len().is_multiple_of(width) {
            return None;
        }
        let look = if look == 0 { map.len() } else { look } as f32;
        let side = look.sqrt();
        let mut wet: Vec<bool> = water.iter().map(|&value| value >= WATER).collect();
        let mut closed: Vec<u8> = close(&wet, width, REACH * side);
        for water in connected_regions(&closed, width, |label| label == 1) {
            let found = water.pixels().filter(|&(x, y)| wet[y * width + x]);
            if (found.count() as f32) < LEAST_WATER * look {
                for (x, y) in water.pixels() {
                    (wet[y * width + x], closed[y * width + x]) = (false, 0);
                }
            }
        }
        if !wet.contains(&true) {
            return None;
        }
        for (between, &wet) in closed.iter_mut().zip(&wet) {
            *between *= u8::from(!wet);
        }
        let mut deck = vec![false; map.len()];
        for gap in connected_regions(&closed, width, |label| label == 1) {
            let found = gap.pixels().filter(|&(x, y)| map[y * width + x] >= 128);
            if gap.area() as f32 >= LEAST * look
                && found.count() as f32 >= FOUND * gap.area() as f32
            {
                gap.pixels().for_each(|(x, y)| deck[y * width + x] = true);
            }
        }
        let (to_deck, to_water) = (distances(&deck, width), distances(&wet, width));
        deck = to_deck.iter().map(|&far| far <= EDGE * side).collect();
        let value = |at: usize| {
            let apart = to_deck[at] > FAR * side;
            let may_be = to_water[at] <= SHORE * side || to_water[at] > FAR * side;
            match deck[at] {
                true => Self::value(map[at], water[at]),
                false if to_deck[at] <= BANK * side || apart && may_be => map[at],
                false => 0,
            }
        };
        Some(Self {
            map: (0..map.len()).map(value).collect(),
            width,
            deck,
        })
    }

    /// The same decks, and all of `map` beside them: for a request that also names things with the same map that need
    /// cross no water.
    pub fn beside(mut self, map: &[u8]) -> Self {
        for (value, &other) in self.map.iter_mut().zip(map) {
            *value = (*value).max(other);
        }
        self
    }

    /// Whether the pixel belongs to a deck.
    pub fn is_deck(&self, at: usize) -> bool {
        self.deck[at]
    }

    /// Restricts row `y` of the full map of the things, of `factor` x `factor` pixels per pixel of [`Self::map`].
    /// `water` is the same row of the map of the water.
    pub fn apply_row(&self, row: &mut [u8], water: &[u8], y: usize, factor: usize) {
        let start = y / factor * self.width;
        for (x, (value, &water)) in row.iter_mut().zip(water).enumerate() {
            let at = start + x / factor;
            if self.deck[at] {
                *value = Self::value(*value, water);
            } else if self.map[at] == 0 {
                *value = (*value).min(LOWEST_PROBABILITY);
            }
        }
    }

    /// The value of a pixel of a deck: at least 128, as what is no water there is the thing. A `water` of 0 is a pixel
    /// without data.
    pub fn value(thing: u8, water: u8) -> u8 {
        match water {
            0 => thing,
            _ => thing.max(u8::MAX - water / 2),
        }
    }
}

/// Distance in pixels from each pixel to the nearest one that is set.
fn distances(pixels: &[bool], width: usize) -> Vec<f32> {
    let far = |&pixel: &bool| if pixel { 0.0 } else { f32::MAX };
    let mut distances: Vec<f32> = pixels.iter().map(far).collect();
    chamfer(&mut distances, width, 1.0);
    distances
}

/// Morphological closing by `reach` pixels: 1 for what is set or between what is set. Beyond the edge, pixels are like
/// those at the edge.
fn close(pixels: &[bool], width: usize, reach: f32) -> Vec<u8> {
    let (height, margin) = (pixels.len() / width, reach.ceil() as usize + 1);
    let (columns, rows) = (width + 2 * margin, height + 2 * margin);
    let inner = |at: usize, side: usize| at.saturating_sub(margin).min(side - 1);
    let padded: Vec<bool> = (0..columns * rows)
        .map(|at| pixels[inner(at / columns, height) * width + inner(at % columns, width)])
        .collect();
    let beyond = |pixels: &[bool]| -> Vec<bool> {
        let distances = distances(pixels, columns);
        distances.iter().map(|&distance| distance > reach).collect()
    };
    let closed = beyond(&beyond(&padded));
    (0..pixels.len())
        .map(|at| u8::from(closed[(at / width + margin) * columns + at % width + margin]))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIDE: usize = 100;

    fn map(of: impl Fn(usize, usize) -> u8) -> Vec<u8> {
        (0..SIDE * SIDE)
            .map(|at| of(at % SIDE, at / SIDE))
            .collect()
    }

    /// A river from top to bottom, 40 to 60, under a road from left to right, 46 to 52.
    fn river() -> Vec<u8> {
        map(|x, y| {
            if (40..60).contains(&x) && !(46..52).contains(&y) {
                250
            } else {
                5
            }
        })
    }

    #[test]
    fn the_road_to_a_bridge_is_no_bridge() {
        // The network finds the road, all but a piece of the deck, and another road along the bank.
        let found = map(|x, y| {
            let road = (46..52).contains(&y) && !(50..55).contains(&x);
            if road || (70..74).contains(&x) {
                220
            } else {
                3
            }
        });
        let crossing = Crossing::of(&found, &river(), SIDE, 0).expect("there is water");
        let at = |x: usize, y: usize| crossing.map[y * SIDE + x];
        assert!((40..60).all(|x| at(x, 49) >= 200), "the deck is whole");
        assert_eq!(
            (at(37, 49), at(63, 49)),
            (220, 220),
            "its ends on the banks"
        );
        assert_eq!((at(10, 49), at(72, 20)), (0, 0), "no other road");
        assert!(crossing.is_deck(49 * SIDE + 50) && !crossing.is_deck(49 * SIDE + 37));
        assert!(at(50, 45) >= 128 && at(50, 30) == 0, "edge and river");
        let mut row = vec![220; 180];
        crossing.apply_row(&mut row, &[40; 180], 98, 2);
        assert_eq!((row[20], row[78], row[100]), (1, 220, 235));
    }

    #[test]
    fn what_the_network_does_not_find_is_no_bridge() {
        // A barge lies across the river, and the bridge is only found elsewhere.
        let found = map(|x, y| if x < 20 && y < 20 { 220 } else { 3 });
        let crossing = Crossing::of(&found, &river(), SIDE, 0).expect("there is water");
        assert!(crossing.map.iter().all(|&value| value <= 3));
    }

    #[test]
    fn a_bridge_with_water_on_one_side_stays() {
        let creek = map(|x, y| {
            if (40..60).contains(&x) && y > 60 {
                250
            } else {
                5
            }
        });
        let found = map(|_, y| if (46..52).contains(&y) { 220 } else { 3 });
        let crossing = Crossing::of(&found, &creek, SIDE, 0).expect("there is water");
        let at = |x: usize| crossing.map[49 * SIDE + x];
        assert_eq!((at(50), at(5), at(95)), (220, 0, 0));
        assert!((0..SIDE * SIDE).all(|at| !crossing.is_deck(at)));
        let all = crossing.beside(&found);
        assert_eq!(
            (all.map[49 * SIDE + 5], all.map[49 * SIDE + 50]),
            (220, 220)
        );
    }

    #[test]
    fn far_from_water_the_map_stays() {
        // The network sees 40 x 40 pixels at once; a river runs along the left side, a pond is too small to count.
        let water = map(|x, y| if x < 10 || x > 97 && y < 4 { 250 } else { 5 });
        let found = map(|_, y| if (46..52).contains(&y) { 220 } else { 3 });
        let crossing = Crossing::of(&found, &water, SIDE, 1600).expect("there is water");
        let at = |x: usize, y: usize| crossing.map[y * SIDE + x];
        assert_eq!((at(12, 49), at(25, 49), at(60, 49)), (220, 0, 220));
    }

    #[test]
    fn a_quay_at_the_edge_is_no_deck() {
        let water = map(|_, y| if y < 94 { 250 } else { 5 });
        let found = map(|_, y| if (96..99).contains(&y) { 220 } else { 3 });
        let crossing = Crossing::of(&found, &water, SIDE, 0).expect("there is water");
        assert!((0..SIDE * SIDE).all(|at| !crossing.is_deck(at)));
    }

    #[test]
    fn without_water_the_map_stays() {
        assert_eq!(Crossing::of(&river(), &map(|_, _| 100), SIDE, 0), None);
        assert_eq!(
            Crossing::of(&[1; 10], &[255; 10], 3, 0),
            None,
            "rows differ"
        );
    }

    #[test]
    fn pixels_without_data_stay_without() {
        let cut = |map: Vec<u8>| -> Vec<u8> {
            let kept = map.iter().enumerate();
            kept.map(|(at, &value)| if at % SIDE < 50 { value } else { 0 })
                .collect()
        };
        let found = cut(map(|_, _| 220));
        let crossing = Crossing::of(&found, &cut(river()), SIDE, 0).expect("there is water");
        assert!((50..SIDE).all(|x| crossing.map[49 * SIDE + x] == 0));
    }
}
