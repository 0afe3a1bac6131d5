//! A line of `scenes.jsonl`.

use std::collections::HashMap;

use serde::Deserialize;

/// One scene.
#[derive(Debug, Deserialize)]
pub struct Record {
    pub id: String,
    pub source: String,
    pub split: String,
    /// The place: all scenes of one place are in the same split.
    pub split_group: Option<String>,
    pub image: String,
    pub width: usize,
    pub height: usize,
    pub gsd_m: Option<f32>,
    pub labels: Option<String>,
    /// Names of the classes that are labelled exhaustively in this scene; replaces the folder's list.
    pub complete: Option<Vec<String>>,
    #[serde(default)]
    pub instances: Vec<Instance>,
}

/// One outline.
#[derive(Debug, Deserialize)]
pub struct Instance {
    pub class: String,
    pub polygon: Vec<[f32; 2]>,
    #[serde(default)]
    pub truncated: bool,
    /// `box` if the thing is only known to lie inside the polygon.
    pub shape: Option<String>,
    #[serde(default)]
    pub attributes: HashMap<String, serde_json::Value>,
}

impl Record {
    /// The key that all scenes of one place share.
    pub fn place(&self) -> &str {
        self.split_group.as_deref().unwrap_or(&self.id)
    }
}
