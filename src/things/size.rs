//! Sizes within a class.

use serde::{Deserialize, Serialize};

use super::fit::Fit;
use super::score;

/// A size within the class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub enum Size {
    Large,
    Small,
}

/// Large and small things of a class: those above and below the widest gap between their areas, if the gap is at least
/// a factor of 1.6. The word must apply to at most half of the things.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SizeGap {
    /// Least area. Smaller things do not count for the gap.
    least: usize,
    /// The areas on both sides of the gap, and the number of things on each side; `None` without a gap.
    gap: Option<Gap>,
    /// The median of the areas.
    median: f32,
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Gap {
    below: usize,
    above: usize,
    small: usize,
    large: usize,
}

impl SizeGap {
    /// Finds the gap among things of these areas in pixels; things below `least` pixels do not count.
    pub fn of(areas: impl Iterator<Item = usize>, least: usize) -> Self {
        let mut areas: Vec<usize> = areas.filter(|&area| area >= least.max(1)).collect();
        areas.sort_unstable();
        let ratio = |place: &usize| areas[*place] as f32 / areas[place - 1] as f32;
        let widest = (1..areas.len()).max_by(|a, b| ratio(a).total_cmp(&ratio(b)));
        let gap = widest.filter(|place| ratio(place) >= 1.6).map(|split| Gap {
            below: areas[split - 1],
            above: areas[split],
            small: split,
            large: areas.len() - split,
        });
        let median = areas.get(areas.len() / 2).map_or(1.0, |&area| area as f32);
        Self { least, gap, median }
    }

    /// Whether a thing of this area is of the size. A thing that the edge of the image cuts off (`truncated`) may be
    /// larger than it looks.
    pub fn fit(&self, size: Size, area: usize, truncated: bool) -> Fit {
        let Some(Gap {
            above,
            small,
            large,
            ..
        }) = self.gap
        else {
            return Fit::Unsure;
        };
        let is_large = area >= above;
        match size {
            Size::Large if large > small => Fit::Unsure,
            Size::Large if is_large => Fit::Yes,
            Size::Large => Fit::No,
            Size::Small if small > large => Fit::Unsure,
            Size::Small if is_large => Fit::No,
            Size::Small if truncated || area < self.least => Fit::Unsure,
            Size::Small => Fit::Yes,
        }
    }

    /// How well a thing of this area fits the size, from 0 to 1. If there is no gap, or if most things are above it and
    /// large ones are asked for, a thing must differ by a quarter from the median.
    pub fn score(&self, size: Size, area: usize, truncated: bool) -> f32 {
        let usable = self.gap.filter(|gap| match size {
            Size::Large => gap.large <= gap.small,
            Size::Small => true,
        });
        let area = area.max(1) as f32;
        // Ratios to a border, 1 at the border itself.
        let (border, reach) = match (usable, size) {
            (Some(gap), _) => {
                let (below, above) = (gap.below as f32, gap.above as f32);
                ((below * above).sqrt(), (above / below).sqrt())
            }
            (None, Size::Large) => (self.median * 1.25, 1.3),
            (None, Size::Small) => (self.median / 1.25, 1.3),
        };
        let ratio = match size {
            Size::Large => border / area,
            Size::Small => area / border,
        };
        // The distance from the border to either side of the gap is one step.
        let away = if ratio <= 1.0 {
            -(1.0 / ratio - 1.0) / (reach - 1.0)
        } else {
            (ratio - 1.0) / (reach - 1.0)
        };
        let score = score::below(away, -1.0, 1.0);
        if size == Size::Small && truncated && score > 0.5 {
            score::doubted(score)
        } else {
            score
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_agree_with_the_gap() {
        let areas = [100, 105, 120, 300, 310, 40];
        let gap = SizeGap::of(areas.into_iter(), 30);
        for area in areas {
            for size in [Size::Large, Size::Small] {
                let score = gap.score(size, area, false);
                match gap.fit(size, area, false) {
                    Fit::Yes => assert!(score >= 0.5, "{size:?} {area}: {score}"),
                    Fit::No => assert!(score < 0.5, "{size:?} {area}: {score}"),
                    Fit::Unsure => {}
                }
            }
        }
        assert!(gap.score(Size::Large, 310, false) > gap.score(Size::Large, 300, false));
        let even = SizeGap::of([100, 110, 120].into_iter(), 30);
        assert_eq!(even.fit(Size::Large, 120, false), Fit::Unsure);
        assert!(even.score(Size::Large, 120, false) > even.score(Size::Large, 100, false));
    }
}
