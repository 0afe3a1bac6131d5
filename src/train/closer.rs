//! Closer looks at validation samples, as front ends take them.

use super::validation::Answering;
use crate::learn::Example;
use crate::segment::{Coverage, Mosaic, ProbabilityMap, TilePlan, Wanted};

impl Answering<'_> {
    /// Replaces the maps of examples whose overview shows small things. The scale is unknown, so [`Coverage`] chooses
    /// by the image's size. An image that front ends would process in tiles keeps its map, and so does a whole phrase,
    /// whose `names` is false: in a part of the image it would mean something else.
    ///
    /// # Errors
    /// Fails if the device fails.
    pub(super) fn look_closer(
        &self,
        examples: &[Example<'_>],
        names: &[bool],
        maps: Vec<ProbabilityMap>,
    ) -> anyhow::Result<Vec<ProbabilityMap>> {
        let looks = examples.iter().zip(names).zip(maps);
        let looks = looks.map(|((example, &names), map)| match self.plan(example)? {
            Some(plan) if names => self.closer_map(example, map, &plan),
            _ => Ok(map),
        });
        looks.collect()
    }

    fn plan(&self, example: &Example<'_>) -> anyhow::Result<Option<TilePlan>> {
        let size = (example.image.width(), example.image.height());
        let coverage = Coverage::choose(size, &Wanted::default(), None, self.side)?;
        let is_closer = matches!(coverage, Coverage::Closer(_));
        Ok(is_closer.then(|| coverage.plan(size)).transpose()?)
    }

    fn closer_map(
        &self,
        example: &Example<'_>,
        overview: ProbabilityMap,
        plan: &TilePlan,
    ) -> anyhow::Result<ProbabilityMap> {
        let (width, height) = plan.map_size();
        let mut mosaic = Mosaic::new(plan);
        let mut tiles = plan.tiles();
        if let Some(first) = tiles.next() {
            mosaic.add(&first, &overview.to_bytes(width, height))?;
        }
        if mosaic.is_enough() {
            return Ok(overview);
        }
        let tiles: Vec<_> = tiles.collect();
        let images: Vec<_> = tiles
            .iter()
            .map(|tile| example.image.part(&tile.source))
            .collect();
        let parts = images.iter().map(|image| Example { image, ..*example });
        for (tile, map) in tiles.iter().zip(self.maps(parts.collect())?) {
            mosaic.add(tile, &map.to_bytes(tile.place.width, tile.place.height))?;
        }
        Ok(ProbabilityMap::from_bytes(width, height, &mosaic.values()))
    }
}
