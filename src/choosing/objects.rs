//! The objects in a probability map.

use crate::sorting::{places_by, sort_by_key};
use crate::things::region::Region;

use super::flood;
use super::fragments::grow;
use super::options::ObjectOptions;

/// Maximum number of objects that are kept per map. The largest are kept.
pub const MOST_OBJECTS: usize = 4096;

/// Maximum number of pixels in the boxes of all kept objects. Bounds the memory if many large boxes overlap.
const MOST_BOX_PIXELS: usize = 1 << 26;

/// Something found in a map.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// The pixels that reach the threshold.
    pub region: Region,
    /// Mean probability of its pixels, from 0 to 1.
    pub score: f32,
    /// Whether the edge of the target cuts it off.
    pub truncated: bool,
    /// Number of its pixels.
    pub area: usize,
}

/// Everything found in a map.
#[derive(Debug, Clone, PartialEq)]
pub struct Objects {
    /// Width of the map in pixels.
    pub width: usize,
    /// Height of the map in pixels.
    pub height: usize,
    /// In reading order of their first pixels.
    pub candidates: Vec<Candidate>,
    /// `[height, width]`: the number of the pixel's candidate plus one, or 0; low values around a candidate are
    /// included.
    pub labels: Vec<u32>,
    /// The highest value of the map.
    pub peak: u8,
    /// Whether some objects were dropped.
    pub cut: bool,
}

/// Finds the objects in a map of bytes `[height, width]`, where 255 is certain. If they are `countable`, touching
/// objects are split. Time and memory are bounded: if there are more than [`MOST_OBJECTS`], the largest are kept.
pub fn objects(map: &[u8], width: usize, countable: bool, options: &ObjectOptions) -> Objects {
    let width = width.max(1);
    let height = map.len() / width;
    let map = &map[..width * height];
    let split = countable.then_some(options.split);
    let (mut labels, count) = flood::label(map, width, options.threshold, split);
    let mut areas = areas_of(&labels, count);
    let parents = grow(&mut labels, map, width, countable, options, &areas);
    let root = |label: u32| parents[label as usize];
    for label in 1..=count {
        let to = root(label as u32) as usize;
        if to != label {
            areas[to] += areas[label];
            areas[label] = 0;
        }
    }
    let (kept, cut) = keep(&areas, options);
    let mut numbers = vec![0u32; count + 1];
    for (place, &label) in kept.iter().enumerate() {
        numbers[label] = place as u32 + 1;
    }
    for label in &mut labels {
        *label = numbers[root(*label) as usize];
    }
    build(map, labels, width, kept.len(), cut, options.threshold)
}

/// Number of pixels per label, `[count + 1]`.
fn areas_of(labels: &[u32], count: usize) -> Vec<usize> {
    let mut areas = vec![0usize; count + 1];
    labels.iter().for_each(|&label| areas[label as usize] += 1);
    areas[0] = 0;
    areas
}

/// The labels that are kept, ascending, and whether there were too many. Specks are dropped. If there are too many
/// objects, only the largest are kept.
fn keep(areas: &[usize], options: &ObjectOptions) -> (Vec<usize>, bool) {
    let mut sizes: Vec<usize> = areas
        .iter()
        .copied()
        .filter(|&area| area >= options.least)
        .collect();
    let quartile = sizes.len() * 3 / 4;
    let typical = if sizes.is_empty() {
        0
    } else {
        *sizes.select_nth_unstable(quartile).1
    };
    let least = options
        .least
        .max((typical as f32 * options.least_share) as usize)
        .max(1);
    let mut kept: Vec<usize> = (1..areas.len())
        .filter(|&label| areas[label] >= least)
        .collect();
    let cut = kept.len() > MOST_OBJECTS;
    if cut {
        sort_by_key(&mut kept, |&label| std::cmp::Reverse(areas[label]));
        kept.truncate(MOST_OBJECTS);
        kept.sort_unstable();
    }
    (kept, cut)
}

/// Measures the labelled objects. Those whose boxes would take too much memory are omitted, the smallest first.
fn build(
    map: &[u8],
    mut labels: Vec<u32>,
    width: usize,
    count: usize,
    mut cut: bool,
    threshold: u8,
) -> Objects {
    let height = map.len() / width;
    let sure = |at: usize| map[at] >= threshold.max(1);
    let mut boxes = vec![(usize::MAX, usize::MAX, 0usize, 0usize, 0usize, 0u64); count];
    for (at, &label) in labels
        .iter()
        .enumerate()
        .filter(|(at, label)| **label > 0 && sure(*at))
    {
        let (x, y) = (at % width, at / width);
        let found = &mut boxes[label as usize - 1];
        *found = (
            found.0.min(x),
            found.1.min(y),
            found.2.max(x + 1),
            found.3.max(y + 1),
            found.4 + 1,
            found.5 + u64::from(map[at]),
        );
    }
    let by_area = places_by(count, &|one, other| boxes[other].4.cmp(&boxes[one].4));
    let mut numbers = vec![0u32; count + 1];
    let mut left = MOST_BOX_PIXELS;
    for place in by_area {
        let (x0, y0, x1, y1, ..) = boxes[place];
        let size = (x1 - x0) * (y1 - y0);
        if size <= left {
            left -= size;
            numbers[place + 1] = 1;
        } else {
            cut = true;
        }
    }
    let mut candidates = Vec::new();
    for (place, &(x0, y0, x1, y1, area, sum)) in boxes.iter().enumerate() {
        if numbers[place + 1] == 0 {
            continue;
        }
        let mut bits = Vec::with_capacity((x1 - x0) * (y1 - y0));
        for y in y0..y1 {
            bits.extend(
                (y * width + x0..y * width + x1)
                    .map(|at| labels[at] as usize == place + 1 && sure(at)),
            );
        }
        if let Some(region) = Region::from_bitmap(x0, y0, x1 - x0, &bits) {
            candidates.push(Candidate {
                region,
                score: (sum as f64 / (area as f64 * 255.0)) as f32,
                truncated: x0 == 0 || y0 == 0 || x1 == width || y1 == height,
                area,
            });
            numbers[place + 1] = candidates.len() as u32;
        }
    }
    labels
        .iter_mut()
        .for_each(|label| *label = numbers[*label as usize]);
    Objects {
        width,
        height,
        candidates,
        labels,
        peak: map.iter().copied().max().unwrap_or(0),
        cut,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(boxes: &[(usize, usize, usize, usize, u8)]) -> Vec<u8> {
        let mut map = vec![0u8; 100 * 80];
        for &(x0, y0, width, height, value) in boxes {
            for y in y0..y0 + height {
                map[y * 100 + x0..y * 100 + x0 + width].fill(value);
            }
        }
        map
    }

    #[test]
    fn things_are_found_and_specks_go() {
        let map = map(&[
            (0, 5, 20, 20, 255),
            (40, 40, 20, 10, 204),
            (70, 70, 1, 1, 255),
        ]);
        let found = objects(&map, 100, true, &ObjectOptions::default());
        assert_eq!(found.candidates.len(), 2);
        let (first, second) = (&found.candidates[0], &found.candidates[1]);
        assert_eq!((first.area, second.area), (400, 200));
        assert!(first.truncated && !second.truncated && !found.cut);
        assert!((second.score - 0.8).abs() < 1e-6);
        assert_eq!(found.labels[45 * 100 + 45], 2);
    }

    #[test]
    fn low_values_join_fragments_and_keep_two_roofs_apart() {
        let bridged = map(&[
            (10, 10, 20, 20, 255),
            (30, 18, 3, 3, 90),
            (33, 18, 3, 3, 255),
        ]);
        let found = objects(&bridged, 100, true, &ObjectOptions::default());
        assert_eq!(found.candidates.len(), 1);
        assert_eq!(found.candidates[0].area, 409);
        let two = map(&[
            (10, 10, 20, 20, 255),
            (30, 10, 3, 20, 90),
            (33, 10, 20, 20, 255),
        ]);
        assert_eq!(
            objects(&two, 100, true, &ObjectOptions::default())
                .candidates
                .len(),
            2
        );
        assert_eq!(
            objects(&two, 100, false, &ObjectOptions::default())
                .candidates
                .len(),
            1
        );
    }

    /// Houses that low values connect. Each house is a fragment of the hall at the end of the row, or of something that
    /// the hall has absorbed.
    #[test]
    fn a_large_thing_does_not_swallow_its_neighbours_neighbours() {
        let mut boxes = vec![(0, 20, 100, 6, 90), (0, 10, 30, 26, 255)];
        boxes.extend((0..6).map(|house| (33 + 11 * house, 20, 6, 6, 255)));
        let found = objects(&map(&boxes), 100, true, &ObjectOptions::default());
        assert_eq!(
            found.candidates.len(),
            6,
            "the hall and all houses but the nearest"
        );
        assert_eq!(found.candidates[0].area, 30 * 26 + 36);
    }

    #[test]
    fn of_too_many_the_largest_are_kept() {
        let side = 1000;
        let bit = |at: usize| {
            let (x, y) = (at % side, at / side);
            let wide = if (x / 10 + y / 10) % 7 == 0 { 6 } else { 3 };
            if x % 10 < wide && y % 10 < 3 { 255 } else { 0 }
        };
        let map: Vec<u8> = (0..side * side).map(bit).collect();
        let found = objects(&map, side, true, &ObjectOptions::default());
        assert!(found.cut && found.candidates.len() == MOST_OBJECTS);
        assert!(found.candidates.iter().filter(|one| one.area == 18).count() > 1400);
    }
}
