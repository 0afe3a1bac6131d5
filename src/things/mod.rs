//! What is known of things in an image: their class, their pixels, and the words that people have for their colour,
//! shape, size and place. No network and no data set: the phrases of training, the reading of phrases and the choice
//! among found objects share these rules.

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
pub mod tone;

pub use class::{Class, ClassSet, OTHER, UNKNOWN};
