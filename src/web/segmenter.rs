//! The network as the page's worker uses it.

use js_sys::{Reflect, Uint8Array};
use serde::Serialize;
use wasm_bindgen::prelude::*;
use web_time::Instant;

use super::backend::Backend;
use super::gpu_log;
use super::loader::to_js;
use crate::bundle::Manifest;
use crate::model::ParameterTable;
use crate::segment::{PreparedImage, Segmenter, THRESHOLD};
use crate::vision::RgbImage;

/// Longest side of the probability map that goes back to the page, in pixels.
const LONGEST_SIDE: usize = 2048;
/// What the warm-up asks for.
const WARM_UP_PHRASE: &str = "the building on the left";

/// A network on a device, with the image that is being looked at.
#[wasm_bindgen(js_name = Segmenter)]
pub struct WebSegmenter {
    segmenter: Segmenter,
    manifest: Manifest,
    backend: Backend,
    image: Option<Looked>,
}

struct Looked {
    prepared: PreparedImage,
    width: usize,
    height: usize,
}

#[derive(Serialize)]
struct Info<'a> {
    name: &'a str,
    preset: &'a str,
    precision: String,
    input: usize,
    backend: &'a str,
    adapter: &'a str,
    software: bool,
    parameters: usize,
    credits: &'a [String],
    licence: &'a str,
}

/// The numbers of an answer; its probability map goes along as bytes.
#[derive(Serialize)]
struct Answer {
    width: usize,
    height: usize,
    score: f32,
    milliseconds: f64,
    truncated: bool,
    words: usize,
    unknown: usize,
}

#[wasm_bindgen(js_class = Segmenter)]
impl WebSegmenter {
    /// What runs where: name, preset, precision, input size, backend, adapter, credits.
    pub fn info(&self) -> Result<JsValue, JsError> {
        let table = ParameterTable::new(self.segmenter.model().config());
        let model = &self.manifest.model;
        Ok(to_js(&Info {
            name: &self.manifest.name,
            preset: &model.preset,
            precision: self.manifest.precision.to_string(),
            input: model.input,
            backend: self.backend.kind,
            adapter: &self.backend.adapter,
            software: self.backend.software,
            parameters: table.backbones() + table.adapters() + table.fusion(),
            credits: &self.manifest.credits,
            licence: &self.manifest.licence,
        })?)
    }

    /// Takes the image to look at: `4 * width * height` bytes of RGBA.
    pub fn set_image(&mut self, width: usize, height: usize, rgba: &[u8]) -> Result<(), JsError> {
        self.image = None;
        let image = RgbImage::from_rgba(width, height, rgba)?;
        let prepared = self.segmenter.prepare(&image);
        self.image = Some(Looked {
            prepared,
            width,
            height,
        });
        Ok(())
    }

    /// The probability of every pixel to be what `phrase` says: `{ width, height, score,
    /// milliseconds, truncated, words, unknown, probability }`, the last 0 to 255, row-major.
    pub async fn segment(&self, phrase: String) -> Result<JsValue, JsError> {
        let image = self
            .image
            .as_ref()
            .ok_or_else(|| JsError::new("there is no image yet: choose one first"))?;
        let began = Instant::now();
        let found = self.segmenter.segment(&image.prepared, &phrase).await?;
        if let ("webgpu", Some(error)) = (self.backend.kind, gpu_log::last_error()) {
            return Err(JsError::new(&format!("the GPU failed: {error}")));
        }
        let (width, height) = answer_size(image.width, image.height);
        let probability = found.probability.resized(width, height);
        let bytes: Vec<u8> = probability
            .iter()
            .map(|p| (p * 255.0).round() as u8)
            .collect();
        let answer = to_js(&Answer {
            width,
            height,
            score: found.probability.score(THRESHOLD),
            milliseconds: began.elapsed().as_secs_f64() * 1e3,
            truncated: found.tokens.truncated,
            words: found.tokens.words,
            unknown: found.tokens.unknown,
        })?;
        let bytes = Uint8Array::from(bytes.as_slice());
        Reflect::set(&answer, &JsValue::from_str("probability"), &bytes)
            .map_err(|_| JsError::new("the answer could not be handed over"))?;
        Ok(answer)
    }
}

impl WebSegmenter {
    pub(super) fn new(segmenter: Segmenter, manifest: Manifest, backend: Backend) -> Self {
        Self {
            segmenter,
            manifest,
            backend,
            image: None,
        }
    }

    /// One run on a grey image.
    pub(super) async fn warm_up(&self) -> Result<(), JsError> {
        let grey = RgbImage::filled(8, 8, [128; 3]);
        self.segmenter
            .segment(&self.segmenter.prepare(&grey), WARM_UP_PHRASE)
            .await?;
        Ok(())
    }
}

/// Size of the map that goes to the page: the image's, or smaller where that is very large.
fn answer_size(width: usize, height: usize) -> (usize, usize) {
    let longest = width.max(height);
    if longest <= LONGEST_SIDE {
        return (width, height);
    }
    let scaled = |side: usize| (side * LONGEST_SIDE / longest).max(1);
    (scaled(width), scaled(height))
}
