//! Quantisation: numbers in blocks that share a scale.

mod block;

pub use block::{BLOCK, Bits, Blocks, block_for};
