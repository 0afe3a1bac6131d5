//! Attention on the CPU: a few queries at a time, whose scores stay in the cache.

use core::mem::MaybeUninit;

use burn::backend::TensorMetadata;
use burn::tensor::DType;
use burn_flex::{Flex, FlexTensor};

use super::operation::Attention;
use super::softmax::softmax;
use crate::kernels::epilogue::Epilogue;
use crate::kernels::memory::{dense, for_each_line, tensor, written};
use crate::kernels::product::panels::Panels;
use crate::kernels::product::tile::{Left, Rows};
use crate::kernels::simd::MOST;

/// Queries that are processed together: whole tiles of a product.
const QUERIES: usize = 24;

impl Attention for Flex {
    fn attention(
        query: FlexTensor,
        key: FlexTensor,
        value: FlexTensor,
        heads: usize,
    ) -> FlexTensor {
        attended([query, key, value], None, heads)
    }

    fn padded_attention(
        query: FlexTensor,
        key: FlexTensor,
        value: FlexTensor,
        padding: FlexTensor,
        heads: usize,
    ) -> FlexTensor {
        let padding = match padding.is_contiguous() {
            true => padding,
            false => padding.to_contiguous(),
        };
        let (start, count) = (
            padding.layout().start_offset(),
            padding.shape().num_elements(),
        );
        let padding = &padding.storage::<u8>()[start..][..count];
        attended([query, key, value], Some(padding), heads)
    }
}

/// Attention of query to key and value, with `padding`, a number for each key, not 0 at padding.
fn attended(tensors: [FlexTensor; 3], padding: Option<&[u8]>, heads: usize) -> FlexTensor {
    let dtype = tensors[0].dtype();
    let [batch, queries, width] = tensors[0].shape().dims();
    let [_, keys, _] = tensors[1].shape().dims();
    let tensors = tensors.map(with_dense_tokens);
    let [query, key, value] = tensors.each_ref().map(Tokens::of);
    let room = keys.next_multiple_of(MOST);
    let image = |index: usize, output: &mut [MaybeUninit<f32>]| {
        let [query, key, value] = [&query, &key, &value].map(|tokens| tokens.of_image(index));
        let image = Image::new(&key, &value, [keys, width], heads);
        let mut hidden = match padding {
            Some(padding) => padding[index * keys..][..keys].iter().map(added).collect(),
            None => vec![0.0; keys],
        };
        hidden.resize(room, f32::NEG_INFINITY);
        if hidden.iter().all(|added| *added == 0.0) {
            hidden.clear();
        }
        for_each_line(output, QUERIES * width, |part, output| {
            image.attend(&query.from(part * QUERIES), &hidden, output);
        });
    };
    // SAFETY: all parts of an image are written, and together they cover it.
    let values = unsafe { written(batch * queries * width, queries * width, image) };
    tensor(values, &[batch, queries, width], dtype)
}

/// What is added to the scores of a key: finite, so that the padded keys of a phrase without words still differ from no
/// keys at all.
fn added(padding: &u8) -> f32 {
    match padding {
        0 => 0.0,
        _ => f32::MIN,
    }
}

/// Converts `[batch, tokens, width]` so that the channels of a token are side by side. The tokens may be parts of wider
/// ones.
fn with_dense_tokens(tensor: FlexTensor) -> FlexTensor {
    let strides = tensor.layout().strides();
    let dense_tokens = strides.iter().all(|stride| *stride >= 0) && strides.last() == Some(&1);
    match dense_tokens && tensor.dtype() == DType::F32 {
        true => tensor,
        false => dense(tensor),
    }
}

/// Tokens whose channels are side by side.
#[derive(Clone, Copy)]
struct Tokens<'a> {
    values: &'a [f32],
    /// Numbers from one image to the next.
    image: usize,
    /// Numbers from one token to the next.
    step: usize,
}

impl<'a> Tokens<'a> {
    /// The tokens of a tensor that [`with_dense_tokens`] returned.
    fn of(tensor: &'a FlexTensor) -> Self {
        let layout = tensor.layout();
        let [image, step] = [0, 1].map(|axis| layout.strides()[axis].unsigned_abs());
        Self {
            values: &tensor.storage()[layout.start_offset()..],
            image,
            step,
        }
    }

    /// The tokens of image `index`.
    fn of_image(&self, index: usize) -> Self {
        Self {
            values: &self.values[index * self.image..],
            ..*self
        }
    }

    /// The tokens from `index` on.
    fn from(&self, index: usize) -> Self {
        Self {
            values: &self.values[index * self.step..],
            ..*self
        }
    }

    /// `count` channels from `channel` on of token `index`.
    fn channels(&self, index: usize, channel: usize, count: usize) -> &'a [f32] {
        &self.values[index * self.step + channel..][..count]
    }
}

/// Keys and values of an image, by head, packed for products.
struct Image {
    heads: Vec<Head>,
    width: usize,
}

struct Head {
    /// `[head width, keys]`, scaled; the number of keys is padded to whole vectors.
    key: Panels<'static>,
    /// `[keys, head width]`, padded with zeros likewise.
    value: Panels<'static>,
}

impl Image {
    /// `key`, `value`: `[keys, width]`, heads side by side.
    fn new(key: &Tokens, value: &Tokens, [keys, width]: [usize; 2], heads: usize) -> Self {
        let own = width / heads;
        let padded = keys.next_multiple_of(MOST);
        let scale = 1.0 / (own as f32).sqrt();
        let head = |head: usize| {
            let mut turned = vec![0.0; own * padded];
            for index in 0..keys {
                let row = key.channels(index, head * own, own);
                for (channel, number) in row.iter().enumerate() {
                    turned[channel * padded + index] = number * scale;
                }
            }
            let mut values = Vec::with_capacity(padded * own);
            for index in 0..keys {
                values.extend_from_slice(value.channels(index, head * own, own));
            }
            values.resize(padded * own, 0.0);
            Head {
                key: Panels::packed(&turned, &[], padded),
                value: Panels::packed(&values, &[], own),
            }
        };
        Self {
            heads: (0..heads).map(head).collect(),
            width,
        }
    }

    /// Writes the rows of `output`, `[queries, width]`, for as many tokens of `query`; `hidden` is added to the scores,
    /// or is empty.
    fn attend(&self, query: &Tokens, hidden: &[f32], output: &mut [MaybeUninit<f32>]) {
        let (count, own) = (output.len() / self.width, self.width / self.heads.len());
        let mut scales = vec![0.0; count];
        let (mut scores, mut attended) = (Vec::new(), Vec::new());
        for (index, head) in self.heads.iter().enumerate() {
            let queries = Left {
                values: &query.values[index * own..],
                step: query.step,
                segments: &[0],
                length: own,
            };
            let scores = product(queries, &head.key, count, &mut scores);
            softmax(scores, hidden, &mut scales);
            let keys = head.key.columns;
            let weights = Left {
                values: scores,
                step: keys,
                segments: &[0],
                length: keys,
            };
            let attended = product(weights, &head.value, count, &mut attended);
            let rows = output.chunks_exact_mut(self.width);
            for ((row, attended), scale) in rows.zip(attended.chunks_exact(own)).zip(&scales) {
                for (to, number) in row[index * own..][..own].iter_mut().zip(attended) {
                    to.write(number * scale);
                }
            }
        }
    }
}

/// Computes `count` rows of a product in the memory of `output`.
fn product<'a>(
    left: Left,
    right: &Panels,
    count: usize,
    output: &'a mut Vec<f32>,
) -> &'a mut [f32] {
    let size = count * right.columns;
    output.clear();
    output.reserve(size);
    let rows = Rows {
        left,
        right,
        count,
        columns: 0..right.columns,
        epilogue: Epilogue::Identity,
    };
    rows.write(&mut output.spare_capacity_mut()[..size]);
    // SAFETY: every row and every column was written.
    unsafe { output.set_len(size) };
    output
}
