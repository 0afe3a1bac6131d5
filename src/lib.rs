//! **s4eca**: type a phrase, get its mask on an aerial image.
//!
//! The crate is one network, S4ECA (arXiv 2606.30244), with two front ends: the page in the browser and a native
//! program (feature `native`, Vulkan or the CPU) that also trains. The page has wasm modules for each of its workers: the
//! network (feature `web`, WebGPU or the CPU), scenes, phrases and masks (feature `scene`, without Burn, and `scene-full`,
//! which reads rarer files too), and learning from examples (feature `teach`, the CPU; fetched only when someone adapts).
//! All run the same code from pixels to mask:
//!
//! ```text
//! vision (resize, normalise) ─┐
//!                             ├ model (S4ECA) ── segment (probabilities, mask)
//! text (tokenizer, words)  ───┘
//! ```
//!
//! [`bundle`] loads the weights. Natively, `import` reads public encoders, `data` makes phrases and masks of scenes,
//! `train` trains on them, `study` holds the baselines and their costs, and `cli` is the program. `learn` is a
//! training's step and `adapt` learns from examples, natively and in the browser. For the browser, `web`, `web_scene`
//! and `web_teach` are the bindings.
//!
//! ```text
//! cargo run --release --features native                                  # train
//! cargo run --release --features native -- segment IMAGE --text "..."    # a mask
//! ./build.sh serve                                                       # the page
//! ```
#![warn(missing_docs)]

pub mod choosing;
pub mod geo;
pub mod jpeg;
pub mod rare;
pub mod reading;
pub mod scene;
pub mod segment;
pub mod sorting;
pub mod things;
pub mod vision;

#[cfg(feature = "model")]
pub mod bundle;
#[cfg(feature = "model")]
pub mod kernels;
#[cfg(feature = "model")]
pub mod model;
#[cfg(feature = "model")]
pub mod network;
#[cfg(feature = "model")]
pub mod quant;
#[cfg(feature = "model")]
pub mod text;

#[cfg(feature = "gradients")]
pub mod adapt;
#[cfg(feature = "gradients")]
pub mod data;
#[cfg(feature = "gradients")]
pub mod learn;
#[cfg(feature = "gradients")]
pub mod measure;

#[cfg(any(feature = "native", feature = "scene"))]
pub mod archive;
#[cfg(feature = "native")]
pub mod cli;
#[cfg(feature = "native")]
pub mod files;
#[cfg(feature = "native")]
pub mod import;
#[cfg(any(feature = "native", feature = "scene"))]
pub mod raster;
#[cfg(feature = "native")]
pub mod study;
#[cfg(feature = "native")]
pub mod train;

#[cfg(any(feature = "web", feature = "scene", feature = "teach"))]
pub mod js;
#[cfg(feature = "web")]
pub mod web;
#[cfg(feature = "scene")]
pub mod web_scene;
#[cfg(feature = "teach")]
pub mod web_teach;
