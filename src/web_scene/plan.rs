//! Plans which windows of a scene the network sees, for the page's scene worker.

use serde::Serialize;
use wasm_bindgen::prelude::*;

use crate::js::to_js;
use crate::segment::TilePlan;
use crate::segment::limits::{LONGEST_LOOK, MAP_PIXELS_IN_A_TAB};
use crate::vision::Window;

/// A [`TilePlan`]. Rectangles are `[x, y, width, height]`.
#[wasm_bindgen(js_name = Plan)]
pub struct WebPlan {
    pub(super) plan: TilePlan,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Info {
    width: usize,
    height: usize,
    origin_x: f64,
    origin_y: f64,
    step_x: f64,
    step_y: f64,
    count: usize,
}

#[derive(Serialize)]
struct TileView {
    source: [usize; 4],
    place: [usize; 4],
}

#[wasm_bindgen(js_class = Plan)]
impl WebPlan {
    /// A single pass over `window` (scene pixels).
    pub fn whole(window: &[f64]) -> Result<WebPlan, JsError> {
        Self::checked(TilePlan::whole(rectangle(window)?, LONGEST_LOOK)?)
    }

    /// An overview of `window` (scene pixels), and closer looks, which are needed if it shows small things.
    pub fn closer(window: &[f64]) -> Result<WebPlan, JsError> {
        Self::checked(TilePlan::closer(rectangle(window)?, LONGEST_LOOK)?)
    }

    /// The tiles of a scene of `[width, height]` that touch `region` (scene pixels): squares of `side` map
    /// pixels, each `step` scene pixels, that overlap by `overlap`.
    pub fn tiled(
        scene: &[f64],
        region: &[f64],
        step: f64,
        side: usize,
        overlap: usize,
    ) -> Result<WebPlan, JsError> {
        let [width, height] = scene[..] else {
            return Err(JsError::new("a scene has a width and a height"));
        };
        let scene = (width as usize, height as usize);
        let region = rectangle(region)?;
        Self::checked(TilePlan::tiled(scene, region, step, side, overlap)?)
    }

    /// `{ width, height, originX, originY, stepX, stepY, count }`: the map's size, the scene pixel at its corner, scene
    /// pixels per map pixel, and the number of tiles.
    pub fn info(&self) -> Result<JsValue, JsError> {
        let (width, height) = self.plan.map_size();
        let (origin_x, origin_y) = self.plan.origin();
        let (step_x, step_y) = self.plan.step();
        Ok(to_js(&Info {
            width,
            height,
            origin_x,
            origin_y,
            step_x,
            step_y,
            count: self.plan.len(),
        })?)
    }

    /// Tile `index`: `{ source, place }`: the window to read, in scene pixels, and the place of its map.
    pub fn tile(&self, index: usize) -> Result<JsValue, JsError> {
        let tile = self
            .plan
            .tile(index)
            .ok_or_else(|| JsError::new("there is no such tile"))?;
        let array = |window: Window| [window.x, window.y, window.width, window.height];
        Ok(to_js(&TileView {
            source: array(tile.source),
            place: array(tile.place),
        })?)
    }
}

impl WebPlan {
    fn checked(plan: TilePlan) -> Result<Self, JsError> {
        if too_large(&plan) {
            let (width, height) = plan.map_size();
            return Err(JsError::new(&format!(
                "the map would be {width} x {height} pixels, more than a browser can hold: choose a \
                 coarser resolution or a smaller part"
            )));
        }
        Ok(Self { plan })
    }
}

/// Whether a plan's map is too large for a browser tab.
pub(super) fn too_large(plan: &TilePlan) -> bool {
    let (width, height) = plan.map_size();
    width as u64 * height as u64 > MAP_PIXELS_IN_A_TAB
}

fn rectangle(values: &[f64]) -> Result<Window, JsError> {
    let [x, y, width, height] = values[..] else {
        return Err(JsError::new("a rectangle has x, y, width and height"));
    };
    // Negative numbers saturate to 0; fractions are cut off.
    Ok(Window::new(
        x as usize,
        y as usize,
        width as usize,
        height as usize,
    ))
}
