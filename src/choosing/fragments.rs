//! Which parts of a map are fragments of another part.

use super::flood::neighbours;
use super::options::ObjectOptions;

/// Labels the low pixels that are connected to a label, highest values first, and returns the label that each label is
/// joined to: for countable things, fragments join the part that they meet there; otherwise all connected parts join.
pub(super) fn grow(
    labels: &mut [u32],
    map: &[u8],
    width: usize,
    countable: bool,
    options: &ObjectOptions,
    areas: &[usize],
) -> Vec<u32> {
    let mut parents: Vec<u32> = (0..areas.len() as u32).collect();
    let threshold = options.threshold;
    let is_low = |at: usize| map[at] < threshold && map[at] >= options.low.max(1);
    let mut levels: Vec<Vec<(u32, u32)>> = vec![Vec::new(); usize::from(threshold) + 1];
    for at in 0..map.len() {
        if labels[at] != 0 {
            for (near, _) in neighbours(at, width, map.len()) {
                if labels[near] == 0 && is_low(near) {
                    levels[usize::from(map[near])].push((near as u32, labels[at]));
                }
            }
        }
    }
    for level in (0..levels.len()).rev() {
        while let Some((at, label)) = levels[level].pop() {
            let at = at as usize;
            if labels[at] != 0 {
                continue;
            }
            labels[at] = label;
            for (near, _) in neighbours(at, width, map.len()) {
                if labels[near] == 0 && is_low(near) {
                    let next = usize::from(map[near]).min(level);
                    levels[next].push((near as u32, label));
                } else if labels[near] != 0 {
                    join(
                        &mut parents,
                        areas,
                        [label, labels[near]],
                        countable,
                        options,
                    );
                }
            }
        }
    }
    (0..parents.len() as u32)
        .map(|label| find(&parents, label))
        .collect()
}

/// Joins two labels that meet. For countable things the smaller one must be a fragment of the larger one, judged by
/// their original areas. If absorbed area counted as well, a large object would absorb all houses of a town one by one.
fn join(
    parents: &mut [u32],
    areas: &[usize],
    pair: [u32; 2],
    countable: bool,
    options: &ObjectOptions,
) {
    if countable {
        let [small, large] = match areas[pair[0] as usize] <= areas[pair[1] as usize] {
            true => pair,
            false => [pair[1], pair[0]],
        };
        let share = areas[small as usize] as f32 / areas[large as usize].max(1) as f32;
        if share < options.fragment && parents[small as usize] == small {
            parents[small as usize] = large;
        }
        return;
    }
    let [one, other] = pair.map(|label| find(parents, label));
    parents[one.max(other) as usize] = one.min(other);
}

fn find(parents: &[u32], mut label: u32) -> u32 {
    while parents[label as usize] != label {
        label = parents[label as usize];
    }
    label
}
