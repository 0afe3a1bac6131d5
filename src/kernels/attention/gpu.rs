//! Attention on every GPU that CubeCL supports, in one dispatch, without a matrix of scores.

use burn::backend::TensorMetadata;
use burn::backend::cubecl::dtype_to_storage_type;
use burn::tensor::DType;
use burn_cubecl::kernel::into_contiguous;
use burn_cubecl::tensor::CubeTensor;
use burn_cubecl::{CubeBackend, cubecl};
use cubecl::prelude::*;

use super::operation::Attention;
use crate::kernels::launch::{address, cubes, empty};

/// The smallest number: finite, so that the weights of padded keys alone are equal.
const SMALLEST: f32 = f32::MIN;

impl Attention for CubeBackend {
    fn attention(
        query: CubeTensor,
        key: CubeTensor,
        value: CubeTensor,
        heads: usize,
    ) -> CubeTensor {
        launch([query, key, value], None, heads)
    }

    fn padded_attention(
        query: CubeTensor,
        key: CubeTensor,
        value: CubeTensor,
        padding: CubeTensor,
        heads: usize,
    ) -> CubeTensor {
        launch([query, key, value], Some(into_contiguous(padding)), heads)
    }
}

/// Attention of query to key and value.
fn launch(tensors: [CubeTensor; 3], padding: Option<CubeTensor>, heads: usize) -> CubeTensor {
    let [query, key, value] = tensors.map(with_whole_rows);
    let [batch, queries, width] = query.shape().dims();
    let [_, keys, _] = key.shape().dims();
    let shape = query.shape();
    let output = empty(&query, shape);
    let units = batch * queries * heads;
    if units == 0 || width == 0 {
        return output;
    }
    let head = width / heads;
    let (count, dim) = cubes(&query, units);
    let held = padding.as_ref().map_or(DType::U32, |padding| padding.dtype);
    attended::launch(
        &output.client,
        count,
        dim,
        address(&[&query, &key, &value]),
        steps(&query),
        steps(&key),
        steps(&value),
        query.into_buffer_arg(),
        key.into_buffer_arg(),
        value.into_buffer_arg(),
        padding.map(CubeTensor::into_buffer_arg).into(),
        output.clone().into_buffer_arg(),
        units,
        queries,
        keys,
        heads,
        1.0 / (head as f32).sqrt(),
        head,
        [output.dtype, held].map(dtype_to_storage_type),
    );
    output
}

/// Where the rows of a tensor begin: one image begins `image` numbers after the one before, one row `row`.
#[derive(CubeLaunch, CubeType)]
struct Steps {
    image: usize,
    row: usize,
}

fn steps(x: &CubeTensor) -> StepsLaunch {
    let strides = x.meta.strides();
    StepsLaunch::new(strides[0], strides[1])
}

/// A view is not copied if its rows are contiguous.
fn with_whole_rows(x: CubeTensor) -> CubeTensor {
    match x.meta.strides()[2] {
        1 => x,
        _ => into_contiguous(x),
    }
}

/// One invocation: one head of one query. The weights are rescaled whenever a larger score is met (Milakov and
/// Gimelshein 2018, arXiv 1805.02867). `padding`: not 0 at keys that are not attended to; `head`: channels of a head.
#[cube(launch, address_type = "dynamic")]
fn attended<F: Float, B: Int>(
    query_steps: Steps,
    key_steps: Steps,
    value_steps: Steps,
    query: &[F],
    key: &[F],
    value: &[F],
    padding: ComptimeOption<&[B]>,
    output: &mut [F],
    units: usize,
    queries: usize,
    keys: usize,
    heads: usize,
    scale: f32,
    #[comptime] head: usize,
    #[define(F, B)] _dtypes: [ElemType; 2],
) {
    if ABSOLUTE_POS >= units {
        terminate!();
    }
    let own = ABSOLUTE_POS % heads;
    let line = ABSOLUTE_POS / heads;
    let image = line / queries;
    let start = ABSOLUTE_POS * head;
    let asks = image * query_steps.image + (line % queries) * query_steps.row + own * head;
    let mut asked = Array::<f32>::new(head);
    let mut sums = Array::<f32>::new(head);
    #[unroll]
    for channel in 0..head {
        asked[channel] = f32::cast_from(query[asks + channel]) * scale;
        sums[channel] = f32::new(0.0f32);
    }
    let mut largest = f32::new(SMALLEST);
    let mut total = f32::new(0.0f32);
    for index in 0..keys {
        let keys_from = image * key_steps.image + index * key_steps.row + own * head;
        let values_from = image * value_steps.image + index * value_steps.row + own * head;
        let mut score = f32::new(0.0f32);
        #[comptime]
        if let ComptimeOption::Some(padding) = padding {
            let hidden = u32::cast_from(padding[image * keys + index]) != 0u32;
            if hidden {
                score = f32::new(SMALLEST);
            }
        }
        #[unroll]
        for channel in 0..head {
            score += asked[channel] * f32::cast_from(key[keys_from + channel]);
        }
        let larger = max(largest, score);
        let kept = f32::exp(largest - larger);
        let weight = f32::exp(score - larger);
        total = total * kept + weight;
        #[unroll]
        for channel in 0..head {
            let met = f32::cast_from(value[values_from + channel]);
            sums[channel] = sums[channel] * kept + met * weight;
        }
        largest = larger;
    }
    #[unroll]
    for channel in 0..head {
        output[start + channel] = F::cast_from(sums[channel] / total);
    }
}
