//! A bundle and its examples, as the page's teaching worker uses them.

use std::sync::Arc;

use burn::module::Module;
use burn::tensor::Device;
use js_sys::{Array, Function, Uint8Array};
use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::*;

use super::trainer::WebTrainer;
use crate::adapt::{Adapted, Adapter, Course, Examples, Reader, Views, by_phrase};
use crate::bundle::{Loaded, Manifest, Pack, PackFacts, TaughtNetwork};
use crate::choosing::Ways;
use crate::data::Sample;
use crate::js::{coded, to_js};
use crate::quant::Bits;
use crate::segment::THRESHOLD;
use crate::vision::{Mask, RgbImage};

/// Number of groups that the places are split into, as in the native program. One group of places is held back, so
/// there are two trainings.
const FOLDS: usize = 3;
const HELD_BACK: usize = 1;

/// Settings of the training. Missing values default to the native program's.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Wish {
    steps: Option<u64>,
    batch: Option<usize>,
    side: Option<usize>,
    rate: Option<f64>,
    held_back: Option<usize>,
    seed: Option<u64>,
}

/// Facts about an example besides its pixels.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct About {
    phrase: String,
    place: String,
    metres_per_pixel: Option<f64>,
}

/// A pack's facts about itself.
#[derive(Debug, Deserialize)]
struct Facts {
    name: String,
    licence: String,
    credits: Vec<String>,
    date: String,
}

/// Scores in per cent; null if all examples are of one place.
#[derive(Serialize)]
struct Learned<'a> {
    before: Option<f64>,
    after: Option<f64>,
    share: f32,
    phrases: Vec<OfPhrase<'a>>,
}

#[derive(Serialize)]
struct OfPhrase<'a> {
    phrase: &'a str,
    count: usize,
    before: f64,
    after: f64,
}

/// A network that learns from examples.
#[wasm_bindgen]
pub struct Teacher {
    loaded: Arc<Loaded>,
    manifest: Manifest,
    device: Device,
    samples: Vec<Sample>,
    places: Vec<String>,
    gsds: Vec<Option<f64>>,
    /// The result of learning, and the examples that it comes from.
    learned: Option<(Examples, Adapted)>,
}

#[wasm_bindgen]
impl Teacher {
    /// Adds an example: `4 * width * height` bytes of RGBA, `width * height` bytes of mask, not 0 where it is set, and
    /// `{ phrase, place, metresPerPixel }`, where examples of one image share the place.
    pub fn add(
        &mut self,
        width: usize,
        height: usize,
        rgba: &[u8],
        mask: &[u8],
        about: JsValue,
    ) -> Result<(), JsError> {
        let about: About = serde_wasm_bindgen::from_value(about)?;
        let image = RgbImage::from_rgba(width, height, rgba)?;
        if mask.len() != width * height {
            return Err(JsError::new("the mask has another size than the image"));
        }
        let mask = Mask::new(width, height, mask.iter().map(|&byte| byte != 0).collect());
        self.samples.push(Sample {
            absent: mask.area() == 0,
            image,
            phrase: about.phrase,
            mask,
            known: None,
            category: None,
            kind: None,
            source: String::new(),
            truth: None,
        });
        self.places.push(about.place);
        self.gsds.push(about.metres_per_pixel);
        Ok(())
    }

    /// Learns from the examples. `wish`: `{ steps, batch, side, rate, heldBack, seed }`, all optional. `tell` is called
    /// with `{ done, total, part, parts, loss }` and returns a promise: the work waits for it, and ends if it is
    /// rejected. Returns `{ before, after, share, phrases }`, the scores on held-back examples in per cent.
    pub async fn learn(&mut self, wish: JsValue, tell: Function) -> Result<JsValue, JsValue> {
        let wish: Wish = serde_wasm_bindgen::from_value(wish)?;
        let examples = Examples::of(self.samples.clone(), self.places.clone(), self.gsds.clone());
        let examples = examples.map_err(|error| coded("examples", &error.to_string()))?;
        let adapter = self.adapter(&wish)?;
        let mut trainer = WebTrainer {
            device: &self.device,
            tell: &tell,
        };
        let adapted = adapter.learn(&examples, &mut trainer).await;
        let adapted = adapted.map_err(|error| coded("teach", &format!("{error:#}")))?;
        let told = to_js(&told(&adapted))?;
        self.learned = Some((examples, adapted));
        Ok(told)
    }

    /// The masks of example `at` before and after: `[before, after]`, one byte per pixel of its image, 1 or 0.
    pub async fn compare(&self, at: usize) -> Result<Array, JsValue> {
        let (examples, adapted) = self.known()?;
        let sample = examples.samples().get(at);
        let sample = sample.ok_or_else(|| coded("teach", "there is no such example"))?;
        let base = self.loaded.model.clone().valid();
        let one = std::slice::from_ref(sample);
        let views = Views::new(one, base.clone(), base.config().input, 0);
        let reader = Reader::new(&self.loaded, self.ways(), &base, one, &views);
        let taught = TaughtNetwork {
            name: String::new(),
            words: examples.words(),
            model: adapted.differences.applied(&base, adapted.share),
        };
        let masks = Array::new();
        for taught in [None, Some(&taught)] {
            let map = reader.answer(&base, taught, 0).await;
            let map = map.map_err(|error| coded("teach", &format!("{error:#}")))?;
            let mask = map.mask(sample.image.width(), sample.image.height(), THRESHOLD);
            let bytes: Vec<u8> = mask.bits().iter().map(|&bit| u8::from(bit)).collect();
            masks.push(&Uint8Array::from(bytes.as_slice()));
        }
        Ok(masks)
    }

    /// The pack's file. `facts`: `{ name, licence, credits, date }`.
    pub fn pack(&self, facts: JsValue) -> Result<Vec<u8>, JsValue> {
        let facts: Facts = serde_wasm_bindgen::from_value(facts)?;
        let (examples, adapted) = self.known()?;
        let facts = PackFacts {
            name: facts.name,
            words: examples.words(),
            examples: examples.samples().len(),
            phrases: examples.phrases(),
            metrics: adapted.metrics(),
            licence: facts.licence,
            credits: facts.credits,
            date: facts.date,
        };
        let differences = adapted.differences.scaled(adapted.share);
        let pack = Pack::new(facts, &self.manifest, differences, Bits::Q4);
        pack.to_bytes()
            .map_err(|error| coded("teach", &error.to_string()))
    }
}

impl Teacher {
    pub(super) fn new(loaded: Arc<Loaded>, manifest: Manifest, device: Device) -> Self {
        Self {
            loaded,
            manifest,
            device,
            samples: Vec::new(),
            places: Vec::new(),
            gsds: Vec::new(),
            learned: None,
        }
    }

    fn ways(&self) -> Ways {
        self.manifest.reading.unwrap_or_default()
    }

    fn known(&self) -> Result<&(Examples, Adapted), JsValue> {
        let learned = self.learned.as_ref();
        learned.ok_or_else(|| coded("teach", "nothing was learned yet"))
    }

    fn adapter(&self, wish: &Wish) -> Result<Adapter, JsValue> {
        let config = self.loaded.model.config();
        let usual = Course::default();
        let side = wish.side.unwrap_or(Course::SIDE).min(config.input);
        let checked = config.check_input([side, side]);
        checked.map_err(|error| coded("teach", &error.to_string()))?;
        Ok(Adapter {
            loaded: Arc::clone(&self.loaded),
            device: self.device.clone(),
            ways: self.ways(),
            course: Course {
                steps: wish.steps.unwrap_or(usual.steps).max(1),
                batch: wish.batch.unwrap_or(usual.batch).max(1),
                rate: wish.rate.unwrap_or(usual.rate),
            },
            side,
            folds: FOLDS,
            held_back: wish.held_back.unwrap_or(HELD_BACK),
            seed: wish.seed.unwrap_or(1),
        })
    }
}

fn told(adapted: &Adapted) -> Learned<'_> {
    let (was, is) = (by_phrase(&adapted.before), by_phrase(adapted.chosen()));
    let gain = adapted.gain();
    Learned {
        before: gain.map(|(before, _)| 100.0 * before),
        after: gain.map(|(_, after)| 100.0 * after),
        share: adapted.share,
        phrases: was
            .iter()
            .zip(&is)
            .map(|((phrase, (count, was)), (_, (_, is)))| OfPhrase {
                phrase,
                count: *count,
                before: 100.0 * was,
                after: 100.0 * is,
            })
            .collect(),
    }
}
