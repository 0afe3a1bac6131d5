//! Attention on the CPU: a few queries at a time, whose scores stay in the cache.

use core::mem::MaybeUninit;

use burn::backend::TensorMetadata;
use burn_flex::{Flex, FlexTensor};

use super::operation::Attention;
use super::softmax::softmax;
use crate::kernels::epilogue::Epilogue;
use crate::kernels::memory::{dense, for_each_line, numbers, tensor, written};
use crate::kernels::product::panels::Panels;
use crate::kernels::product::tile::{Left, Rows};

/// Queries that are processed together: whole tiles of a product.
const QUERIES: usize = 24;

impl Attention for Flex {
    fn attention(
        query: FlexTensor,
        key: FlexTensor,
        value: FlexTensor,
        hidden: FlexTensor,
        heads: usize,
    ) -> FlexTensor {
        let dtype = query.dtype();
        let [batch, queries, width] = query.shape().dims();
        let [_, keys, _] = key.shape().dims();
        let tensors = [query, key, value, hidden].map(dense);
        let [query, key, value, hidden] = tensors.each_ref().map(numbers);
        let image = |index: usize, output: &mut [MaybeUninit<f32>]| {
            let of = |values, rows| image_of(values, index, rows * width);
            let image = Image::new(of(key, keys), of(value, keys), width, heads);
            let (query, hidden) = (of(query, queries), image_of(hidden, index, keys));
            for_each_line(output, QUERIES * width, |part, output| {
                image.attend(&query[part * QUERIES * width..], hidden, output);
            });
        };
        // SAFETY: all parts of an image are written, and together they cover it.
        let values = unsafe { written(batch * queries * width, queries * width, image) };
        tensor(values, &[batch, queries, width], dtype)
    }
}

/// The `size` numbers of image `index`.
fn image_of(values: &[f32], index: usize, size: usize) -> &[f32] {
    &values[index * size..][..size]
}

/// What the queries of an image are multiplied by.
struct Image {
    heads: Vec<Head>,
    width: usize,
}

struct Head {
    /// `[head width, keys]`, scaled.
    key: Panels<'static>,
    /// `[keys, head width]`.
    value: Panels<'static>,
}

impl Image {
    /// `key`, `value`: `[keys, width]`, heads side by side.
    fn new(key: &[f32], value: &[f32], width: usize, heads: usize) -> Self {
        let own = width / heads;
        let keys = key.len() / width;
        let scale = 1.0 / (own as f32).sqrt();
        let head = |head: usize| {
            let mut turned = vec![0.0; own * keys];
            for (index, row) in key.chunks_exact(width).enumerate() {
                for (channel, number) in row[head * own..][..own].iter().enumerate() {
                    turned[channel * keys + index] = number * scale;
                }
            }
            let rows = value.chunks_exact(width);
            let values: Vec<f32> = rows
                .flat_map(|row| &row[head * own..][..own])
                .copied()
                .collect();
            Head {
                key: Panels::packed(&turned, &[], keys),
                value: Panels::packed(&values, &[], own),
            }
        };
        Self {
            heads: (0..heads).map(head).collect(),
            width,
        }
    }

    /// Writes the rows of `output`, `[queries, width]`, for as many rows of `query`; `hidden` is added to the scores.
    fn attend(&self, query: &[f32], hidden: &[f32], output: &mut [MaybeUninit<f32>]) {
        let (count, keys, own) = (
            output.len() / self.width,
            hidden.len(),
            self.width / self.heads.len(),
        );
        let mut scores = Vec::with_capacity(count * keys);
        let mut attended = Vec::with_capacity(count * own);
        for (index, head) in self.heads.iter().enumerate() {
            let queries = Left {
                values: &query[index * own..],
                step: self.width,
                segments: &[0],
                length: own,
            };
            let scores = product(queries, &head.key, count, &mut scores);
            for row in scores.chunks_exact_mut(keys) {
                softmax(row, hidden);
            }
            let weights = Left {
                values: scores,
                step: keys,
                segments: &[0],
                length: keys,
            };
            let attended = product(weights, &head.value, count, &mut attended);
            let rows = output.chunks_exact_mut(self.width);
            for (row, attended) in rows.zip(attended.chunks_exact(own)) {
                row[index * own..][..own].write_copy_of_slice(attended);
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
        epilogue: Epilogue::Identity,
    };
    rows.write(&mut output.spare_capacity_mut()[..size]);
    // SAFETY: every row and every column was written.
    unsafe { output.set_len(size) };
    output
}
