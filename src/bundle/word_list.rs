//! Writes the file of common words for a word table.

use std::collections::BTreeSet;

use burn::tensor::quantization::ScaleDtype;
use burn::tensor::{Bytes, DType};
use burn_pack::Tensor;

use super::common_words::IDS;
use super::error::BundleError;
use super::stored::{blocks, of_floats};
use super::tensors::Tensors;
use crate::text::PhraseTokenizer;

/// Words that phrases about aerial images consist of, one a line: those of the reader and of the generator of phrases,
/// those of the test phrases, and the 2,000 most frequent ones of BERT's vocabulary.
const LIST: &str = include_str!("common_words.txt");

/// Returns the file with the rows of common words of `table`, the word table in its stored form; `None` if its rows are
/// not quantised in whole blocks.
///
/// # Errors
/// Fails if the table or a word cannot be read.
pub fn common_words(
    table: Tensor,
    tokenizer: &PhraseTokenizer,
) -> Result<Option<Vec<u8>>, BundleError> {
    let DType::QFloat(scheme) = table.dtype else {
        return Ok(None);
    };
    let (name, shape, blocks) = blocks(table)?;
    let [count, width] = shape[..] else {
        return Ok(None);
    };
    if !width.is_multiple_of(blocks.block) {
        return Ok(None);
    }
    let mut ids = BTreeSet::new();
    // The last one means nothing, so that the id for unknown words is there.
    for word in LIST.lines().chain(["\u{2603}"]) {
        ids.extend(tokenizer.ids(word)?);
    }
    // With padding.
    ids.extend(tokenizer.encode("building")?.ids);
    let ids: Vec<u32> = ids
        .into_iter()
        .filter(|id| (*id as usize) < count)
        .collect();
    let rows = blocks.rows(ids.iter().map(|id| *id as usize), width);
    let bytes = Bytes::from_bytes_vec(rows.to_bytes(ScaleDtype::F16));
    let listed = ids.iter().map(|id| *id as f32).collect();
    let tensors = vec![
        Tensor::new(
            name,
            DType::QFloat(scheme),
            vec![ids.len(), width],
            None,
            bytes,
        ),
        of_floats(IDS.to_owned(), listed, vec![ids.len()]),
    ];
    Tensors::from(tensors).into_bytes().map(Some)
}
