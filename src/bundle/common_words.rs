//! Rows of the word table for common words, in a small file of their own: the network can answer most phrases before
//! the whole table has arrived, which is a large part of a bundle.

use burn::tensor::Bytes;

use super::error::BundleError;
use super::manifest::Manifest;
use super::stored::{WORDS, floats, no_words, read, word_table};
use crate::model::TextConfig;
use crate::text::WordTable;

/// Name of the tensor with the ids of the rows, ascending.
pub(super) const IDS: &str = "ids";

/// Reads the rows of common words from the bytes of their file.
///
/// # Errors
/// Fails if the file is not one of common words for the text encoder of `text`.
pub fn read_common_words(
    file: &str,
    bytes: Vec<u8>,
    text: &TextConfig,
) -> Result<WordTable, BundleError> {
    let shard = |reason: String| BundleError::Shard {
        file: file.to_owned(),
        reason,
    };
    let (mut rows, mut ids) = (None, None);
    for tensor in read(Bytes::from_bytes_vec(bytes)).map_err(shard)? {
        match tensor.name.as_str() {
            WORDS => rows = Some(tensor),
            IDS => ids = Some(floats(tensor)?.1),
            _ => {}
        }
    }
    let (Some(rows), Some(ids)) = (rows, ids) else {
        return Err(shard(format!("it has no {WORDS} or no {IDS}")));
    };
    let ids: Vec<u32> = ids.into_iter().map(|id| id as u32).collect();
    if !ids.is_sorted() {
        return Err(shard(format!("its {IDS} are not ascending")));
    }
    Ok(word_table(rows, [ids.len(), text.width])?.of_ids(ids))
}

/// Reads the whole word table from the shard that may follow later, [`Manifest::may_follow`].
///
/// # Errors
/// Fails if the manifest names no such file, or if its size, hash or content is wrong.
pub fn read_whole_words(
    manifest: &Manifest,
    name: &str,
    bytes: Vec<u8>,
) -> Result<WordTable, BundleError> {
    let mut files = manifest.files();
    let entry = files.find(|file| file.name == name && manifest.may_follow(name));
    let entry = entry.ok_or_else(|| BundleError::Stranger {
        file: name.to_owned(),
    })?;
    entry.verify(&bytes)?;
    let tensors = read(Bytes::from_bytes_vec(bytes)).map_err(|reason| BundleError::Shard {
        file: name.to_owned(),
        reason,
    })?;
    let table = tensors.into_iter().find(|tensor| tensor.name == WORDS);
    let table = table.ok_or_else(|| no_words(&manifest.model))?;
    let text = &manifest.model.text;
    word_table(table, [text.vocabulary, text.width])
}

#[cfg(all(test, feature = "native"))]
mod tests {
    use super::*;
    use crate::bundle::{BundleLoader, WeightStorage};
    use burn::tensor::Device;
    use std::fs;

    const SHIPPED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/weights/tiny/");

    fn file(name: &str) -> Vec<u8> {
        fs::read(format!("{SHIPPED}{name}")).expect("a file of the shipped weights")
    }

    fn loader() -> BundleLoader {
        let manifest = String::from_utf8(file("manifest.json")).expect("text");
        BundleLoader::new(&manifest).expect("a manifest")
    }

    #[test]
    fn the_shipped_weights_start_without_the_whole_table() {
        let mut loader = loader();
        let manifest = loader.manifest().clone();
        let first = manifest
            .files()
            .filter(|file| !manifest.may_follow(&file.name));
        for entry in first {
            loader.add(&entry.name, file(&entry.name)).expect("intact");
        }
        let common = manifest.common_file().expect("common words");
        loader
            .add(&common.name, file(&common.name))
            .expect("intact");
        let loaded = loader.finish(WeightStorage::Float, &Device::flex());
        let loaded = loaded.expect("enough to start");

        let late = manifest
            .files()
            .find(|file| manifest.may_follow(&file.name));
        let late = late.expect("a shard that follows");
        let whole = read_whole_words(&manifest, &late.name, file(&late.name)).expect("intact");
        let ids = |phrase: &str| loaded.tokenizer.encode(phrase).expect("words").ids;
        for phrase in [
            "the largest building left of the road",
            "swimming pools",
            "a \u{2603} tree",
        ] {
            assert!(loaded.words.has(&ids(phrase)), "{phrase}");
            let rows = loaded.words.rows(&ids(phrase));
            assert_eq!(rows, whole.rows(&ids(phrase)), "{phrase}");
        }
        let rare = ids("the mausoleum");
        assert!(!loaded.words.has(&rare) && whole.has(&rare));
    }

    #[test]
    fn without_either_table_the_shard_is_missing() {
        let mut loader = loader();
        let manifest = loader.manifest().clone();
        for entry in manifest.files() {
            if !manifest.may_follow(&entry.name) {
                loader.add(&entry.name, file(&entry.name)).expect("intact");
            }
        }
        let error = loader.finish(WeightStorage::Float, &Device::flex()).err();
        let error = error.expect("no word table").to_string();
        assert!(error.contains("is missing from the bundle"), "{error}");
    }

    #[test]
    fn only_the_shard_that_follows_is_taken_later() {
        let manifest = loader().manifest().clone();
        let name = &manifest.tokenizer.name;
        let error = read_whole_words(&manifest, name, file(name)).expect_err("another file");
        assert!(
            error.to_string().contains("not part of this bundle"),
            "{error}"
        );
        let late = manifest.shards.last().expect("a shard").name.clone();
        let error = read_whole_words(&manifest, &late, vec![0; 9]).expect_err("another length");
        assert!(error.to_string().contains("9 bytes"), "{error}");
    }
}
