//! Several sources of samples in whole-number proportions.

use super::sample::{Sample, SampleSource};

/// Draws from the sources in turn; each one is read in its own order without gaps.
pub struct SampleMix {
    sources: Vec<Box<dyn SampleSource>>,
    /// The source at each place in a cycle.
    cycle: Vec<usize>,
}

impl SampleMix {
    /// Mixes sources by their shares of a cycle: 3 and 1 give three draws from the first for each draw from the
    /// second. Returns `None` if no source has a share.
    pub fn new(parts: Vec<(Box<dyn SampleSource>, usize)>) -> Option<Self> {
        let (sources, shares): (Vec<_>, Vec<_>) = parts.into_iter().unzip();
        let total: usize = shares.iter().sum();
        // Each place goes to the source that is furthest behind its share.
        let mut given = vec![0usize; shares.len()];
        let mut cycle = Vec::with_capacity(total);
        for place in 1..=total {
            let behind =
                |source: &usize| (shares[*source] * place) as i64 - (given[*source] * total) as i64;
            let next = (0..shares.len())
                .filter(|source| given[*source] < shares[*source])
                .max_by_key(|source| (behind(source), std::cmp::Reverse(*source)))?;
            given[next] += 1;
            cycle.push(next);
        }
        (!cycle.is_empty()).then_some(Self { sources, cycle })
    }

    /// The source of the samples at `index`, and that source's own index for them.
    pub fn place(&self, index: u64) -> (usize, u64) {
        let length = self.cycle.len() as u64;
        let (turn, place) = (index / length, (index % length) as usize);
        let source = self.cycle[place];
        let of = |places: &[usize]| places.iter().filter(|at| **at == source).count() as u64;
        (source, turn * of(&self.cycle) + of(&self.cycle[..place]))
    }
}

impl SampleSource for SampleMix {
    fn samples(&self, index: u64, count: usize) -> anyhow::Result<Vec<Sample>> {
        let (source, own) = self.place(index);
        self.sources[source].samples(own, count)
    }

    fn records(&self) -> Option<usize> {
        // An epoch ends when every source with records has been read once.
        let epochs = self
            .sources
            .iter()
            .enumerate()
            .filter_map(|(index, source)| {
                let share = self.cycle.iter().filter(|at| **at == index).count();
                let turns = source.records()?.checked_div(share)?;
                let rest = source.records()? % share;
                Some((turns + usize::from(rest > 0)) * self.cycle.len())
            });
        epochs.max()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vision::{Mask, RgbImage};

    struct Count(usize);

    impl SampleSource for Count {
        fn samples(&self, index: u64, _: usize) -> anyhow::Result<Vec<Sample>> {
            Ok(vec![Sample {
                image: RgbImage::filled(1, 1, [0; 3]),
                phrase: format!("{}:{index}", self.0),
                mask: Mask::empty(1, 1),
                known: None,
                absent: false,
                kind: None,
                category: None,
                source: String::new(),
                truth: None,
            }])
        }

        fn records(&self) -> Option<usize> {
            Some(self.0)
        }
    }

    #[test]
    fn proportions_are_exact_and_no_record_is_skipped() {
        let parts = [(10, 3), (20, 1), (30, 0)];
        let parts =
            parts.map(|(name, share)| (Box::new(Count(name)) as Box<dyn SampleSource>, share));
        let mix = SampleMix::new(parts.into()).expect("shares");
        let drawn: Vec<String> = (0..8)
            .map(|index| mix.samples(index, 1).expect("a sample")[0].phrase.clone())
            .collect();
        for (name, wanted) in [("10", 6), ("20", 2), ("30", 0)] {
            let own: Vec<String> = drawn
                .iter()
                .filter(|phrase| phrase.starts_with(name))
                .cloned()
                .collect();
            let places: Vec<String> = (0..wanted).map(|index| format!("{name}:{index}")).collect();
            assert_eq!(own, places);
        }
        // Twenty of the second need twenty cycles of four.
        assert_eq!(mix.records(), Some(80));
        assert!(SampleMix::new(Vec::new()).is_none());
    }
}
