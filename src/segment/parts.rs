//! Connected components of a binary map, found by runs: in linear time, with memory proportional to the number of runs.

/// A stretch of equal pixels in one row.
#[derive(Debug, Clone, Copy)]
struct Run {
    /// Index of its first pixel in the map.
    start: usize,
    /// Index after its last column.
    end: usize,
    /// Another run of the same component, or the run itself.
    parent: u32,
}

/// The 4-connected components of the pixels of a map that have one value.
#[derive(Debug)]
pub struct Parts {
    runs: Vec<Run>,
    /// Number of pixels of the component, at its root.
    areas: Vec<usize>,
    /// Whether the component touches the map's edge, at its root.
    at_edge: Vec<bool>,
}

impl Parts {
    /// Finds the components of the pixels of `bits`, `width` wide, that are `value`.
    pub fn of(bits: &[bool], width: usize, value: bool) -> Self {
        let mut runs: Vec<Run> = Vec::new();
        let mut above = 0..0;
        for (y, row) in bits.chunks_exact(width.max(1)).enumerate() {
            let first = runs.len();
            let mut x = 0;
            while let Some(offset) = row[x..].iter().position(|&bit| bit == value) {
                let start = x + offset;
                let length = row[start..].iter().position(|&bit| bit != value);
                x = length.map_or(width, |length| start + length);
                runs.push(Run {
                    start: y * width + start,
                    end: y * width + x,
                    parent: runs.len() as u32,
                });
            }
            join(&mut runs, above, first, width);
            above = first..runs.len();
        }
        let height = bits.len() / width.max(1);
        let mut parts = Self {
            areas: vec![0; runs.len()],
            at_edge: vec![false; runs.len()],
            runs,
        };
        for index in 0..parts.runs.len() {
            let root = find(&mut parts.runs, index as u32) as usize;
            parts.runs[index].parent = root as u32;
            let Run { start, end, .. } = parts.runs[index];
            let (row, left, right) = (start / width, start % width, end - start / width * width);
            parts.areas[root] += end - start;
            parts.at_edge[root] |= row == 0 || row + 1 == height || left == 0 || right == width;
        }
        parts
    }

    /// Number of components.
    pub fn count(&self) -> usize {
        self.areas().count()
    }

    /// Number of pixels of each component.
    pub fn areas(&self) -> impl Iterator<Item = usize> + '_ {
        self.areas.iter().copied().filter(|&area| area > 0)
    }

    /// The component that contains pixel `at` of the map, as ranges of pixel numbers, each within one row; empty if the
    /// pixel does not have the components' value.
    pub fn runs_at(&self, at: usize) -> Vec<std::ops::Range<usize>> {
        let after = self.runs.partition_point(|run| run.start <= at);
        let here = self.runs[..after].last().filter(|run| at < run.end);
        let Some(root) = here.map(|run| run.parent) else {
            return Vec::new();
        };
        let mine = self.runs.iter().filter(|run| run.parent == root);
        mine.map(|run| run.start..run.end).collect()
    }

    /// All components, each as ranges of pixel numbers, each range within one row.
    pub fn runs(&self) -> Vec<Vec<std::ops::Range<usize>>> {
        let mut places = vec![usize::MAX; self.runs.len()];
        let mut all: Vec<Vec<_>> = Vec::new();
        for run in &self.runs {
            let place = &mut places[run.parent as usize];
            if *place == usize::MAX {
                *place = all.len();
                all.push(Vec::new());
            }
            all[*place].push(run.start..run.end);
        }
        all
    }

    /// Flips the pixels of every component for which `chosen(pixels, touches the edge)` is true.
    pub fn flip(&self, bits: &mut [bool], chosen: impl Fn(usize, bool) -> bool) {
        for run in &self.runs {
            let root = run.parent as usize;
            if chosen(self.areas[root], self.at_edge[root]) {
                for bit in &mut bits[run.start..run.end] {
                    *bit = !*bit;
                }
            }
        }
    }
}

/// Joins the runs from `first` on with the 4-connected runs of the row above.
fn join(runs: &mut [Run], above: std::ops::Range<usize>, first: usize, width: usize) {
    let mut upper = above.start;
    for index in first..runs.len() {
        let Run { start, end, .. } = runs[index];
        while upper < above.end && runs[upper].end + width <= start {
            upper += 1;
        }
        let mut meeting = upper;
        while meeting < above.end && runs[meeting].start + width < end {
            let (a, b) = (find(runs, meeting as u32), find(runs, index as u32));
            // The earlier run becomes the root. This keeps the paths short.
            runs[a.max(b) as usize].parent = a.min(b);
            meeting += 1;
        }
    }
}

/// Returns the root of run `index`, and halves the path to it.
fn find(runs: &mut [Run], mut index: u32) -> u32 {
    while runs[index as usize].parent != index {
        let parent = runs[index as usize].parent;
        runs[index as usize].parent = runs[parent as usize].parent;
        index = runs[index as usize].parent;
    }
    index
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bits(rows: &[&str]) -> Vec<bool> {
        rows.iter()
            .flat_map(|row| row.bytes().map(|byte| byte == b'#'))
            .collect()
    }

    #[test]
    fn parts_hang_together_by_sides() {
        let map = bits(&["#.##.", "##..#", "..#..", "#####"]);
        let parts = Parts::of(&map, 5, true);
        assert_eq!(parts.count(), 4);
        let runs = parts.runs();
        assert_eq!(runs.len(), 4);
        assert_eq!(runs[0], [0..1, 5..7]);
        assert_eq!(Parts::of(&map, 5, false).count(), 4);
        assert_eq!(Parts::of(&[], 0, true).count(), 0);
    }

    #[test]
    fn a_part_that_joins_late_is_one() {
        let map = bits(&["#.#.#", "#.#.#", "#.###", "###.."]);
        let parts = Parts::of(&map, 5, true);
        assert_eq!(parts.count(), 1);
        let mut flipped = map.clone();
        parts.flip(&mut flipped, |area, edge| area == 13 && edge);
        assert!(flipped.iter().all(|&bit| !bit), "{flipped:?}");
    }
}
