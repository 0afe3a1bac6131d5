//! How an area of a scene is processed, for the page's scene worker.

use js_sys::Reflect;
use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::plan::too_large;
use crate::js::{coded, to_js};
use crate::segment::limits::MAP_PIXELS_IN_A_TAB;
use crate::segment::{Coverage, CoverageError, PlanError, TilePlan, Wanted};
use crate::vision::Window;

/// A [`Coverage`], with figures to display.
#[derive(Serialize)]
struct Chosen {
    /// `whole`, `closer` or `tiles`.
    mode: &'static str,
    /// The area, None if it is the whole scene.
    region: Option<[usize; 4]>,
    step: f64,
    side: usize,
    overlap: usize,
    about: About,
}

/// The plan in figures.
#[derive(Serialize)]
struct About {
    /// The map's size.
    width: usize,
    height: usize,
    tiles: usize,
    /// Scene pixels per map pixel, of tiles.
    step: Option<f64>,
    /// Metres per map pixel.
    ground: Option<f64>,
}

/// An area or a resolution that would fit into a tab.
#[derive(Serialize)]
struct Fitting {
    /// Side in scene pixels of a square area at the same resolution, a multiple of 100.
    side: f64,
    /// Ground resolution of the same area, metres per map pixel.
    ground: Option<f64>,
}

/// Chooses how the area `region` (`[x, y, width, height]` in scene pixels, None for all) of a scene of `[width,
/// height]` is processed: `{ mode: "whole" | "closer" | "tiles", region, step, side, overlap, about: { width, height,
/// tiles, step, ground } }`. `resolution` is in cm per map pixel, `metres` is the side of a scene pixel, and `side` is
/// the side of the network's input in pixels.
///
/// # Errors
/// Throws an Error with a code: `resolution`, `no-scale`, `no-view` if the area is outside of the scene, or
/// `too-many-pixels`, with `fit: { side, ground }`.
#[wasm_bindgen]
pub fn coverage(
    scene: &[f64],
    region: Option<Vec<f64>>,
    resolution: Option<f64>,
    metres: Option<f64>,
    side: usize,
) -> Result<JsValue, JsValue> {
    let [width, height] = scene[..] else {
        return Err(coded("segment", "a scene has a width and a height"));
    };
    let size = (width as usize, height as usize);
    let window = match region {
        Some(region) => {
            let inside = inside(&region, width, height);
            Some(inside.ok_or_else(|| coded("no-view", "the area is not in the scene"))?)
        }
        None => None,
    };
    let wanted = Wanted {
        window,
        resolution,
        overlap: None,
    };
    let chosen = Coverage::choose(size, &wanted, metres, side).map_err(|error| {
        let code = match error {
            CoverageError::Resolution(_) => "resolution",
            CoverageError::NoScale => "no-scale",
            CoverageError::Plan(_) => "no-view",
        };
        coded(code, &error.to_string())
    })?;
    let plan = match chosen.plan(size) {
        Ok(plan) if !too_large(&plan) => plan,
        Ok(_) | Err(PlanError::TooLarge { .. }) => {
            let area = window.unwrap_or(Window::all(size.0, size.1));
            return Err(too_many(&area, &chosen, metres)?);
        }
        Err(error) => return Err(coded("segment", &error.to_string())),
    };
    Ok(to_js(&chosen_for_page(&chosen, &plan, window, metres))?)
}

fn chosen_for_page(
    chosen: &Coverage,
    plan: &TilePlan,
    window: Option<Window>,
    metres: Option<f64>,
) -> Chosen {
    let (map_width, map_height) = plan.map_size();
    let region = window.map(|area| [area.x, area.y, area.width, area.height]);
    match *chosen {
        Coverage::Look(area) | Coverage::Closer(area) => Chosen {
            mode: match chosen {
                Coverage::Closer(_) => "closer",
                _ => "whole",
            },
            region,
            step: 1.0,
            side: 0,
            overlap: 0,
            about: About {
                width: area.width,
                height: area.height,
                tiles: plan.len(),
                step: None,
                ground: metres,
            },
        },
        Coverage::Tiles {
            step,
            side,
            overlap,
            ..
        } => Chosen {
            mode: "tiles",
            region,
            step,
            side,
            overlap,
            about: About {
                width: map_width,
                height: map_height,
                tiles: plan.len(),
                step: Some(step),
                ground: metres.map(|metres| step * metres),
            },
        },
    }
}

/// The whole pixels of a rectangle that are in a scene; None if there are none.
fn inside(rectangle: &[f64], width: f64, height: f64) -> Option<Window> {
    let [x, y, across, down] = rectangle[..] else {
        return None;
    };
    let (left, top) = (x.floor().max(0.0), y.floor().max(0.0));
    let (right, bottom) = (
        (x + across).ceil().min(width),
        (y + down).ceil().min(height),
    );
    (right > left && bottom > top).then(|| {
        Window::new(
            left as usize,
            top as usize,
            (right - left) as usize,
            (bottom - top) as usize,
        )
    })
}

fn too_many(area: &Window, chosen: &Coverage, metres: Option<f64>) -> Result<JsValue, JsValue> {
    let step = match *chosen {
        Coverage::Look(_) | Coverage::Closer(_) => 1.0,
        Coverage::Tiles { step, .. } => step,
    };
    let limit = MAP_PIXELS_IN_A_TAB as f64;
    let fit = Fitting {
        side: (limit.sqrt() * step / 100.0).floor() * 100.0,
        ground: metres.map(|metres| (area.pixels() as f64 / limit).sqrt() * metres),
    };
    let error = coded(
        "too-many-pixels",
        "the map has too many pixels for a browser",
    );
    Reflect::set(&error, &JsValue::from_str("fit"), &to_js(&fit)?)?;
    Ok(error)
}
