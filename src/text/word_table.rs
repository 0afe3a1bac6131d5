//! The word table of the text encoder, kept in main memory: a phrase needs a few of its 30,522 rows, and as a GPU
//! tensor it would take more memory than the rest of the network.

use crate::quant::Blocks;

/// One row of `width` floats per token id, or for some token ids only.
#[derive(Debug, Clone)]
pub struct WordTable {
    rows: Rows,
    width: usize,
    /// The ids that the rows are of, ascending; `None` if row `i` is that of id `i`.
    ids: Option<Vec<u32>>,
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
            ids: None,
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
            ids: None,
        }
    }

    /// The same rows as those of `ids`, which must be ascending and as many.
    pub fn of_ids(mut self, ids: Vec<u32>) -> Self {
        assert!(ids.is_sorted(), "ascending ids");
        assert_eq!(ids.len(), self.count(), "an id for each row");
        self.ids = Some(ids);
        self
    }

    /// Number of rows.
    fn count(&self) -> usize {
        let values = match &self.rows {
            Rows::Floats(values) => values.len(),
            Rows::Blocks(blocks) => blocks.len(),
        };
        values / self.width
    }

    /// Whether the rows of all of `ids` are there. A table of all ids has them.
    pub fn has(&self, ids: &[u32]) -> bool {
        let listed = |own: &Vec<u32>| ids.iter().all(|id| own.binary_search(id).is_ok());
        self.ids.as_ref().is_none_or(listed)
    }

    /// Channels of a row.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Returns the rows of `ids` one after another, `[ids, width]`. An id that is not in the table, for example from
    /// another model's tokenizer, gives zeros.
    pub fn rows(&self, ids: &[u32]) -> Vec<f32> {
        let mut values = Vec::with_capacity(ids.len() * self.width);
        for &id in ids {
            let row = match &self.ids {
                Some(own) => own.binary_search(&id).unwrap_or(own.len()),
                None => id as usize,
            };
            let start = row * self.width;
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

    /// All rows as floats.
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

    #[test]
    fn rows_of_some_ids_are_found_by_id() {
        let values: Vec<f32> = (0..3 * BLOCK).map(|i| i as f32 / 7.0).collect();
        let whole = WordTable::from_floats(values, BLOCK);
        let some = WordTable::from_floats(whole.rows(&[0, 2]), BLOCK).of_ids(vec![0, 2]);
        assert_eq!(some.rows(&[2, 0]), whole.rows(&[2, 0]));
        assert!(some.has(&[2, 0, 2]) && !some.has(&[0, 1]));
        assert!(whole.has(&[0, 1, 99]));
        assert_eq!(some.rows(&[1]), vec![0.0; BLOCK]);
    }
}
