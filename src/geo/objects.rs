//! The individual things in a mask, for files with one feature per thing.

use std::collections::VecDeque;

use super::affine::Grid;
use crate::things::region::Region;
use crate::things::spread::spread;
use crate::vision::Mask;

/// One thing of a mask, cut out together with the pixels around it.
#[derive(Debug, Clone, PartialEq)]
pub struct Cutout {
    /// The number of its object plus one, or 0 if the object is unknown.
    pub owner: u32,
    /// The thing alone.
    pub mask: Mask,
    /// The other things in the same pixels.
    pub others: Mask,
    /// The probabilities of the same pixels.
    pub probabilities: Vec<u8>,
    /// Where the cutout is in the scene.
    pub grid: Grid,
    /// Mean probability inside the mask, 0 to 1.
    pub score: f64,
}

/// The things in a mask over `grid`, in reading order of their owners. All pixels of one owner are one thing. A pixel
/// without an owner belongs to the nearest thing that it is connected to; if there is none, each 4-connected component
/// is a thing. `owner` returns the owner of the pixel at a column and row, or 0.
pub fn cutouts(
    mask: &Mask,
    probabilities: &[u8],
    grid: Grid,
    owner: impl Fn(usize, usize) -> u32,
) -> Vec<Cutout> {
    let (width, height) = (mask.width(), mask.height());
    let (labels, owners) = labelled(mask, owner);
    let regions = Region::of_owners(&labels, width, owners.len());
    let cut = |(owner, region): (u32, Option<Region>)| {
        let region = region?;
        // The border runs between a pixel and its neighbours, so the neighbours are included.
        let (x0, y0, x1, y1) = region.bounding_box();
        let (x0, y0) = (x0.saturating_sub(1), y0.saturating_sub(1));
        let (x1, y1) = ((x1 + 1).min(width), (y1 + 1).min(height));
        let mut cut = Mask::empty(x1 - x0, y1 - y0);
        let bits = (y0..y1).flat_map(|y| &mask.bits()[y * width + x0..y * width + x1]);
        let mut others = Mask::new(x1 - x0, y1 - y0, bits.copied().collect());
        let mut sum = 0u64;
        for (x, y) in region.pixels() {
            let at = (y - y0) * (x1 - x0) + x - x0;
            cut.bits_mut()[at] = true;
            others.bits_mut()[at] = false;
            sum += u64::from(probabilities[y * width + x]);
        }
        let rows = (y0..y1).flat_map(|y| &probabilities[y * width + x0..y * width + x1]);
        let (origin_x, origin_y) = grid.apply(x0 as f64, y0 as f64);
        Some(Cutout {
            owner,
            mask: cut,
            others,
            probabilities: rows.copied().collect(),
            grid: Grid {
                origin_x,
                origin_y,
                ..grid
            },
            score: sum as f64 / (255.0 * region.area() as f64),
        })
    };
    owners.into_iter().zip(regions).filter_map(cut).collect()
}

/// The number of things in a mask, as [`cutouts`] separates them. A thing without an owner counts only if it has a
/// pixel at whose column and row `counts` is true: smaller ones are specks.
pub fn things(
    mask: &Mask,
    owner: impl Fn(usize, usize) -> u32,
    counts: impl Fn(usize, usize) -> bool,
) -> usize {
    let (labels, owners) = labelled(mask, owner);
    let width = mask.width();
    let mut counted: Vec<bool> = owners.iter().map(|&owner| owner != 0).collect();
    for (at, &label) in labels.iter().enumerate() {
        if let Some(place) = (label as usize).checked_sub(1) {
            counted[place] = counted[place] || counts(at % width, at / width);
        }
    }
    counted.into_iter().filter(|&counted| counted).count()
}

/// Labels every pixel of the mask with a number from 1 on, and all other pixels with 0. Also returns the owner of each
/// label.
fn labelled(mask: &Mask, owner: impl Fn(usize, usize) -> u32) -> (Vec<u32>, Vec<u32>) {
    let (width, bits) = (mask.width(), mask.bits());
    let mut labels = vec![0u32; bits.len()];
    let mut owners: Vec<u32> = Vec::new();
    let mut known: Vec<u32> = Vec::new();
    let mut border = VecDeque::new();
    for at in (0..bits.len()).filter(|&at| bits[at]) {
        let owner = owner(at % width, at / width);
        if owner == 0 {
            continue;
        }
        let place = owner as usize;
        if known.len() <= place {
            known.resize(place + 1, 0);
        }
        if known[place] == 0 {
            owners.push(owner);
            known[place] = owners.len() as u32;
        }
        labels[at] = known[place];
        border.push_back(at);
    }
    spread(&mut labels, width, &mut border, |at| bits[at]);
    for first in 0..bits.len() {
        if bits[first] && labels[first] == 0 {
            owners.push(0);
            labels[first] = owners.len() as u32;
            border.push_back(first);
            spread(&mut labels, width, &mut border, |at| bits[at]);
        }
    }
    (labels, owners)
}

#[cfg(test)]
mod tests {
    use ::geo::{Area, Validation};
    use rand::{RngExt, SeedableRng};
    use rand_chacha::ChaCha8Rng;

    use super::*;
    use crate::geo::{Footprint, polygons};
    use crate::segment::Refine;

    #[test]
    fn things_are_parted_by_owner_and_the_rest_by_connection() {
        let rows = ["##.##..", "##..#..", ".....##"];
        let bits: Vec<bool> = rows
            .iter()
            .flat_map(|row| row.bytes().map(|byte| byte == b'#'))
            .collect();
        let mask = Mask::new(7, 3, bits.clone());
        let values: Vec<u8> = bits.iter().map(|&bit| if bit { 204 } else { 51 }).collect();
        let owner = |x, y| match (x, y) {
            (0, 0) => 2,
            (1, 1) => 1,
            _ => 0,
        };
        let found = cutouts(&mask, &values, Grid::SCENE, owner);
        let owners: Vec<u32> = found.iter().map(|cut| cut.owner).collect();
        assert_eq!(owners, [2, 1, 0, 0]);
        assert_eq!(things(&mask, owner, |_, _| true), 4);
        assert_eq!(things(&mask, owner, |_, _| false), 2);
        assert_eq!(things(&mask, owner, |x, y| (x, y) == (6, 2)), 3);
        let areas: Vec<usize> = found.iter().map(|cut| cut.mask.area()).collect();
        assert_eq!(areas, [3, 1, 3, 2]);
        assert!(found.iter().all(|cut| (cut.score - 0.8).abs() < 1e-9));
        let last = &found[3];
        assert_eq!((last.mask.width(), last.mask.height()), (3, 2));
        assert_eq!((last.grid.origin_x, last.grid.origin_y), (4.0, 1.0));
        assert_eq!(last.probabilities, [204, 51, 51, 51, 204, 204]);
        assert_eq!(
            last.others.bits(),
            [true, false, false, false, false, false]
        );
    }

    #[test]
    fn things_that_touch_cover_together_what_the_mask_covers() {
        let mut rng = ChaCha8Rng::seed_from_u64(4);
        for case in 0..400 {
            let (width, height) = (9, 7);
            let values: Vec<u8> = (0..width * height)
                .map(|_| {
                    if case % 2 == 0 {
                        rng.random()
                    } else {
                        rng.random_range(100..200)
                    }
                })
                .collect();
            let refine = Refine::default();
            let mask = refine.apply(&values, width, height);
            let owners: Vec<u32> = (0..width * height)
                .map(|_| rng.random_range(0..4))
                .collect();
            let things = cutouts(&mask, &values, Grid::SCENE, |x, y| owners[y * width + x]);
            let whole = polygons(&Footprint::refined(&mask, Grid::SCENE, &values, &refine));
            let mut sum = 0.0;
            for thing in &things {
                let footprint =
                    Footprint::refined(&thing.mask, thing.grid, &thing.probabilities, &refine);
                let found = polygons(&footprint.beside(&thing.others));
                found
                    .check_validation()
                    .unwrap_or_else(|fault| panic!("case {case}: {fault}"));
                sum += found.unsigned_area();
            }
            // Pixels of one thing that touch only by a corner are kept slightly apart.
            assert!(
                (sum / whole.unsigned_area() - 1.0).abs() < 0.005,
                "case {case}: {sum} of {}",
                whole.unsigned_area()
            );
        }
    }

    #[test]
    fn an_empty_mask_has_no_things() {
        let mask = Mask::empty(4, 4);
        assert!(cutouts(&mask, &[0; 16], Grid::SCENE, |_, _| 1).is_empty());
    }
}
