//! Scenes in TIFF files, for the page's scene worker.

use js_sys::{Reflect, Uint8Array};
use serde::Serialize;
use wasm_bindgen::prelude::*;
use web_sys::File;

use super::file_reader::FileReader;
use super::georeference::WebGeoreference;
use crate::geo::GeoTags;
use crate::js::{coded, to_js};
use crate::rare::NeedsFull;
use crate::raster::{Averaging, Piece, Preview, RasterError, RasterSource};
use crate::vision::Window;

/// An open TIFF of any size. Windows are `x, y, width, height` in pixels.
#[wasm_bindgen(js_name = Raster)]
pub struct WebRaster {
    source: RasterSource,
    preview: Option<Preview>,
}

/// Facts about the file that the page shows.
#[derive(Serialize)]
struct Facts {
    width: usize,
    height: usize,
    bands: usize,
    /// Bands that are shown.
    used: usize,
    bits: u16,
    overviews: usize,
    stretched: bool,
    masked: bool,
}

#[wasm_bindgen(js_class = Raster)]
impl WebRaster {
    /// Opens a file. `aux` is the text of the `.aux.xml` file beside it, if there is one.
    ///
    /// # Errors
    /// Throws an Error with a code: `cut-short`, `tiff-damaged`, `tiff-empty`, `tiff-unsupported` or `scene`; or
    /// `needs-full` if this is the small module and only the full one reads the file.
    pub fn open(file: &File, aux: Option<String>) -> Result<WebRaster, JsValue> {
        let reader = FileReader::new(file)?;
        let size = reader.size();
        let source = RasterSource::from_tiff(Box::new(reader), &file.name(), size, aux.as_deref());
        Ok(Self {
            source: source.map_err(thrown)?,
            preview: None,
        })
    }

    /// `{ width, height, bands, used, bits, overviews, stretched, masked }`.
    pub fn facts(&self) -> Result<JsValue, JsError> {
        let (width, height) = self.source.size();
        let facts = self.source.facts().ok_or_else(no_tiff)?;
        Ok(to_js(&Facts {
            width,
            height,
            bands: facts.bands,
            used: facts.used,
            bits: facts.bits,
            overviews: facts.overviews,
            stretched: facts.stretched,
            masked: facts.masked,
        })?)
    }

    /// Whether the file has geotags.
    #[wasm_bindgen(js_name = hasTags)]
    pub fn has_tags(&self) -> bool {
        let any = |tags: &GeoTags| !tags.is_empty() || !tags.keys.is_empty() || tags.rpc;
        self.source.geo_tags().is_some_and(any)
    }

    /// The scene's position from its geotags and from the texts of the files beside it, `{ world, prj, aux }`, any of
    /// which may be absent.
    ///
    /// # Errors
    /// As [`WebGeoreference::from_files`].
    pub fn georeference(&self, beside: JsValue) -> Result<WebGeoreference, JsValue> {
        WebGeoreference::placed(self.source.geo_tags().cloned(), beside)
    }

    /// The coarsest version in the file with at least one pixel for every `step` scene pixels; 0 is the scene itself.
    #[wasm_bindgen(js_name = levelFor)]
    pub fn level_for(&self, step: f64) -> usize {
        self.source.level_for(step)
    }

    /// `[width, height]` of a version.
    #[wasm_bindgen(js_name = levelSize)]
    pub fn level_size(&self, level: usize) -> Vec<u32> {
        let (width, height) = self.source.level_size(level);
        vec![width as u32, height as u32]
    }

    /// Converts a window of the scene to one of a version.
    #[wasm_bindgen(js_name = onLevel)]
    pub fn on_level(
        &self,
        level: usize,
        x: usize,
        y: usize,
        width: usize,
        height: usize,
    ) -> Vec<u32> {
        let window = self
            .source
            .on_level(level, Window::new(x, y, width, height));
        [window.x, window.y, window.width, window.height]
            .map(|length| length as u32)
            .to_vec()
    }

    /// The RGBA bytes of a window of a version; alpha is 0 where there is no data.
    pub fn rgba(
        &mut self,
        level: usize,
        x: usize,
        y: usize,
        width: usize,
        height: usize,
    ) -> Result<Vec<u8>, JsValue> {
        let window = Window::new(x, y, width, height);
        self.source.rgba(level, window).map_err(thrown)
    }

    /// The same with every `factor` x `factor` pixels averaged to one.
    pub fn smaller(
        &mut self,
        level: usize,
        x: usize,
        y: usize,
        width: usize,
        height: usize,
        factor: usize,
    ) -> Result<Vec<u8>, JsValue> {
        let rgba = self.rgba(level, x, y, width, height)?;
        if factor <= 1 || width == 0 || height == 0 {
            return Ok(rgba);
        }
        let mut averaging = Averaging::by(width, height, factor);
        averaging.push(&rgba);
        Ok(averaging.rgba())
    }

    /// The pixels of a window of the scene for a map of `step` scene pixels per map pixel: `{ width, height, rgba,
    /// hasData, empty }`. `hasData` has 0 for each pixel without data and 1 for others, or is null if all have data;
    /// pixels without data are grey.
    pub fn piece(
        &mut self,
        x: usize,
        y: usize,
        width: usize,
        height: usize,
        step: f64,
    ) -> Result<JsValue, JsValue> {
        let piece = self.source.read(Window::new(x, y, width, height), step);
        for_model(&piece.map_err(thrown)?)
    }

    /// Begins a preview whose longer side has at most `side` pixels.
    #[wasm_bindgen(js_name = startPreview)]
    pub fn start_preview(&mut self, side: usize) {
        self.preview = self.source.preview(side);
    }

    /// Makes a small part of the preview. Returns whether there is more to do.
    pub fn advance(&mut self) -> Result<bool, JsValue> {
        match &mut self.preview {
            Some(preview) => self.source.advance(preview).map_err(thrown),
            None => Ok(false),
        }
    }

    /// The share of the preview that was read, 0 to 1.
    #[wasm_bindgen(js_name = previewShare)]
    pub fn preview_share(&self) -> f64 {
        self.preview.as_ref().map_or(1.0, Preview::share)
    }

    /// Ends the preview: `{ width, height, rgba }`. Alpha is 0 where there is no data or nothing was read.
    #[wasm_bindgen(js_name = takePreview)]
    pub fn take_preview(&mut self) -> Result<JsValue, JsValue> {
        let preview = self.preview.take().ok_or_else(no_tiff)?;
        picture(preview.width(), preview.height(), &preview.rgba())
    }
}

/// Averages a large part of a picture as the same part of a TIFF would be.
#[wasm_bindgen(js_name = Averaging)]
pub struct WebAveraging {
    inner: Averaging,
}

#[wasm_bindgen(js_class = Averaging)]
impl WebAveraging {
    /// Starts averaging a part of `width` x `height` pixels, neither of them 0.
    #[wasm_bindgen(constructor)]
    pub fn new(width: usize, height: usize) -> WebAveraging {
        Self {
            inner: Averaging::new(width, height),
        }
    }

    /// Whether the part is to be averaged at all.
    #[wasm_bindgen(getter, js_name = isNeeded)]
    pub fn is_needed(&self) -> bool {
        self.inner.factor() > 1
    }

    /// Number of rows to add at a time.
    #[wasm_bindgen(getter, js_name = rowsAtOnce)]
    pub fn rows_at_once(&self) -> usize {
        self.inner.rows_at_once()
    }

    /// Adds the next rows, RGBA.
    pub fn push(&mut self, rows: &[u8]) {
        self.inner.push(rows);
    }

    /// The result: `{ width, height, rgba }`.
    pub fn finish(self) -> Result<JsValue, JsValue> {
        let (width, height) = self.inner.size();
        picture(width, height, &self.inner.rgba())
    }
}

#[derive(Serialize)]
struct Size {
    width: usize,
    height: usize,
}

fn picture(width: usize, height: usize, rgba: &[u8]) -> Result<JsValue, JsValue> {
    let made = to_js(&Size { width, height })?;
    Reflect::set(&made, &JsValue::from_str("rgba"), &Uint8Array::from(rgba))?;
    Ok(made)
}

fn for_model(piece: &Piece) -> Result<JsValue, JsValue> {
    let image = &piece.image;
    let pixels = image.pixels().chunks_exact(3);
    let rgba: Vec<u8> = pixels.flat_map(|c| [c[0], c[1], c[2], 255]).collect();
    let made = picture(image.width(), image.height(), &rgba)?;
    let has_data = match piece.valid.contains(&false) {
        true => {
            let bytes: Vec<u8> = piece.valid.iter().map(|&valid| u8::from(valid)).collect();
            Uint8Array::from(bytes.as_slice()).into()
        }
        false => JsValue::NULL,
    };
    Reflect::set(&made, &JsValue::from_str("hasData"), &has_data)?;
    Reflect::set(&made, &JsValue::from_str("empty"), &piece.is_empty().into())?;
    Ok(made)
}

fn no_tiff() -> JsError {
    JsError::new("this scene is not a TIFF")
}

/// The reader's error with the page's code for it, in the reader's own words.
fn thrown(error: RasterError) -> JsValue {
    let code = match &error {
        RasterError::CutShort { .. } => "cut-short",
        RasterError::Damaged { .. } => "tiff-damaged",
        RasterError::NoPixels { .. } => "tiff-empty",
        RasterError::Unsupported { .. } => "tiff-unsupported",
        RasterError::NeedsFull { .. } => NeedsFull::CODE,
        RasterError::OtherKind { .. } => "not-image",
        RasterError::Unreadable { .. } | RasterError::Part(_) => "scene",
    };
    coded(code, &error.to_string())
}
