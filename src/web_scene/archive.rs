//! Zip files, for the page's scene worker: entries are read one at a time, and written piece by piece.

use wasm_bindgen::prelude::*;
use web_sys::Blob;

use super::file_reader::FileReader;
use crate::archive::{Archive, ArchiveWriter};

/// A zip file that the user chose.
#[wasm_bindgen(js_name = Archive)]
pub struct WebArchive {
    inner: Archive<FileReader>,
}

#[wasm_bindgen(js_class = Archive)]
impl WebArchive {
    /// Opens a file and checks it.
    pub fn open(file: &Blob) -> Result<WebArchive, JsValue> {
        let inner = Archive::open(FileReader::new(file)?);
        let inner = inner.map_err(JsError::from)?;
        Ok(Self { inner })
    }

    /// The paths of all files in it.
    pub fn names(&self) -> Vec<String> {
        let entries = self.inner.entries().iter();
        entries.map(|entry| entry.name().to_owned()).collect()
    }

    /// The bytes of the file with that number.
    pub fn read(&mut self, index: usize) -> Result<Vec<u8>, JsError> {
        let entry = self.inner.entries().get(index).cloned();
        let entry = entry.ok_or_else(|| JsError::new("there is no such file in the zip"))?;
        Ok(self.inner.read(&entry)?)
    }
}

/// A zip file that is being written. The caller puts its pieces together.
#[wasm_bindgen(js_name = ArchiveWriter)]
#[derive(Default)]
pub struct WebArchiveWriter {
    inner: ArchiveWriter,
}

#[wasm_bindgen(js_class = ArchiveWriter)]
impl WebArchiveWriter {
    /// A zip without files.
    #[wasm_bindgen(constructor)]
    pub fn new() -> WebArchiveWriter {
        Self::default()
    }

    /// Adds a file and returns its header. The caller writes the file's bytes after the header.
    pub fn add(&mut self, name: &str, bytes: &[u8]) -> Result<Vec<u8>, JsError> {
        Ok(self.inner.add(name, bytes)?)
    }

    /// The end of the zip, which follows the last file.
    pub fn finish(self) -> Vec<u8> {
        self.inner.finish()
    }
}
