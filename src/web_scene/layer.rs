//! Result for one phrase: probabilities as they arrive, the mask made from them, its pictures.

use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::corrections::Corrections;
use super::georeference::WebGeoreference;
use super::plan::WebPlan;
use crate::geo::{Footprint, Grid, GroundArea, things};
use crate::js::to_js;
use crate::segment::{
    Correction, MaskStats, Mosaic, Refine, Tile, TilePlan, heat, hide_no_data, stencil,
};
use crate::vision::Mask;

/// The map of a [`WebPlan`]'s tiles.
#[wasm_bindgen(js_name = MaskLayer)]
pub struct WebLayer {
    plan: TilePlan,
    mosaic: Mosaic,
    /// The mosaic's values; None after a tile was added, until they are requested.
    values: Option<Vec<u8>>,
    /// What the user changed in the mask.
    pub(super) corrections: Corrections,
    /// The mask, corrected.
    mask: Mask,
    /// How `mask` was made, before its correction.
    refine: Refine,
    /// The size of each map pixel on the ground, and the number of the georeference that it comes from.
    measure: Option<(u32, GroundArea)>,
    /// The things that the values belong to, if they were separated.
    pub(super) objects: Option<ObjectMap>,
}

/// A mask's figures.
#[derive(Serialize)]
struct Made {
    #[serde(flatten)]
    stats: MaskStats,
    added: usize,
    removed: usize,
    things: Option<usize>,
}

/// Which object the map's pixels belong to.
pub(super) struct ObjectMap {
    /// `[rows, columns]`: the number of the object plus one, or 0.
    pub(super) labels: Vec<u32>,
    pub(super) columns: usize,
    /// Side in map pixels of the square that a label stands for.
    pub(super) factor: usize,
    /// Name of every object.
    pub(super) nouns: Vec<String>,
    /// Name of everything that belongs to no object, such as specks.
    pub(super) rest: Option<String>,
}

impl ObjectMap {
    /// The number of the object at a map pixel plus one, or 0.
    pub(super) fn owner(&self, x: usize, y: usize) -> u32 {
        let at = y / self.factor * self.columns + x / self.factor;
        self.labels.get(at).copied().unwrap_or(0)
    }

    /// Name of an owner.
    pub(super) fn noun(&self, owner: u32) -> Option<String> {
        match (owner as usize).checked_sub(1) {
            Some(place) => self.nouns.get(place).cloned(),
            None => self.rest.clone(),
        }
    }
}

#[wasm_bindgen(js_class = MaskLayer)]
impl WebLayer {
    /// An empty map for `plan`.
    #[wasm_bindgen(constructor)]
    pub fn new(plan: &WebPlan) -> WebLayer {
        let plan = plan.plan.clone();
        let (width, height) = plan.map_size();
        Self {
            mosaic: Mosaic::new(&plan),
            plan,
            values: None,
            corrections: Corrections::default(),
            mask: Mask::empty(width, height),
            refine: Refine::default(),
            measure: None,
            objects: None,
        }
    }

    /// Returns the probabilities of tile `index`, set to 0 where the scene has no data. `has_data` has a byte, 0 or 1,
    /// for each pixel that the model saw, `width` per row.
    pub fn hide(
        &self,
        index: usize,
        mut probabilities: Vec<u8>,
        has_data: &[u8],
        width: usize,
    ) -> Result<Vec<u8>, JsError> {
        let tile = self.tile(index)?;
        let map = (tile.place.width, tile.place.height);
        if probabilities.len() != map.0 * map.1
            || width == 0
            || !has_data.len().is_multiple_of(width)
        {
            return Err(JsError::new("this is not the tile that the model saw"));
        }
        let has_data: Vec<bool> = has_data.iter().map(|&byte| byte != 0).collect();
        let piece = (width, has_data.len() / width);
        hide_no_data(&mut probabilities, map, &has_data, piece);
        Ok(probabilities)
    }

    /// Adds the probabilities of tile `index`, 0 to 255, row-major.
    pub fn add(&mut self, index: usize, probabilities: &[u8]) -> Result<(), JsError> {
        let tile = self.tile(index)?;
        self.mosaic.add(&tile, probabilities)?;
        self.values = None;
        Ok(())
    }

    /// Sets all probabilities to 0, to be filled by a choice.
    pub fn clear(&mut self) {
        let (width, height) = self.plan.map_size();
        self.values = Some(vec![0; width * height]);
        self.objects = None;
    }

    /// Takes the probabilities of another map of the same plan.
    pub fn copy(&mut self, other: &mut WebLayer) {
        self.values = Some(other.probabilities().to_vec());
        self.objects = None;
    }

    /// Whether the map is complete with an overview alone.
    #[wasm_bindgen(js_name = isEnough)]
    pub fn is_enough(&self) -> bool {
        self.mosaic.is_enough()
    }

    /// Share of the map that tiles have covered, 0 to 1.
    pub fn covered(&self) -> f64 {
        self.mosaic.covered()
    }

    /// Makes the mask and corrects it: `{ area, share, score, parts, added, removed, things }`. Areas are in map
    /// pixels; `added` and `removed` are the areas that the correction changes. `things` is the number of objects in a
    /// corrected mask, plus the parts that the correction added elsewhere, or null if objects were not separated.
    pub fn refine(
        &mut self,
        threshold: f32,
        smooth: usize,
        min_area: usize,
        fill_holes: usize,
    ) -> Result<JsValue, JsError> {
        self.refine = Refine {
            threshold,
            smooth,
            min_area,
            fill_holes,
        };
        let (width, height) = self.plan.map_size();
        let values = self.values.get_or_insert_with(|| self.mosaic.values());
        self.mask = self.refine.apply(values, width, height);
        let (added, removed) = match self.corrections.current() {
            Some(correction) => correction.apply(&mut self.mask, values),
            None => (0, 0),
        };
        let corrected = self.corrections.current().zip(self.objects.as_ref());
        let count = |(correction, objects): (&Correction, &ObjectMap)| {
            let owner = |x: usize, y: usize| objects.owner(x, y);
            things(&self.mask, owner, |x, y| correction.adds(x, y))
        };
        Ok(to_js(&Made {
            stats: MaskStats::of(&self.mask, values),
            added,
            removed,
            things: corrected.map(count),
        })?)
    }

    /// The mask, 0 or 255 per map pixel.
    #[wasm_bindgen(js_name = mask)]
    pub fn mask_bytes(&self) -> Vec<u8> {
        let byte = |&bit: &bool| if bit { 255 } else { 0 };
        self.mask.bits().iter().map(byte).collect()
    }

    /// The probabilities, 0 to 255 per map pixel.
    pub fn probability(&mut self) -> Vec<u8> {
        self.probabilities().to_vec()
    }

    /// A picture of the map's size, RGBA: "mask" is white on transparent, "heat" is opaque.
    pub fn rgba(&mut self, kind: &str) -> Result<Vec<u8>, JsError> {
        match kind {
            "mask" => Ok(stencil(&self.mask)),
            "heat" => Ok(heat(self.probabilities())),
            other => Err(JsError::new(&format!("there is no picture {other:?}"))),
        }
    }

    /// The mask's area on the ground in square metres, if the georeference determines it.
    pub fn area(&mut self, georeference: &WebGeoreference) -> Option<f64> {
        let (width, height) = self.plan.map_size();
        let grid = self.grid();
        if self.measure.as_ref().map(|(number, _)| *number) != Some(georeference.number) {
            let ground = GroundArea::new(&georeference.inner, grid, width, height)?;
            self.measure = Some((georeference.number, ground));
        }
        let (_, ground) = self.measure.as_ref()?;
        let values = self.values.get_or_insert_with(|| self.mosaic.values());
        ground.of(&Footprint::refined(&self.mask, grid, values, &self.refine))
    }
}

impl WebLayer {
    fn tile(&self, index: usize) -> Result<Tile, JsError> {
        let tile = self.plan.tile(index);
        tile.ok_or_else(|| JsError::new("there is no such tile"))
    }

    /// The mask, how it was made, the probabilities behind it, and the objects if they were separated. The
    /// probabilities are empty until [`Self::probabilities`] is called.
    pub(super) fn parts(&self) -> (&Mask, Refine, &[u8], Option<&ObjectMap>) {
        let values = self.values.as_deref().unwrap_or(&[]);
        (&self.mask, self.refine, values, self.objects.as_ref())
    }

    /// The mask that [`Self::refine`] made last, and its settings.
    pub(super) fn mask(&self) -> (&Mask, Refine) {
        (&self.mask, self.refine)
    }

    pub(super) fn probabilities(&mut self) -> &[u8] {
        self.values.get_or_insert_with(|| self.mosaic.values())
    }

    /// The probabilities, to be changed in place.
    pub(super) fn values_mut(&mut self) -> &mut [u8] {
        self.values.get_or_insert_with(|| self.mosaic.values())
    }

    /// From map pixels to scene pixels.
    pub(super) fn grid(&self) -> Grid {
        let (origin_x, origin_y) = self.plan.origin();
        let (step_x, step_y) = self.plan.step();
        Grid {
            origin_x,
            origin_y,
            step_x,
            step_y,
        }
    }
}
