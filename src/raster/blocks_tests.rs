//! Tables of blocks that writers leave incomplete.
