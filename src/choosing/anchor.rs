//! Anchors: the things that relations refer to.

use std::cell::OnceCell;
use std::rc::Rc;

use crate::sorting::sort_by_key;
use crate::things::distance::DistanceField;
use crate::things::region::Region;
use crate::things::relation::{NEAR, ON, Offset, Side, box_gap, surrounded};
use crate::things::score;

use super::objects::Objects;

/// An object that spans at least this share of the target's width or height counts as sprawling: its centre says
/// little.
const SPRAWLS: f32 = 0.5;

/// Number of directions in which the surroundings of an object are searched.
const RAYS: usize = 16;

/// Maximum number of an anchor's objects that are paired for "between". The largest are used.
const MOST_PAIRED: usize = 64;

/// Objects of one map that relations refer to.
pub struct Anchor {
    objects: Rc<Objects>,
    chosen: Vec<usize>,
    is_chosen: Vec<bool>,
    /// Whether any of them sprawls.
    sprawls: bool,
    field: OnceCell<DistanceField>,
    bands: OnceCell<[Vec<(u64, u64)>; 2]>,
}

/// An object as seen from an anchor.
#[derive(Clone, Copy)]
pub struct Seen<'a> {
    /// Its pixels.
    pub region: &'a Region,
    /// Its number among the anchor's objects, if both come from the same map. An object is not its own anchor.
    pub own: Option<usize>,
}

impl Anchor {
    /// The `chosen` ones of some objects.
    pub fn new(objects: Rc<Objects>, chosen: Vec<usize>) -> Self {
        let mut is_chosen = vec![false; objects.candidates.len()];
        chosen.iter().for_each(|&place| is_chosen[place] = true);
        let sprawls = chosen.iter().any(|&place| {
            let (x0, y0, x1, y1) = objects.candidates[place].region.bounding_box();
            (x1 - x0) as f32 >= SPRAWLS * objects.width as f32
                || (y1 - y0) as f32 >= SPRAWLS * objects.height as f32
        });
        Self {
            objects,
            chosen,
            is_chosen,
            sprawls,
            field: OnceCell::new(),
            bands: OnceCell::new(),
        }
    }

    /// The regions of the chosen objects.
    pub fn regions(&self) -> impl Iterator<Item = &Region> + '_ {
        self.chosen
            .iter()
            .map(|&place| &self.objects.candidates[place].region)
    }

    /// Whether the anchor was taken from these objects.
    pub fn is_of(&self, objects: &Rc<Objects>) -> bool {
        Rc::ptr_eq(&self.objects, objects)
    }

    fn size(&self) -> (usize, usize) {
        (self.objects.width, self.objects.height)
    }

    fn extent(&self) -> f32 {
        self.objects.width.min(self.objects.height) as f32
    }

    fn covers(&self, x: usize, y: usize) -> bool {
        let label = self.objects.labels[y * self.objects.width + x] as usize;
        label > 0 && self.is_chosen[label - 1]
    }

    fn others(&self, seen: Seen) -> impl Iterator<Item = &Region> + '_ {
        let own = seen.own;
        let others = self.chosen.iter().filter(move |&&place| Some(place) != own);
        others.map(|&place| &self.objects.candidates[place].region)
    }

    /// The distance field of all anchors, computed once.
    pub fn field(&self) -> &DistanceField {
        self.field.get_or_init(|| {
            let cell = (self.extent() as usize / 96).clamp(1, 4);
            let pixels = self.regions().flat_map(Region::pixels);
            DistanceField::of(pixels, self.size(), cell)
        })
    }

    /// Distance in pixels from the nearest anchor other than the object itself.
    pub fn distance(&self, seen: Seen) -> f32 {
        if seen.own.is_some_and(|own| self.is_chosen[own]) {
            let bounds = seen.region.bounding_box();
            let gaps = self
                .others(seen)
                .map(|other| box_gap(bounds, other.bounding_box()));
            return gaps.fold(f32::MAX, f32::min);
        }
        self.field().from(seen.region)
    }

    /// How near the object is to the anchors, from 0 to 1.
    pub fn near(&self, seen: Seen) -> f32 {
        let extent = self.extent();
        score::below(self.distance(seen), NEAR.0 * extent, NEAR.1 * extent)
    }

    /// How far the object is from the anchors, from 0 to 1.
    pub fn far(&self, seen: Seen) -> f32 {
        let extent = self.extent();
        score::below(-self.distance(seen), -0.2 * extent, -NEAR.1 * extent)
    }

    /// Whether the object's surroundings belong to the anchors, from 0 to 1. `own`: the objects of the same kind, which
    /// do not count as surroundings.
    pub fn on(&self, seen: Seen, own: &Objects) -> f32 {
        let width = own.width;
        let share = surrounded(seen.region, self.size(), |x, y| {
            let covers = self.covers(x, y);
            (covers || own.labels[y * width + x] == 0).then_some(covers)
        });
        score::below(-share, -ON.0, -ON.1)
    }

    /// Whether anchors surround the object in most directions, from 0 to 1.
    pub fn around(&self, seen: Seen) -> f32 {
        let hits = self.hits(seen);
        let share = hits.iter().filter(|&&hit| hit).count() as f32 / RAYS as f32;
        score::below(-share, -0.75, -0.4)
    }

    /// For each of [`RAYS`] directions from the object's centre: whether an anchor lies outside the object, within 1.5
    /// object radii plus a fifth of the target's extent.
    fn hits(&self, seen: Seen) -> [bool; RAYS] {
        let (width, height) = self.size();
        let (cx, cy) = seen.region.centre();
        let (x0, y0, x1, y1) = seen.region.bounding_box();
        let radius = ((x1 - x0).max(y1 - y0)) as f32 / 2.0;
        let reach = radius * 1.5 + 0.2 * self.extent();
        let step = (self.extent() / 400.0).max(1.0);
        std::array::from_fn(|ray| {
            // Tabulated directions give the same result on every target.
            let (dx, dy) = direction(ray);
            let mut along = 0.0;
            while along <= reach {
                let (x, y) = (cx + dx * along, cy + dy * along);
                along += step;
                if x < 0.0 || y < 0.0 || x >= width as f32 || y >= height as f32 {
                    return false;
                }
                let (x, y) = (x as usize, y as usize);
                if !seen.region.contains(x, y) && self.covers(x, y) {
                    return true;
                }
            }
            false
        })
    }

    /// How clearly the object lies on these sides of an anchor, from 0 to 1: the best over the anchors.
    pub fn towards(&self, seen: Seen, sides: &[Side]) -> f32 {
        if self.sprawls {
            let own = seen.own.is_some_and(|own| self.is_chosen[own]);
            return if own {
                0.0
            } else {
                self.towards_all(seen, sides)
            };
        }
        let extent = self.extent();
        let of = |other: &Region| match sides {
            [side] => Offset::between(seen.region, other, *side).score(extent),
            [one, two, ..] => {
                let offsets = [*one, *two].map(|side| Offset::between(seen.region, other, side));
                diagonal(offsets.map(|offset| offset.along), extent)
            }
            [] => 0.0,
        };
        self.others(seen).map(of).fold(0.0, f32::max)
    }

    /// Like [`Anchor::towards`], for sprawling anchors: only their part at the height (or width) of the object counts.
    fn towards_all(&self, seen: Seen, sides: &[Side]) -> f32 {
        let extent = self.extent();
        let margin = 0.02 * extent;
        let (cx, cy) = seen.region.centre();
        let (x0, y0, x1, y1) = seen.region.bounding_box();
        let [rows, columns] = self.bands();
        let along = |side: Side| {
            let (sums, first, last, centre) = match side {
                Side::Left | Side::Right => (rows, y0, y1, cx),
                Side::Above | Side::Below => (columns, x0, x1, cy),
            };
            let mean = mean(sums, first, last).or_else(|| mean(sums, 0, sums.len() - 1))?;
            Some(match side {
                Side::Left | Side::Above => mean - centre,
                Side::Right | Side::Below => centre - mean,
            })
        };
        let scores = sides
            .iter()
            .map(|&side| along(side).map_or(0.0, |along| score::below(-along, -2.0 * margin, 0.0)));
        scores.fold(1.0, f32::min)
    }

    /// Running sums over rows (of x) and over columns (of y): number of pixels and sum of coordinates before each.
    fn bands(&self) -> &[Vec<(u64, u64)>; 2] {
        self.bands.get_or_init(|| {
            let (width, height) = self.size();
            let mut bands = [vec![(0u64, 0u64); height + 1], vec![(0, 0); width + 1]];
            for (x, y) in self.regions().flat_map(Region::pixels) {
                let (row, column) = (&mut bands[0][y + 1], x as u64);
                *row = (row.0 + 1, row.1 + column);
                let column = &mut bands[1][x + 1];
                *column = (column.0 + 1, column.1 + y as u64);
            }
            for band in &mut bands {
                for place in 1..band.len() {
                    let before = band[place - 1];
                    band[place] = (band[place].0 + before.0, band[place].1 + before.1);
                }
            }
            bands
        })
    }

    /// Whether the object lies between an anchor and one of the other anchors (or, without `other`, between two of
    /// these anchors), from 0 to 1.
    pub fn between(&self, seen: Seen, other: Option<(&Anchor, Seen)>) -> f32 {
        if self.sprawls && other.is_none() {
            // Between parts of something large: the anchors lie on opposite sides.
            let hits = self.hits(seen);
            let opposite = (0..RAYS / 2)
                .filter(|&ray| hits[ray] && hits[ray + RAYS / 2])
                .count();
            return score::below(-(opposite as f32), -2.0, 0.0);
        }
        let nearest = |anchor: &Anchor, seen: Seen| -> Vec<(f32, f32)> {
            let mut regions: Vec<&Region> = anchor.others(seen).collect();
            sort_by_key(&mut regions, |region| std::cmp::Reverse(region.area()));
            regions.truncate(MOST_PAIRED);
            regions
                .iter()
                .map(|region| nearest_point(region, seen.region))
                .collect()
        };
        let ones = nearest(self, seen);
        let others = other.map(|(anchor, seen)| nearest(anchor, seen));
        let centre = seen.region.centre();
        let mut best = 0.0f32;
        for (place, &one) in ones.iter().enumerate() {
            let rest = others.as_deref().unwrap_or(&ones[place + 1..]);
            for &two in rest {
                best = best.max(amid(centre, one, two));
            }
        }
        best
    }
}

/// Mean coordinate in the bands `first..last`; `None` if they are empty.
fn mean(sums: &[(u64, u64)], first: usize, last: usize) -> Option<f32> {
    let count = sums[last].0 - sums[first].0;
    (count > 0).then(|| ((sums[last].1 - sums[first].1) as f64 / count as f64) as f32 + 0.5)
}

/// How clearly the offsets towards two sides form a diagonal, from 0 to 1.
fn diagonal([one, two]: [f32; 2], extent: f32) -> f32 {
    let margin = 0.02 * extent;
    let (low, high) = (one.min(two), one.max(two));
    score::below(-low, -margin, margin).min(score::below(high / low.max(margin * 0.1), 2.5, 5.0))
}

/// The pixel of a region closest to the centre of `from`, searched on a coarse subset of the region's pixels.
fn nearest_point(region: &Region, from: &Region) -> (f32, f32) {
    let (cx, cy) = from.centre();
    let step = (region.area() / 2000).max(1);
    let distance = |x: f32, y: f32| (x - cx) * (x - cx) + (y - cy) * (y - cy);
    let points = region
        .pixels()
        .step_by(step)
        .map(|(x, y)| (x as f32 + 0.5, y as f32 + 0.5));
    points
        .min_by(|a, b| distance(a.0, a.1).total_cmp(&distance(b.0, b.1)))
        .unwrap_or((cx, cy))
}

/// How clearly a point lies between two others: more clearly the closer the angle between them is to 180 degrees.
fn amid(point: (f32, f32), one: (f32, f32), two: (f32, f32)) -> f32 {
    let (ax, ay) = (one.0 - point.0, one.1 - point.1);
    let (bx, by) = (two.0 - point.0, two.1 - point.1);
    let lengths = ((ax * ax + ay * ay) * (bx * bx + by * by)).sqrt();
    // The cosine is -1 for opposite directions.
    let cosine = (ax * bx + ay * by) / lengths.max(1e-6);
    score::below(cosine, -0.8, -0.35)
}

/// Unit vectors in steps of 22.5 degrees.
fn direction(ray: usize) -> (f32, f32) {
    const FIRST: [(f32, f32); 4] = [
        (1.0, 0.0),
        (0.923_879_5, 0.382_683_43),
        (
            std::f32::consts::FRAC_1_SQRT_2,
            std::f32::consts::FRAC_1_SQRT_2,
        ),
        (0.382_683_43, 0.923_879_5),
    ];
    let (x, y) = FIRST[ray % 4];
    match ray / 4 % 4 {
        0 => (x, y),
        1 => (-y, x),
        2 => (-x, -y),
        _ => (y, -x),
    }
}
