//! The published datasets in their own layouts, with the broken files that they are known for, drawn small
//! here: that they are read with the right counts and masks, and that `check` finds each fault.

mod own;
mod pickler;
mod refsegrs;
mod report;
mod risbench;
mod rle;
mod rrsis_d;
mod rrsis_d_tree;
mod trees;
