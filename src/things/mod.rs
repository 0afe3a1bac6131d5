//! What is known about things in an image: their class, their pixels, and the words that people have for their colour,
//! shape, size and position. Uses no network and no data set. The training phrases, the reading of phrases and the
//! choice among found objects share these rules.

pub mod class;
pub mod colour;
pub mod components;
pub mod distance;
pub mod extreme;
pub mod fit;
pub mod material;
pub mod position;
pub mod region;
pub mod relation;
pub mod score;
pub mod shape;
pub mod size;
pub mod spread;
pub mod tone;

pub use class::{Class, ClassSet, OTHER, UNKNOWN};
