//! Connected components of a label map.

use std::collections::VecDeque;

use super::region::Region;

/// The 8-connected components of the pixels for which `belongs` is true, in reading order of their first pixels.
/// `labels` is row-major, `width` wide.
pub fn connected_regions(labels: &[u8], width: usize, belongs: impl Fn(u8) -> bool) -> Vec<Region> {
    let width = width.max(1);
    let height = labels.len() / width;
    let mut seen = vec![false; width * height];
    let mut regions = Vec::new();
    let mut queue = VecDeque::new();
    for start in 0..width * height {
        if seen[start] || !belongs(labels[start]) {
            continue;
        }
        seen[start] = true;
        queue.push_back(start);
        let mut members = Vec::new();
        while let Some(at) = queue.pop_front() {
            members.push(at);
            let (x, y) = (at % width, at / width);
            for ny in y.saturating_sub(1)..=(y + 1).min(height - 1) {
                for nx in x.saturating_sub(1)..=(x + 1).min(width - 1) {
                    let next = ny * width + nx;
                    if !seen[next] && belongs(labels[next]) {
                        seen[next] = true;
                        queue.push_back(next);
                    }
                }
            }
        }
        let left = members.iter().map(|at| at % width).min().unwrap_or(0);
        let right = members.iter().map(|at| at % width).max().unwrap_or(0);
        let top = members.iter().map(|at| at / width).min().unwrap_or(0);
        let bottom = members.iter().map(|at| at / width).max().unwrap_or(0);
        let columns = right + 1 - left;
        let mut bits = vec![false; columns * (bottom + 1 - top)];
        for at in members {
            bits[(at / width - top) * columns + at % width - left] = true;
        }
        regions.extend(Region::from_bitmap(left, top, columns, &bits));
    }
    regions
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn corners_hang_together() {
        let labels = [1, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 1];
        let regions = connected_regions(&labels, 4, |label| label == 1);
        let areas: Vec<usize> = regions.iter().map(Region::area).collect();
        assert_eq!(areas, vec![2, 1, 1]);
        assert_eq!(regions[0].bounding_box(), (0, 0, 2, 2));
    }
}
