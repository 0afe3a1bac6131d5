//! Small copies of the published datasets in their own layouts, with the broken files that they are known for. They
//! must be read with the right counts and masks, and `check` must find each fault.

mod own;
mod pickler;
mod refsegrs;
mod report;
mod risbench;
mod rle;
mod rrsis_d;
mod rrsis_d_tree;
mod trees;
