//! The objects that a phrase selects from, as the page draws and lists them.

use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::choice::WebChoice;
use super::layer::WebLayer;
use crate::geo::{Cutout, Footprint, Grid, cutouts, polygons};
use crate::js::to_js;
use crate::sorting::sort_by_key;
use crate::things::region::Region;
use crate::vision::Mask;

/// Maximum number of objects whose outlines are passed to the page: those in the mask first, then the largest.
const MOST_OUTLINES: usize = 500;

/// An object as the page draws and lists it; lengths are scene pixels, the area map pixels.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Shown {
    /// Its number among all objects, from 0.
    place: usize,
    noun: String,
    chosen: bool,
    near: bool,
    /// Whether only a correction put it into the mask, so that it cannot be chosen.
    added: bool,
    score: f32,
    area: usize,
    centre: [f64; 2],
    rings: Vec<Vec<f64>>,
}

/// An object before it is outlined.
struct Found {
    place: usize,
    chosen: bool,
    /// Map pixels.
    area: usize,
    /// The object's part in a corrected mask.
    thing: Option<Cutout>,
}

#[derive(Serialize)]
struct Outlines {
    objects: Vec<Shown>,
    /// Rings of the anchors, the objects that the phrase refers to.
    anchors: Vec<Vec<Vec<f64>>>,
    /// Whether there are more objects than these.
    cut: bool,
}

#[wasm_bindgen(js_class = Choice)]
impl WebChoice {
    /// `{ objects: [{ place, noun, chosen, near, added, score, area, centre, rings }], anchors, cut }`, where a ring is
    /// `[x, y, x, y, ...]` in scene pixels. `target` is the layer in which this choice was marked. If the mask is
    /// corrected, the outlines of objects follow the mask, and erased objects are omitted.
    pub fn outlines(&self, target: &mut WebLayer) -> Result<JsValue, JsError> {
        let mut found = match target.corrections.current() {
            Some(_) if !self.execution.is_complement() => self.corrected(target),
            _ => self.uncorrected(),
        };
        sort_by_key(&mut found, |one| (!one.chosen, std::cmp::Reverse(one.area)));
        let cut = found.len() > MOST_OUTLINES;
        found.truncate(MOST_OUTLINES);
        sort_by_key(&mut found, |one| one.place);
        let nouns = self.execution.nouns();
        let shown = found.iter().map(|one| self.shown(one, &nouns));
        let anchors = self.execution.chosen().anchors.iter().take(MOST_OUTLINES);
        Ok(to_js(&Outlines {
            objects: shown.collect(),
            anchors: anchors.map(|region| self.rings(region)).collect(),
            cut,
        })?)
    }
}

impl WebChoice {
    /// The objects as they were found.
    fn uncorrected(&self) -> Vec<Found> {
        let squares = self.execution.factor() * self.execution.factor();
        let picked = self.execution.picked();
        let objects = self.execution.chosen().objects.iter().enumerate();
        objects
            .map(|(place, object)| Found {
                place,
                chosen: picked.binary_search(&place).is_ok(),
                area: object.area * squares,
                thing: None,
            })
            .collect()
    }

    /// The objects in a corrected mask, those that can still be chosen, and the parts that the correction added.
    fn corrected(&self, target: &mut WebLayer) -> Vec<Found> {
        let grid = target.grid();
        target.probabilities();
        let (mask, _, values, objects) = target.parts();
        let owner = |x: usize, y: usize| objects.map_or(0, |objects| objects.owner(x, y));
        let mut found = self.uncorrected();
        let count = found.len();
        // An object that was chosen but is not in the mask was erased.
        found.retain(|one| !one.chosen);
        let mut added = 0;
        for thing in cutouts(mask, values, grid, owner) {
            let place = match (thing.owner as usize).checked_sub(1) {
                Some(place) => place,
                None if is_added(target, &thing) => {
                    added += 1;
                    count + added - 1
                }
                None => continue,
            };
            found.retain(|one| one.place != place);
            found.push(Found {
                place,
                chosen: true,
                area: thing.mask.area(),
                thing: Some(thing),
            });
        }
        found
    }

    fn shown(&self, one: &Found, nouns: &[String]) -> Shown {
        let chosen = self.execution.chosen();
        let object = chosen.objects.get(one.place);
        let noun = nouns.get(one.place).cloned();
        let (centre, rings, score) = match (&one.thing, object) {
            (Some(thing), _) => {
                let footprint = Footprint::new(&thing.mask, thing.grid);
                let (x, y) = centre(&thing.mask);
                let (x, y) = thing.grid.apply(x, y);
                ([x, y], lines(&footprint), thing.score as f32)
            }
            (None, Some(object)) => {
                let (x, y) = object.region.centre();
                let (x, y) = self.coarse().apply(f64::from(x), f64::from(y));
                ([x, y], self.rings(&object.region), object.score)
            }
            (None, None) => ([0.0; 2], Vec::new(), 0.0),
        };
        Shown {
            place: one.place,
            noun: noun
                .or_else(|| self.execution.only_noun())
                .unwrap_or_default(),
            chosen: one.chosen,
            near: chosen.near_ties.contains(&one.place),
            added: object.is_none(),
            score,
            area: one.area,
            centre,
            rings,
        }
    }

    /// Grid from the pixels of the choice to scene pixels.
    fn coarse(&self) -> Grid {
        let factor = self.execution.factor() as f64;
        Grid {
            step_x: self.grid.step_x * factor,
            step_y: self.grid.step_y * factor,
            ..self.grid
        }
    }

    /// The outlines of a region, holes included.
    fn rings(&self, region: &Region) -> Vec<Vec<f64>> {
        let (x0, y0, x1, y1) = region.bounding_box();
        let (width, height) = (x1 - x0, y1 - y0);
        let mut mask = Mask::empty(width, height);
        for (x, y) in region.pixels() {
            mask.bits_mut()[(y - y0) * width + x - x0] = true;
        }
        let coarse = self.coarse();
        let (origin_x, origin_y) = coarse.apply(x0 as f64, y0 as f64);
        let grid = Grid {
            origin_x,
            origin_y,
            ..coarse
        };
        lines(&Footprint::new(&mask, grid))
    }
}

/// Whether a correction put a part of `thing` into the mask of `target`.
fn is_added(target: &WebLayer, thing: &Cutout) -> bool {
    let (grid, width) = (target.grid(), thing.mask.width());
    let left = ((thing.grid.origin_x - grid.origin_x) / grid.step_x).round() as usize;
    let top = ((thing.grid.origin_y - grid.origin_y) / grid.step_y).round() as usize;
    let set = thing
        .mask
        .bits()
        .iter()
        .enumerate()
        .filter(|(_, bit)| **bit);
    let mut places = set.map(|(at, _)| (left + at % width, top + at / width));
    let correction = target.corrections.current();
    correction.is_some_and(|correction| places.any(|(x, y)| correction.adds(x, y)))
}

/// The mean position of the set pixels, in pixels of the mask.
fn centre(mask: &Mask) -> (f64, f64) {
    let (mut x, mut y, mut count) = (0.0, 0.0, 0.0_f64);
    for (at, _) in mask.bits().iter().enumerate().filter(|(_, bit)| **bit) {
        x += (at % mask.width()) as f64 + 0.5;
        y += (at / mask.width()) as f64 + 0.5;
        count += 1.0;
    }
    (x / count.max(1.0), y / count.max(1.0))
}

/// The borders of a footprint, each as `x, y, x, y, ...` in scene pixels.
fn lines(footprint: &Footprint<'_>) -> Vec<Vec<f64>> {
    let found = polygons(footprint);
    let lines = found
        .0
        .iter()
        .flat_map(|part| std::iter::once(part.exterior()).chain(part.interiors()));
    lines
        .map(|line| line.0.iter().flat_map(|point| [point.x, point.y]).collect())
        .collect()
}
