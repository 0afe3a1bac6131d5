//! Chooses among the found objects by a phrase, for the page's scene worker.

use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::layer::{ObjectMap, WebLayer};
use super::plan::WebPlan;
use crate::choosing::{Execution, ObjectOptions, Outcome, executed};
use crate::geo::Grid;
use crate::js::to_js;
use crate::reading::{Question, read_most};
use crate::vision::RgbImage;

/// A phrase, the maps of its things, and what is chosen.
#[wasm_bindgen(js_name = Choice)]
pub struct WebChoice {
    pub(super) execution: Execution,
    question: Question,
    pub(super) grid: Grid,
}

#[derive(Serialize)]
struct Answer {
    question: Question,
    #[serde(flatten)]
    outcome: Outcome,
}

#[wasm_bindgen(js_class = Choice)]
impl WebChoice {
    /// Creates the choice for a phrase that is understood, or its beginning, over maps of `plan`.
    #[wasm_bindgen(constructor)]
    pub fn new(phrase: &str, plan: &WebPlan) -> Result<WebChoice, JsError> {
        let reading = read_most(phrase).reading;
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

    /// Completes `target` after [`Self::fill`] with the maps of all prompts.
    pub fn finish(&self, target: &mut WebLayer) {
        self.execution.finish(target.values_mut());
    }

    /// Records in `target` which object every pixel belongs to. The pixels around the chosen objects belong to none.
    pub fn mark(&self, target: &mut WebLayer) {
        if self.execution.is_complement() {
            return;
        }
        let nouns = self.execution.nouns();
        target.objects = Some(ObjectMap {
            labels: self.execution.owners().to_vec(),
            columns: self.execution.grid().0,
            factor: self.execution.factor(),
            nouns,
            rest: self.execution.only_noun(),
        });
    }

    /// The outcome: `{ question, noun, one, found, chosen, near, single, mass, bare, complement, unknown, changed,
    /// problem, relation }`.
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
}
