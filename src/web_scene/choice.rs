//! Chooses among the found objects by a phrase, for the page's scene worker.

use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::layer::{ObjectMap, WebLayer};
use super::plan::WebPlan;
use crate::choosing::{Execution, ObjectOptions, Outcome, executed};
use crate::geo::{Footprint, Grid, polygons};
use crate::js::to_js;
use crate::reading::{Question, read};
use crate::things::region::Region;
use crate::vision::{Mask, RgbImage};

/// Maximum number of objects whose outlines are passed to the page: those in the mask first, then the largest.
const MOST_OUTLINES: usize = 500;

/// A phrase, the maps of its things, and what is chosen.
#[wasm_bindgen(js_name = Choice)]
pub struct WebChoice {
    execution: Execution,
    question: Question,
    grid: Grid,
}

#[derive(Serialize)]
struct Answer {
    question: Question,
    #[serde(flatten)]
    outcome: Outcome,
}

/// An object as the page draws and lists it; lengths are scene pixels, the area map pixels.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Shown {
    /// Its number among all objects, from 0.
    place: usize,
    noun: String,
    chosen: bool,
    near: bool,
    score: f32,
    area: usize,
    centre: [f64; 2],
    rings: Vec<Vec<f64>>,
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
    /// Creates the choice for a phrase that is fully understood, over maps of `plan`.
    #[wasm_bindgen(constructor)]
    pub fn new(phrase: &str, plan: &WebPlan) -> Result<WebChoice, JsError> {
        let reading = read(phrase);
        let request = reading
            .request
            .ok_or_else(|| JsError::new("the phrase is not understood"))?;
        let (width, height) = plan.plan.map_size();
        let (origin_x, origin_y) = plan.plan.origin();
        let (step_x, step_y) = plan.plan.step();
        let options = ObjectOptions::settling(plan.plan.look_pixels());
        Ok(Self {
            question: reading.question,
            execution: Execution::new(executed(request), width, height, options),
            grid: Grid {
                origin_x,
                origin_y,
                step_x,
                step_y,
            },
        })
    }

    /// Takes the map of a prompt.
    pub fn add(&mut self, prompt: &str, map: &mut WebLayer) {
        self.execution.add(prompt, map.probabilities());
    }

    /// Takes the pixels of the map's part of the scene, RGBA of any size, for measuring colours.
    pub fn see(&mut self, width: usize, height: usize, rgba: &[u8]) -> Result<(), JsError> {
        self.execution
            .see(RgbImage::from_rgba(width, height, rgba)?);
        Ok(())
    }

    /// Chooses by the rules.
    pub fn run(&mut self) -> Result<(), JsError> {
        self.execution
            .run()
            .map_err(|prompt| JsError::new(&format!("there is no map for {prompt}")))
    }

    /// Puts these objects into the mask; None restores those that the rules chose.
    pub fn pick(&mut self, places: Option<Vec<u32>>) {
        match places {
            Some(places) => {
                let places: Vec<usize> = places.iter().map(|&place| place as usize).collect();
                self.execution.pick(&places);
            }
            None => self.execution.reset(),
        }
    }

    /// Prompts of the maps that the mask takes its values from.
    #[wasm_bindgen(js_name = ownPrompts)]
    pub fn own_prompts(&self) -> Vec<String> {
        self.execution.own_prompts()
    }

    /// Adds to `target` the values that the mask takes from the map of a prompt.
    pub fn fill(&self, target: &mut WebLayer, prompt: &str, map: &mut WebLayer) {
        self.execution
            .fill(prompt, map.probabilities(), target.values_mut());
    }

    /// Records in `target` which object every pixel belongs to.
    pub fn mark(&self, target: &mut WebLayer) {
        let nouns = self.execution.nouns();
        target.objects = Some(ObjectMap {
            labels: self.execution.owners().to_vec(),
            columns: self.execution.grid().0,
            factor: self.execution.factor(),
            nouns,
            rest: self.execution.only_noun(),
        });
    }

    /// The outcome: `{ question, noun, one, found, chosen, near, single, mass, bare, changed, problem, relation }`.
    pub fn outcome(&self) -> Result<JsValue, JsError> {
        Ok(to_js(&Answer {
            question: self.question,
            outcome: self.execution.outcome(),
        })?)
    }

    /// The numbers of the objects in the mask.
    pub fn picked(&self) -> Vec<u32> {
        let picked = self.execution.picked().iter();
        picked.map(|&place| place as u32).collect()
    }

    /// `{ objects: [{ place, noun, chosen, near, score, area, centre, rings }], anchors, cut }`, where a ring is `[x,
    /// y, x, y, ...]` in scene pixels.
    pub fn outlines(&self) -> Result<JsValue, JsError> {
        let chosen = self.execution.chosen();
        let nouns = self.execution.nouns();
        let picked = self.execution.picked();
        let mut places: Vec<usize> = (0..chosen.objects.len()).collect();
        let is_picked = |place: &usize| picked.binary_search(place).is_ok();
        places.sort_by_key(|place| {
            let area = chosen.objects[*place].area;
            (!is_picked(place), std::cmp::Reverse(area))
        });
        let cut = places.len() > MOST_OUTLINES;
        places.truncate(MOST_OUTLINES);
        places.sort_unstable();
        let squares = self.execution.factor() * self.execution.factor();
        let shown = places.into_iter().map(|place| {
            let object = &chosen.objects[place];
            let (x, y) = object.region.centre();
            let (x, y) = self.coarse().apply(f64::from(x), f64::from(y));
            Shown {
                place,
                noun: nouns[place].clone(),
                chosen: is_picked(&place),
                near: chosen.near_ties.contains(&place),
                score: object.score,
                area: object.area * squares,
                centre: [x, y],
                rings: self.rings(&object.region),
            }
        });
        let anchors = chosen.anchors.iter().take(MOST_OUTLINES);
        Ok(to_js(&Outlines {
            objects: shown.collect(),
            anchors: anchors.map(|region| self.rings(region)).collect(),
            cut,
        })?)
    }
}

impl WebChoice {
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
        let found = polygons(&Footprint::new(&mask, grid));
        let lines = found
            .0
            .iter()
            .flat_map(|part| std::iter::once(part.exterior()).chain(part.interiors()));
        lines
            .map(|line| line.0.iter().flat_map(|point| [point.x, point.y]).collect())
            .collect()
    }
}
