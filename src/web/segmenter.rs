//! The network as the page's worker uses it.

use std::cell::RefCell;
use std::hash::{DefaultHasher, Hasher};

use js_sys::{Reflect, Uint8Array};
use serde::Serialize;
use wasm_bindgen::prelude::*;
use web_time::Instant;

use super::backend::Backend;
use super::gpu_log;
use crate::bundle::{BundleError, Manifest, Pack, PackManifest, TrainedTensors, read_whole_words};
use crate::choosing::Ways;
use crate::js::{coded, to_js};
use crate::segment::{PreparedImage, ReadPhrase, Segmenter, THRESHOLD};
use crate::vision::RgbImage;

/// Phrase of the warm-up.
const WARM_UP_PHRASE: &str = "the building on the left";

/// Windows that are cached: an overview and its closer looks.
const MOST_WINDOWS: usize = 5;

/// A network on a device. It caches the last windows and the last phrase: all tiles of a scene need the same phrase, and
/// several phrases may need the same windows.
#[wasm_bindgen(js_name = Segmenter)]
pub struct WebSegmenter {
    segmenter: Segmenter,
    manifest: Manifest,
    trained: TrainedTensors,
    backend: Backend,
    windows: RefCell<Vec<(WindowKey, PreparedImage)>>,
    phrase: RefCell<Option<(String, ReadPhrase)>>,
}

/// Size and hash of a window's pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct WindowKey {
    width: usize,
    height: usize,
    hash: u64,
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
    reading: Option<Ways>,
}

/// The numbers of an answer; its probability map is added as bytes.
#[derive(Serialize)]
struct Answer {
    score: f32,
    milliseconds: f64,
    truncated: bool,
    words: usize,
    unknown: usize,
    /// The pack that answered, if one did.
    pack: Option<String>,
}

/// A pack's facts about itself.
#[derive(Serialize)]
struct PackInfo<'a> {
    name: &'a str,
    /// Differs between any two files.
    hash: String,
    words: Vec<&'a str>,
    examples: usize,
    licence: &'a str,
    credits: &'a [String],
    date: &'a str,
}

impl<'a> PackInfo<'a> {
    fn of(manifest: &'a PackManifest, file: &[u8]) -> Self {
        let mut hasher = DefaultHasher::new();
        hasher.write(file);
        Self {
            name: &manifest.name,
            hash: format!("{:016x}", hasher.finish()),
            words: manifest.words.iter().collect(),
            examples: manifest.examples,
            licence: &manifest.licence,
            credits: &manifest.credits,
            date: &manifest.date,
        }
    }
}

#[wasm_bindgen(js_class = Segmenter)]
impl WebSegmenter {
    /// Facts about the network and its device: name, preset, precision, input size, backend, adapter, credits, how
    /// phrases are answered.
    pub fn info(&self) -> Result<JsValue, JsError> {
        let model = &self.manifest.model;
        Ok(to_js(&Info {
            name: &self.manifest.name,
            preset: &model.preset,
            precision: self.manifest.precision.to_string(),
            input: model.input,
            backend: self.backend.kind,
            adapter: &self.backend.adapter,
            software: self.backend.software,
            parameters: self.segmenter.parameters(),
            credits: &self.manifest.credits,
            licence: &self.manifest.licence,
            reading: self.manifest.reading,
        })?)
    }

    /// Whether `phrase` has words whose rows are in a file that may follow, and has not been added yet.
    pub fn lacks_words(&self, phrase: &str) -> bool {
        !self.segmenter.has_words_of(phrase)
    }

    /// Checks the file that may follow, the whole word table, and uses it from now on.
    pub fn add(&self, name: &str, bytes: Vec<u8>) -> Result<(), JsError> {
        let words = read_whole_words(&self.manifest, name, bytes)?;
        self.segmenter.complete_words(words);
        Ok(())
    }

    /// Sets the pack to use from now on, given by its file; None removes it. Returns what the pack says about itself:
    /// `{ name, hash, words, examples, licence, credits, date }`, or null. If this fails, the previous pack stays in
    /// use.
    pub fn use_pack(&mut self, file: Option<Vec<u8>>) -> Result<JsValue, JsValue> {
        let Some(file) = file else {
            self.segmenter.use_pack(None);
            self.phrase.replace(None);
            return Ok(JsValue::NULL);
        };
        let refused = |error: BundleError| {
            let code = match error {
                BundleError::OtherBase { .. } => "pack-base",
                _ => "pack",
            };
            coded(code, &error.to_string())
        };
        let pack = Pack::read(&file).map_err(refused)?;
        pack.check(&self.manifest).map_err(refused)?;
        let taught = self.trained.taught(self.segmenter.model(), &pack);
        self.segmenter.use_pack(Some(taught.map_err(refused)?));
        self.phrase.replace(None);
        Ok(to_js(&PackInfo::of(pack.manifest(), &file))?)
    }

    /// Computes for every pixel of a window the probability that it belongs to what `phrase` names. The window has `4 *
    /// width * height` bytes of RGBA, its map `map_width` x `map_height` pixels. Returns `{ score, milliseconds,
    /// truncated, words, unknown, probability }`, where `probability` is 0 to 255, row-major.
    pub async fn segment(
        &self,
        width: usize,
        height: usize,
        rgba: Vec<u8>,
        phrase: String,
        map_width: usize,
        map_height: usize,
    ) -> Result<JsValue, JsError> {
        let began = Instant::now();
        let read = self.read(&phrase)?;
        let window = self.prepare(width, height, &rgba)?;
        drop(rgba);
        let map = self.segmenter.answer(&window, &read).await?;
        if let ("webgpu", Some(error)) = (self.backend.kind, gpu_log::last_error()) {
            return Err(JsError::new(&format!("the GPU failed: {error}")));
        }
        let answer = to_js(&Answer {
            score: map.score(THRESHOLD),
            milliseconds: began.elapsed().as_secs_f64() * 1e3,
            truncated: read.tokens.truncated,
            words: read.tokens.words,
            unknown: read.tokens.unknown,
            pack: read.pack,
        })?;
        let bytes = Uint8Array::from(map.to_bytes(map_width, map_height).as_slice());
        Reflect::set(&answer, &JsValue::from_str("probability"), &bytes)
            .map_err(|_| JsError::new("the answer could not be passed to the page"))?;
        Ok(answer)
    }
}

impl WebSegmenter {
    pub(super) fn new(
        segmenter: Segmenter,
        manifest: Manifest,
        trained: TrainedTensors,
        backend: Backend,
    ) -> Self {
        Self {
            segmenter,
            manifest,
            trained,
            backend,
            windows: RefCell::default(),
            phrase: RefCell::new(None),
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

    /// The window at the network's size.
    fn prepare(&self, width: usize, height: usize, rgba: &[u8]) -> Result<PreparedImage, JsError> {
        let mut hasher = DefaultHasher::new();
        hasher.write(rgba);
        let key = WindowKey {
            width,
            height,
            hash: hasher.finish(),
        };
        let mut windows = self.windows.borrow_mut();
        if let Some((_, prepared)) = windows.iter().find(|(known, _)| *known == key) {
            return Ok(prepared.clone());
        }
        let image = RgbImage::from_rgba(width, height, rgba)?;
        let prepared = self.segmenter.prepare(&image);
        if windows.len() == MOST_WINDOWS {
            windows.remove(0);
        }
        windows.push((key, prepared.clone()));
        Ok(prepared)
    }

    /// The phrase after the text side of the network.
    fn read(&self, phrase: &str) -> Result<ReadPhrase, JsError> {
        if let Some((known, read)) = &*self.phrase.borrow()
            && known == phrase
        {
            return Ok(read.clone());
        }
        let read = self.segmenter.read(phrase)?;
        self.phrase.replace(Some((phrase.to_owned(), read.clone())));
        Ok(read)
    }
}
