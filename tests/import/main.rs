//! The importers of published checkpoints: every container and every set of names that the encoders are
//! published with, and every way in which a file can be wrong.

mod broken;
mod containers;
mod damaged;
mod dinov2;
mod dinov3;
mod efficientnet;
mod misfits;
mod stored;
mod text;
