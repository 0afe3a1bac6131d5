//! How stored tensors become one of the encoder's.

/// How the stored numbers become the encoder's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// As they are, one part after the other.
    Keep,
    /// Stacked rows of outputs, as PyTorch's linear layers have them, to rows of inputs.
    Turned,
    /// The second part, one row, added to every row of the first.
    PlusRow,
    /// The first part times the second.
    Masked,
}

impl Form {
    /// `rows` of the result, for [`Form::Turned`].
    pub fn apply(self, mut parts: Vec<Vec<f32>>, rows: usize) -> Vec<f32> {
        match self {
            Self::Keep if parts.len() == 1 => parts.remove(0),
            Self::Keep => parts.concat(),
            Self::Turned => turned(&parts, rows),
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

/// The stacked parts, `[outputs, inputs]`, as `[inputs, outputs]`.
fn turned(parts: &[Vec<f32>], inputs: usize) -> Vec<f32> {
    /// Rows that are turned together, so that both sides stay in the cache.
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
