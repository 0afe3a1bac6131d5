//! Block quantisation: 32 values share a scale, symmetric around zero; 16 or 8 in a matrix whose rows do not
//! hold whole blocks of 32.
//!
//! The bytes are laid out as in Burn's packed quantised tensors: the values in 32-bit words, lowest bits first, then
//! one scale per block. In files the scales are f16; in memory they are f32, because a WebGPU adapter without
//! `shader-f16` silently returns stale numbers for f16 scales.

use burn::tensor::quantization::{QuantScheme, QuantStore, QuantValue, ScaleDtype};
use half::f16;
use serde::{Deserialize, Serialize};

/// Values that share a scale, as in GGML's Q8_0 and Q4_0.
pub const BLOCK: usize = 32;
/// Possible block sizes, largest first: the first one that divides a row is used.
const BLOCKS: [usize; 3] = [BLOCK, 16, 8];

/// Returns how many values share a scale in rows of `row` values; `None` if no block size fits.
pub fn block_for(row: usize) -> Option<usize> {
    let fits = |block: &usize| row > 0 && row.is_multiple_of(*block);
    BLOCKS.into_iter().find(fits)
}

/// Bits of a quantised value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Bits {
    /// Eight bits: -127 to 127.
    Q8,
    /// Four bits: -7 to 7.
    Q4,
}

impl Bits {
    /// Largest magnitude of a quantised value.
    fn limit(self) -> f32 {
        match self {
            Self::Q8 => 127.0,
            Self::Q4 => 7.0,
        }
    }

    /// Bytes of `count` packed values without their scales.
    pub fn packed_bytes(self, count: usize) -> usize {
        match self {
            Self::Q8 => count,
            Self::Q4 => count / 2,
        }
    }

    /// Burn's scheme for these bits, with one scale of type `scale` per `block` values.
    pub fn scheme(self, block: usize, scale: ScaleDtype) -> QuantScheme {
        let value = match self {
            Self::Q8 => QuantValue::Q8S,
            Self::Q4 => QuantValue::Q4S,
        };
        QuantScheme::default()
            .with_value(value)
            .with_store(QuantStore::PackedU32(0))
            .per_block([block as u8], scale)
    }

    /// Returns the bits of a scheme that this module writes, and how many values share a scale; `None` for any other
    /// scheme.
    pub fn of(scheme: &QuantScheme) -> Option<(Self, usize)> {
        let both = BLOCKS.map(|block| [(Self::Q8, block), (Self::Q4, block)]);
        both.into_iter()
            .flatten()
            .find(|(bits, block)| *scheme == bits.scheme(*block, ScaleDtype::F16))
    }
}

/// Packed values and their scales.
#[derive(Debug, Clone, PartialEq)]
pub struct Blocks {
    /// Bits of a value.
    pub bits: Bits,
    /// Values that share a scale.
    pub block: usize,
    /// Values, lowest bits first; [`Bits::packed_bytes`] of them.
    pub packed: Vec<u8>,
    /// One scale per block, each exactly representable in f16.
    pub scales: Vec<f32>,
}

impl Blocks {
    /// Quantises `values` in blocks of `block`; there must be a whole number of blocks.
    pub fn encode(values: &[f32], bits: Bits, block: usize) -> Self {
        assert_eq!(values.len() % block, 0, "whole blocks only");
        let mut packed = Vec::with_capacity(bits.packed_bytes(values.len()));
        let mut scales = Vec::with_capacity(values.len() / block);
        for block in values.chunks_exact(block) {
            let scale = best_scale(block, bits);
            scales.push(scale);
            let quantised = block
                .iter()
                .map(|&value| round(value, scale, bits.limit()) as i8 as u8);
            match bits {
                Bits::Q8 => packed.extend(quantised),
                Bits::Q4 => {
                    let nibbles: Vec<u8> = quantised.collect();
                    packed.extend(nibbles.chunks_exact(2).map(|p| (p[0] & 15) | (p[1] << 4)));
                }
            }
        }
        Self {
            bits,
            block,
            packed,
            scales,
        }
    }

    /// Number of values.
    pub fn len(&self) -> usize {
        self.scales.len() * self.block
    }

    /// Whether there are no values.
    pub fn is_empty(&self) -> bool {
        self.scales.is_empty()
    }

    /// The values of blocks `first..first + count`, as floats.
    pub fn decode_range(&self, first: usize, count: usize) -> Vec<f32> {
        let bytes = self.bits.packed_bytes(self.block);
        let mut values = Vec::with_capacity(count * self.block);
        let packed = self.packed.chunks_exact(bytes).skip(first).take(count);
        for (block, &scale) in packed.zip(&self.scales[first..first + count]) {
            match self.bits {
                Bits::Q8 => values.extend(block.iter().map(|&byte| f32::from(byte as i8) * scale)),
                Bits::Q4 => values.extend(
                    block
                        .iter()
                        .flat_map(|&byte| nibbles(byte))
                        .map(|nibble| f32::from(nibble) * scale),
                ),
            }
        }
        values
    }

    /// The values of rows `rows`, each of `width` values, which hold whole blocks.
    pub fn rows(&self, rows: impl Iterator<Item = usize> + Clone, width: usize) -> Self {
        let (bytes, blocks) = (self.bits.packed_bytes(width), width / self.block);
        let packed = rows
            .clone()
            .flat_map(|row| &self.packed[row * bytes..][..bytes]);
        let scales = rows.flat_map(|row| &self.scales[row * blocks..][..blocks]);
        Self {
            bits: self.bits,
            block: self.block,
            packed: packed.copied().collect(),
            scales: scales.copied().collect(),
        }
    }

    /// The same values in eight bits each.
    pub fn widened(&self) -> Self {
        let packed = match self.bits {
            Bits::Q8 => self.packed.clone(),
            Bits::Q4 => {
                let pairs = self.packed.iter().flat_map(|&byte| nibbles(byte));
                pairs.map(|value| value as u8).collect()
            }
        };
        Self {
            bits: Bits::Q8,
            block: self.block,
            packed,
            scales: self.scales.clone(),
        }
    }

    /// All values, as floats.
    pub fn decode(&self) -> Vec<f32> {
        self.decode_range(0, self.scales.len())
    }

    /// Bytes of a packed tensor whose scales are f32 (for a device) or f16 (for a file).
    pub fn to_bytes(&self, scale: ScaleDtype) -> Vec<u8> {
        let mut bytes = self.packed.clone();
        for &value in &self.scales {
            match scale {
                ScaleDtype::F16 => bytes.extend(f16::from_f32(value).to_le_bytes()),
                _ => bytes.extend(value.to_le_bytes()),
            }
        }
        bytes
    }

    /// Reads what [`Blocks::to_bytes`] wrote with f16 scales; returns `None` if the length does not fit.
    pub fn from_bytes(bytes: &[u8], count: usize, bits: Bits, block: usize) -> Option<Self> {
        let packed = bits.packed_bytes(count);
        if !count.is_multiple_of(block) || bytes.len() != packed + count / block * 2 {
            return None;
        }
        let (packed, scales) = bytes.split_at(packed);
        let scales = scales
            .chunks_exact(2)
            .map(|b| f16::from_le_bytes([b[0], b[1]]).to_f32());
        Some(Self {
            bits,
            block,
            packed: packed.to_vec(),
            scales: scales.collect(),
        })
    }
}

/// The two signed values of a byte, the lower bits first.
fn nibbles(byte: u8) -> [i8; 2] {
    [(byte << 4) as i8 >> 4, byte as i8 >> 4]
}

fn round(value: f32, scale: f32, limit: f32) -> f32 {
    if scale == 0.0 {
        0.0
    } else {
        (value / scale).round().clamp(-limit, limit)
    }
}

/// The scale with the smallest squared error among the full range and smaller ranges. At eight bits clipping never
/// pays off. At four bits it usually does, because one outlier would coarsen all other values of the block.
fn best_scale(block: &[f32], bits: Bits) -> f32 {
    let peak = block
        .iter()
        .fold(0.0f32, |peak, value| peak.max(value.abs()));
    let candidates = match bits {
        Bits::Q8 => 1,
        Bits::Q4 => 16,
    };
    let limit = bits.limit();
    let mut best = (f32::INFINITY, 0.0);
    for step in 0..candidates {
        let scale = f16::from_f32(peak / limit * (1.0 - 0.03 * step as f32)).to_f32();
        let error: f32 = block
            .iter()
            .map(|&v| (round(v, scale, limit) * scale - v).powi(2))
            .sum();
        if error < best.0 {
            best = (error, scale);
        }
    }
    best.1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wave(count: usize) -> Vec<f32> {
        (0..count)
            .map(|i| (i as f32 * 0.37).sin() * (1.0 + (i / BLOCK) as f32))
            .collect()
    }

    #[test]
    fn widening_changes_no_value() {
        for bits in [Bits::Q4, Bits::Q8] {
            let blocks = Blocks::encode(&wave(4 * BLOCK), bits, BLOCK);
            let wide = blocks.widened();
            assert_eq!((wide.bits, wide.packed.len()), (Bits::Q8, 4 * BLOCK));
            assert_eq!(wide.decode(), blocks.decode());
        }
    }

    #[test]
    fn the_error_stays_within_half_a_step() {
        let values = wave(4 * BLOCK);
        let blocks = Blocks::encode(&values, Bits::Q8, BLOCK);
        for (block, (value, decoded)) in values
            .iter()
            .zip(blocks.decode())
            .enumerate()
            .map(|(i, pair)| (i / BLOCK, pair))
        {
            assert!((value - decoded).abs() <= blocks.scales[block] * 0.51);
        }
        let error = |bits| -> f32 {
            let decoded = Blocks::encode(&values, bits, BLOCK).decode();
            values
                .iter()
                .zip(decoded)
                .map(|(v, d)| (v - d).powi(2))
                .sum()
        };
        assert!(error(Bits::Q4) > error(Bits::Q8));
        assert!(error(Bits::Q4) < 0.01 * values.iter().map(|v| v * v).sum::<f32>());
    }

    #[test]
    fn bytes_come_back_and_a_wrong_length_does_not() {
        let count = 3 * BLOCK;
        for (bits, block) in [
            (Bits::Q8, 32),
            (Bits::Q4, 32),
            (Bits::Q8, 8),
            (Bits::Q4, 16),
        ] {
            let blocks = Blocks::encode(&wave(count), bits, block);
            let bytes = blocks.to_bytes(ScaleDtype::F16);
            assert_eq!(
                Blocks::from_bytes(&bytes, count, bits, block),
                Some(blocks.clone())
            );
            assert_eq!(Blocks::from_bytes(&bytes[1..], count, bits, block), None);
            assert_eq!(blocks.len(), count);
            assert_eq!(blocks.decode_range(1, 1), blocks.decode()[block..2 * block]);
            let scheme = bits.scheme(block, ScaleDtype::F16);
            assert_eq!(Bits::of(&scheme), Some((bits, block)));
        }
    }

    #[test]
    fn a_row_has_the_largest_block_that_fits() {
        let found = [384, 528, 88, 24, 48, 120, 12, 0].map(block_for);
        let expected = [32, 16, 8, 8, 16, 8].map(Some);
        assert_eq!(found[..6], expected);
        assert_eq!(found[6..], [None, None]);
    }

    #[test]
    fn zeros_stay_zeros() {
        let blocks = Blocks::encode(&[0.0; BLOCK], Bits::Q4, BLOCK);
        assert_eq!(blocks.decode(), vec![0.0; BLOCK]);
    }
}
