//! Conversion of stored tensors to one tensor of the encoder.

/// How the stored numbers are converted to the encoder's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// Unchanged, with the parts concatenated.
    Keep,
    /// Transposed: stacked rows of outputs, as in PyTorch's linear layers, to rows of inputs.
    Turned,
    /// The second part, a single row, is added to every row of the first.
    PlusRow,
    /// The first part times the second.
    Masked,
    /// A convolution, outputs first, with its batch norm's weight and variance as the other parts: every
    /// output is multiplied by `weight / sqrt(variance + epsilon)`.
    Folded,
    /// The same, transposed so that the outputs come last.
    FoldedTurned,
    /// A batch norm's bias, mean, weight and variance, combined to `bias - mean * weight / sqrt(variance +
    /// epsilon)`.
    FoldedBias,
}

/// TensorFlow's epsilon in EfficientNet's batch norms.
const EPSILON: f64 = 1e-3;

impl Form {
    /// Converts the parts to a tensor of `shape`.
    pub fn apply(self, mut parts: Vec<Vec<f32>>, shape: &[usize]) -> Vec<f32> {
        match self {
            Self::Keep if parts.len() == 1 => parts.remove(0),
            Self::Keep => parts.concat(),
            Self::Turned => turned(&parts, shape[0]),
            Self::Folded => folded(&parts),
            Self::FoldedTurned => {
                let outputs = shape.last().copied().unwrap_or(1).max(1);
                let weight = folded(&parts);
                let inputs = weight.len() / outputs;
                turned(&[weight], inputs)
            }
            Self::FoldedBias => folded_bias(&parts),
            Self::PlusRow | Self::Masked => {
                let second = parts.pop().unwrap_or_default();
                let mut first = parts.pop().unwrap_or_default();
                for (value, other) in first.iter_mut().zip(second.iter().cycle()) {
                    match self {
                        Self::PlusRow => *value += other,
                        _ => *value *= other,
                    }
                }
                first
            }
        }
    }
}

/// Returns the factor that a batch norm applies to each output.
fn factors<'a>(weight: &'a [f32], variance: &'a [f32]) -> impl Iterator<Item = f64> + 'a {
    let pairs = weight.iter().zip(variance);
    pairs.map(|(weight, variance)| f64::from(*weight) / (f64::from(*variance) + EPSILON).sqrt())
}

fn folded(parts: &[Vec<f32>]) -> Vec<f32> {
    let [convolution, weight, variance] = parts else {
        return Vec::new();
    };
    let each = (convolution.len() / weight.len().max(1)).max(1);
    let outputs = convolution.chunks_exact(each);
    outputs
        .zip(factors(weight, variance))
        .flat_map(|(output, factor)| {
            let scaled = move |value: &f32| (f64::from(*value) * factor) as f32;
            output.iter().map(scaled)
        })
        .collect()
}

fn folded_bias(parts: &[Vec<f32>]) -> Vec<f32> {
    let [bias, mean, weight, variance] = parts else {
        return Vec::new();
    };
    let shifts = bias.iter().zip(mean).zip(factors(weight, variance));
    shifts
        .map(|((bias, mean), factor)| (f64::from(*bias) - f64::from(*mean) * factor) as f32)
        .collect()
}

/// Transposes the stacked parts, `[outputs, inputs]`, to `[inputs, outputs]`.
fn turned(parts: &[Vec<f32>], inputs: usize) -> Vec<f32> {
    /// Rows that are transposed together, so that source and target stay in the cache.
    const TILE: usize = 16;
    let total = parts.iter().map(Vec::len).sum::<usize>();
    let outputs = total / inputs.max(1);
    let mut result = vec![0.0; total];
    let rows: Vec<&[f32]> = parts
        .iter()
        .flat_map(|part| part.chunks_exact(inputs.max(1)))
        .collect();
    for (tile, rows) in rows.chunks(TILE).enumerate() {
        for input in 0..inputs {
            let start = input * outputs + tile * TILE;
            let line = &mut result[start..start + rows.len()];
            for (value, row) in line.iter_mut().zip(rows) {
                *value = row[input];
            }
        }
    }
    result
}
