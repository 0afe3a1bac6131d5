//! How large maps may be.

/// Largest number of map pixels of a plan. The native program keeps such a map in a temporary file.
pub const MAP_PIXELS: u64 = 2_000_000_000;

/// The same in a browser tab: the map, its mask, the labels of its objects and its pictures are in memory at once.
pub const MAP_PIXELS_IN_A_TAB: u64 = 36_000_000;

/// Map pixels up to which the native program keeps a map in memory.
pub const MAP_PIXELS_IN_MEMORY: usize = 64 << 20;

/// Longest side of the map of a single pass.
pub const LONGEST_LOOK: usize = 2048;
