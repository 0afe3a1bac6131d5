//! A line of open-aerial's `scenes.jsonl`, and what its outlines make of a scene.

use std::collections::HashMap;

use serde::Deserialize;

use super::class::{Class, ClassSet};
use super::colour::ColourSet;
use super::polygon::fill_polygon;
use super::region::Region;
use super::scene::{Material, Object, Scene};

/// One scene.
#[derive(Debug, Deserialize)]
pub struct Record {
    pub id: String,
    pub source: String,
    pub split: String,
    pub image: String,
    pub width: usize,
    pub height: usize,
    pub gsd_m: Option<f32>,
    pub labels: Option<String>,
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
    #[serde(default)]
    pub attributes: HashMap<String, serde_json::Value>,
}

/// Outlines of buildings: complete for buildings, while every other pixel is unknown.
pub fn add_outlines(scene: &mut Scene, instances: &[Instance]) {
    let (width, height) = (scene.width(), scene.height());
    let buildings: Vec<&Instance> = instances
        .iter()
        .filter(|instance| instance.class == "building")
        .collect();
    let mut owners = vec![0u16; width * height];
    for (place, instance) in buildings.iter().enumerate() {
        let owner = u16::try_from(place + 1).unwrap_or(0);
        fill_polygon(&instance.polygon, width, height, |x, y| {
            owners[y * width + x] = owner
        });
    }
    for (label, _) in scene
        .labels
        .iter_mut()
        .zip(&owners)
        .filter(|(_, owner)| **owner > 0)
    {
        *label = Class::Building.id();
    }
    let regions = Region::of_owners(&owners, width, buildings.len());
    for (instance, region) in buildings.iter().zip(regions) {
        let Some(region) = region else { continue };
        let material = instance
            .attributes
            .get("roof_material")
            .and_then(|value| value.as_str());
        scene.objects.push(Object {
            class: Class::Building,
            region,
            colours: ColourSet::UNKNOWN,
            material: material.and_then(material_of),
            truncated: instance.truncated,
        });
    }
    scene.complete = ClassSet::of(&[Class::Building]);
    scene.countable = scene.complete;
}

/// Reads `roof_material`; "concerte" is a misspelling found in the data.
fn material_of(name: &str) -> Option<Material> {
    match name {
        "concrete" | "concerte" => Some(Material::Concrete),
        "tin" | "metal" => Some(Material::Tin),
        "clay_tiles" => Some(Material::ClayTiles),
        _ => None,
    }
}
