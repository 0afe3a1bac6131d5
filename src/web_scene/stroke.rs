//! Strokes that correct a layer's mask, for the page's scene worker.

use std::ops::Range;

use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::layer::WebLayer;
use crate::js::to_js;
use crate::segment::{Correction, Strokes};
use crate::vision::LOWEST_PROBABILITY;

/// How many map pixels a stroke adds to the mask and removes from it.
#[derive(Serialize)]
struct Changed {
    added: usize,
    removed: usize,
}

#[wasm_bindgen(js_class = MaskLayer)]
impl WebLayer {
    /// Makes every mask from now on with correction `number`; 0 is the model's own mask.
    pub fn correct(&mut self, number: u32) -> Result<(), JsError> {
        match self.corrections.select(number) {
            true => Ok(()),
            false => Err(JsError::new(&format!("there is no correction {number}"))),
        }
    }

    /// Makes correction `to` from the one in use and a stroke on the present mask: `{ added, removed }`, the map pixels
    /// that change. If it changes no pixel, the correction is not made, except for "nothing". `kind` is "brush"
    /// (`points` is its line), "lasso" (its outline), "part" (a 4-connected part of the mask, or of what it leaves out,
    /// at one point) or "nothing" (the mask becomes empty). Points are `x, y, x, y, ...` in map pixels. The mask itself
    /// changes when [`Self::correct`] and `refine` are called.
    pub fn stroke(
        &mut self,
        to: u32,
        kind: &str,
        adds: bool,
        radius: f64,
        points: &[f64],
    ) -> Result<JsValue, JsError> {
        let runs = self.runs(kind, adds, radius, points)?;
        let (mask, _, values, _) = self.parts();
        let changes = |&at: &usize| match adds {
            true => !mask.bits()[at] && values[at] >= LOWEST_PROBABILITY,
            false => mask.bits()[at],
        };
        let count = runs.iter().cloned().flatten().filter(changes).count();
        let none = Correction::none(mask.width(), mask.height());
        let next = match kind {
            "nothing" => Correction::nothing(mask.width(), mask.height()),
            _ => self
                .corrections
                .current()
                .unwrap_or(&none)
                .with(&runs, adds),
        };
        if count > 0 || kind == "nothing" {
            self.corrections.add(to, next);
        }
        let (added, removed) = if adds { (count, 0) } else { (0, count) };
        Ok(to_js(&Changed { added, removed })?)
    }

    /// Drops all corrections except these and the one in use.
    #[wasm_bindgen(js_name = keepCorrections)]
    pub fn keep_corrections(&mut self, numbers: &[u32]) {
        self.corrections.keep(numbers);
    }
}

impl WebLayer {
    /// The map pixels that a stroke covers.
    fn runs(
        &mut self,
        kind: &str,
        adds: bool,
        radius: f64,
        points: &[f64],
    ) -> Result<Vec<Range<usize>>, JsError> {
        self.probabilities();
        let (mask, _, values, _) = self.parts();
        let strokes = Strokes {
            width: mask.width(),
            height: mask.height(),
        };
        let points: Vec<[f64; 2]> = points.chunks_exact(2).map(|xy| [xy[0], xy[1]]).collect();
        match kind {
            "brush" => Ok(strokes.brush(&points, radius)),
            "lasso" => Ok(strokes.lasso(&points)),
            "nothing" => {
                let row = |y: usize| y * strokes.width..(y + 1) * strokes.width;
                Ok((0..strokes.height).map(row).collect())
            }
            "part" => {
                let Some(&point) = points.first() else {
                    return Ok(Vec::new());
                };
                // A fill stops at the mask and where there is no data.
                let pixels = mask.bits().iter().zip(values);
                let takes = |(&bit, &value): (&bool, &u8)| match adds {
                    true => !bit && value >= LOWEST_PROBABILITY,
                    false => bit,
                };
                let bits: Vec<bool> = pixels.map(takes).collect();
                Ok(strokes.part(&bits, point))
            }
            other => Err(JsError::new(&format!("there is no stroke {other:?}"))),
        }
    }
}
