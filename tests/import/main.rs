//! The importers of published checkpoints, with every container and every naming scheme that the encoders are published
//! in, and with every kind of faulty file.

mod broken;
mod containers;
mod damaged;
mod dinov2;
mod dinov3;
mod efficientnet;
mod misfits;
mod stored;
mod text;
