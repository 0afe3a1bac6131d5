//! The word table of the text encoder, kept in main memory: a phrase needs a few of its 30,522 rows, and as a GPU
//! tensor it would take more memory than the rest of the network.

use crate::quant::Blocks;

/// One row of `width` floats per token id.
#[derive(Debug, Clone)]
pub struct WordTable {
    rows: Rows,
    width: usize,
}

#[derive(Debug, Clone)]
enum Rows {
    Floats(Vec<f32>),
    Blocks(Blocks),
}

impl WordTable {
    /// A table from `rows * width` floats.
    pub fn from_floats(values: Vec<f32>, width: usize) -> Self {
        assert_eq!(values.len() % width, 0, "whole rows only");
        Self {
            rows: Rows::Floats(values),
            width,
        }
    }

    /// A quantised table; `width` must be a multiple of the block size.
    pub fn from_blocks(blocks: Blocks, width: usize) -> Self {
        assert!(
            width.is_multiple_of(blocks.block) && blocks.len().is_multiple_of(width),
            "whole rows of whole blocks only"
        );
        Self {
            rows: Rows::Blocks(blocks),
            width,
        }
    }

    /// Channels of a row.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Returns the rows of `ids` one after another, `[ids, width]`. An id beyond the table, for example from another
    /// model's tokenizer, gives zeros.
    pub fn rows(&self, ids: &[u32]) -> Vec<f32> {
        let mut values = Vec::with_capacity(ids.len() * self.width);
        for &id in ids {
            let start = id as usize * self.width;
            match &self.rows {
                Rows::Floats(all) => match all.get(start..start + self.width) {
                    Some(row) => values.extend(row),
                    None => values.resize(values.len() + self.width, 0.0),
                },
                Rows::Blocks(blocks) if start + self.width <= blocks.len() => {
                    values.extend(
                        blocks.decode_range(start / blocks.block, self.width / blocks.block),
                    );
                }
                Rows::Blocks(_) => values.resize(values.len() + self.width, 0.0),
            }
        }
        values
    }

    /// The whole table as floats.
    pub fn decode(&self) -> Vec<f32> {
        match &self.rows {
            Rows::Floats(values) => values.clone(),
            Rows::Blocks(blocks) => blocks.decode(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quant::{BLOCK, Bits};

    #[test]
    fn rows_come_from_either_form() {
        let values: Vec<f32> = (0..3 * BLOCK).map(|i| i as f32 / 7.0).collect();
        let floats = WordTable::from_floats(values.clone(), BLOCK);
        let packed = WordTable::from_blocks(Blocks::encode(&values, Bits::Q8, BLOCK), BLOCK);
        assert_eq!(floats.rows(&[2, 0])[..BLOCK], values[2 * BLOCK..]);
        for (a, b) in floats.rows(&[1, 2]).iter().zip(packed.rows(&[1, 2])) {
            assert!((a - b).abs() < 0.1, "{a} {b}");
        }
        assert_eq!(packed.rows(&[99]), vec![0.0; BLOCK]);
    }
}
