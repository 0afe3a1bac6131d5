//! The single things of a mask, for files with one feature per thing.

use super::affine::Grid;
use crate::things::region::Region;
use crate::vision::Mask;

/// One thing of a mask, cut out with the pixels around it.
#[derive(Debug, Clone, PartialEq)]
pub struct Cutout {
    /// One more than the number of the object that it is, or 0 where that is not known.
    pub owner: u32,
    /// The thing alone.
    pub mask: Mask,
    /// The probabilities of the same pixels.
    pub probabilities: Vec<u8>,
    /// Where the cut-out lies in the scene.
    pub grid: Grid,
    /// Mean probability inside the mask, 0 to 1.
    pub score: f64,
}

/// The things of a mask over `grid`, in reading order of their owners: all pixels of one owner are one thing, pixels
/// without an owner one thing per connected part. `owner` gives 0 or the owner of the pixel at a column and a row.
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
        // The border runs between a pixel and its neighbours, so these are needed as well.
        let (x0, y0, x1, y1) = region.bounding_box();
        let (x0, y0) = (x0.saturating_sub(1), y0.saturating_sub(1));
        let (x1, y1) = ((x1 + 1).min(width), (y1 + 1).min(height));
        let mut cut = Mask::empty(x1 - x0, y1 - y0);
        let mut sum = 0u64;
        for (x, y) in region.pixels() {
            cut.bits_mut()[(y - y0) * (x1 - x0) + x - x0] = true;
            sum += u64::from(probabilities[y * width + x]);
        }
        let rows = (y0..y1).flat_map(|y| &probabilities[y * width + x0..y * width + x1]);
        let (origin_x, origin_y) = grid.apply(x0 as f64, y0 as f64);
        Some(Cutout {
            owner,
            mask: cut,
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

/// A label for every pixel of the mask, from 1, 0 elsewhere, and the owner of each label.
fn labelled(mask: &Mask, owner: impl Fn(usize, usize) -> u32) -> (Vec<u32>, Vec<u32>) {
    let (width, bits) = (mask.width(), mask.bits());
    let mut labels = vec![0u32; bits.len()];
    let mut owners: Vec<u32> = Vec::new();
    let mut known: Vec<u32> = Vec::new();
    let owner_of = |at: usize| owner(at % width, at / width);
    let mut open = Vec::new();
    for first in 0..bits.len() {
        if !bits[first] || labels[first] != 0 {
            continue;
        }
        let owner = owner_of(first);
        if owner > 0 {
            let place = owner as usize;
            if known.len() <= place {
                known.resize(place + 1, 0);
            }
            if known[place] == 0 {
                owners.push(owner);
                known[place] = owners.len() as u32;
            }
            labels[first] = known[place];
            continue;
        }
        owners.push(0);
        labels[first] = owners.len() as u32;
        open.push(first);
        while let Some(at) = open.pop() {
            let x = at % width;
            let near = [
                (x > 0).then(|| at - 1),
                (x + 1 < width).then_some(at + 1),
                at.checked_sub(width),
                Some(at + width).filter(|&at| at < bits.len()),
            ];
            for next in near.into_iter().flatten() {
                if bits[next] && labels[next] == 0 && owner_of(next) == 0 {
                    labels[next] = labels[first];
                    open.push(next);
                }
            }
        }
    }
    (labels, owners)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn things_are_parted_by_owner_and_the_rest_by_connection() {
        let rows = ["##.##..", "##..#..", ".....##"];
        let bits: Vec<bool> = rows
            .iter()
            .flat_map(|row| row.bytes().map(|byte| byte == b'#'))
            .collect();
        let mask = Mask::new(7, 3, bits.clone());
        let values: Vec<u8> = bits.iter().map(|&bit| if bit { 204 } else { 51 }).collect();
        let found = cutouts(&mask, &values, Grid::SCENE, |x, _| match x {
            0 => 2,
            1 => 1,
            _ => 0,
        });
        let owners: Vec<u32> = found.iter().map(|cut| cut.owner).collect();
        assert_eq!(owners, [2, 1, 0, 0]);
        let areas: Vec<usize> = found
            .iter()
            .map(|cut| cut.mask.bits().iter().filter(|bit| **bit).count())
            .collect();
        assert_eq!(areas, [2, 2, 3, 2]);
        assert!(found.iter().all(|cut| (cut.score - 0.8).abs() < 1e-9));
        let last = &found[3];
        assert_eq!((last.mask.width(), last.mask.height()), (3, 2));
        assert_eq!((last.grid.origin_x, last.grid.origin_y), (4.0, 1.0));
        assert_eq!(last.probabilities, [204, 51, 51, 51, 204, 204]);
    }

    #[test]
    fn an_empty_mask_has_no_things() {
        let mask = Mask::empty(4, 4);
        assert!(cutouts(&mask, &[0; 16], Grid::SCENE, |_, _| 1).is_empty());
    }
}
