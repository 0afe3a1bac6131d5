//! Samples in the form that the network takes. Samples are prepared on the host, so that another thread can do it.

use burn::tensor::{Bool, Device, Tensor, TensorData};

use crate::data::Sample;
use crate::model::MASK_STRIDE;
use crate::text::{PhraseTokenizer, TextError, WordTable};
use crate::vision::{Mask, Normalisation, RgbImage, resize_mask, to_input};

/// Token counts are rounded up to a multiple of this, so that a GPU sees few distinct shapes.
const LENGTH_STEP: usize = 4;

/// A batch in host memory.
#[derive(Debug, Clone)]
pub struct HostBatch {
    side: usize,
    phrases: HostPhrases,
    image: Vec<f32>,
    target: Vec<f32>,
    known: Option<Vec<f32>>,
}

impl<'a> From<&'a Sample> for Example<'a> {
    fn from(sample: &'a Sample) -> Self {
        Self {
            image: &sample.image,
            phrase: &sample.phrase,
            mask: &sample.mask,
            known: sample.known.as_ref(),
        }
    }
}

/// The phrases of a batch in host memory.
#[derive(Debug, Clone)]
pub struct HostPhrases {
    count: usize,
    length: usize,
    words: Vec<f32>,
    padding: Vec<bool>,
}

/// A batch on the device.
#[derive(Debug, Clone)]
pub struct Batch {
    /// Normalised images, `[batch, 3, side, side]`.
    pub image: Tensor<4>,
    /// Rows of the word table, `[batch, tokens, text width]`.
    pub words: Tensor<3>,
    /// True at padding, `[batch, tokens]`.
    pub padding: Tensor<2, Bool>,
    /// Covered fraction of each mask pixel, `[batch, 1, side / 4, side / 4]`.
    pub target: Tensor<4>,
    /// 1 where the target is known, 0 elsewhere; same shape as the target. None if the whole mask is known.
    pub known: Option<Tensor<4>>,
}

/// One image with its phrase and mask, borrowed.
#[derive(Debug, Clone, Copy)]
pub struct Example<'a> {
    /// The image, of any size.
    pub image: &'a RgbImage,
    /// The referring expression.
    pub phrase: &'a str,
    /// The mask of what the phrase refers to, at the image's size.
    pub mask: &'a Mask,
    /// Where the mask is known, at the image's size; None if it is known everywhere.
    pub known: Option<&'a Mask>,
}

impl HostPhrases {
    /// Looks the tokens of `phrases` up in the word table.
    ///
    /// # Errors
    /// Fails if the tokenizer rejects a phrase.
    pub fn new<'a>(
        phrases: impl Iterator<Item = &'a str>,
        tokenizer: &PhraseTokenizer,
        words: &WordTable,
    ) -> Result<Self, TextError> {
        let tokens = phrases
            .map(|phrase| tokenizer.encode(phrase))
            .collect::<Result<Vec<_>, _>>()?;
        let longest = tokens
            .iter()
            .map(|t| t.mask.iter().filter(|&&real| real).count())
            .max()
            .unwrap_or(0);
        let length = longest
            .next_multiple_of(LENGTH_STEP)
            .min(tokenizer.max_tokens());
        let mut all = Self {
            count: tokens.len(),
            length,
            words: Vec::with_capacity(tokens.len() * length * words.width()),
            padding: Vec::with_capacity(tokens.len() * length),
        };
        for tokens in tokens {
            all.words.extend(words.rows(&tokens.ids[..length]));
            let real = tokens.mask[..length].iter();
            all.padding.extend(real.map(|real| !real));
        }
        Ok(all)
    }

    /// The rows of the word table, `[batch, tokens, text width]`, and a mask that is true at padding, `[batch,
    /// tokens]`.
    pub fn into_tensors(self, device: &Device) -> (Tensor<3>, Tensor<2, Bool>) {
        let Self { count, length, .. } = self;
        let width = self.words.len() / (count * length).max(1);
        let words = TensorData::new(self.words, [count, length, width]);
        let padding = TensorData::new(self.padding, [count, length]);
        (
            Tensor::from_data(words, device),
            Tensor::from_data(padding, device),
        )
    }
}

impl HostBatch {
    /// Prepares `examples` for an input of `side` pixels.
    ///
    /// # Errors
    /// Fails if the tokenizer rejects a phrase.
    pub fn new(
        examples: &[Example<'_>],
        side: usize,
        normalisation: Normalisation,
        tokenizer: &PhraseTokenizer,
        words: &WordTable,
    ) -> Result<Self, TextError> {
        let phrases = examples.iter().map(|example| example.phrase);
        let mut batch = Self {
            side,
            phrases: HostPhrases::new(phrases, tokenizer, words)?,
            image: Vec::with_capacity(examples.len() * 3 * side * side),
            target: Vec::with_capacity(examples.len() * (side / MASK_STRIDE).pow(2)),
            known: None,
        };
        if examples.iter().any(|example| example.known.is_some()) {
            let cells = (side / MASK_STRIDE).pow(2);
            let known = examples.iter().flat_map(|example| match example.known {
                None => vec![1.0; cells],
                Some(known) => fully_covered(known, side),
            });
            batch.known = Some(known.collect());
        }
        for example in examples {
            batch
                .image
                .extend(to_input(example.image, [side, side], normalisation));
            batch.target.extend(coverage(example.mask, side));
        }
        Ok(batch)
    }

    /// Moves the batch to `device`.
    pub fn into_batch(self, device: &Device) -> Batch {
        let Self { side, phrases, .. } = self;
        let count = phrases.count;
        let fine = side / MASK_STRIDE;
        let image = TensorData::new(self.image, [count, 3, side, side]);
        let target = TensorData::new(self.target, [count, 1, fine, fine]);
        let known = self
            .known
            .map(|known| Tensor::from_data(TensorData::new(known, [count, 1, fine, fine]), device));
        let (words, padding) = phrases.into_tensors(device);
        Batch {
            image: Tensor::from_data(image, device),
            words,
            padding,
            target: Tensor::from_data(target, device),
            known,
        }
    }
}

/// Returns the covered fraction of each mask pixel, for an input of `side` pixels, `[side / 4, side / 4]`.
pub fn coverage(mask: &Mask, side: usize) -> Vec<f32> {
    let share = 1.0 / CELL_PIXELS as f32;
    let counts = covered_pixels(mask, side).into_iter();
    counts.map(|count| share * f32::from(count)).collect()
}

/// Returns 1 for each mask pixel that is fully covered and 0 for the others, `[side / 4, side / 4]`.
fn fully_covered(mask: &Mask, side: usize) -> Vec<f32> {
    let counts = covered_pixels(mask, side).into_iter();
    counts
        .map(|count| f32::from(u8::from(usize::from(count) == CELL_PIXELS)))
        .collect()
}

/// Returns the number of covered input pixels, 0 to 16, per mask pixel for an input of `side` pixels, `[side
/// / 4, side / 4]`.
pub fn covered_pixels(mask: &Mask, side: usize) -> Vec<u8> {
    let resized;
    let mask = if (mask.width(), mask.height()) == (side, side) {
        mask
    } else {
        resized = resize_mask(mask, side, side);
        &resized
    };
    let fine = side / MASK_STRIDE;
    let mut values = vec![0; fine * fine];
    for (y, row) in mask
        .bits()
        .chunks_exact(side)
        .take(fine * MASK_STRIDE)
        .enumerate()
    {
        let line = &mut values[y / MASK_STRIDE * fine..][..fine];
        for (value, cell) in line.iter_mut().zip(row.chunks_exact(MASK_STRIDE)) {
            *value += cell.iter().filter(|&&bit| bit).count() as u8;
        }
    }
    values
}

/// Input pixels per mask pixel.
pub const CELL_PIXELS: usize = MASK_STRIDE * MASK_STRIDE;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coverage_is_the_share_of_set_pixels() {
        let mut mask = Mask::empty(8, 8);
        for x in 0..4 {
            mask.set(x, 0, true);
            mask.set(7, x + 4, true);
        }
        assert_eq!(coverage(&mask, 8), vec![0.25, 0.0, 0.0, 0.25]);
        assert_eq!(covered_pixels(&mask, 8), vec![4, 0, 0, 4]);
        let mut known = Mask::full(8, 8);
        known.set(5, 1, false);
        assert_eq!(fully_covered(&known, 8), vec![1.0, 0.0, 1.0, 1.0]);
    }
}
