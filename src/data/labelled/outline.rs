//! Draws outlines into a scene.

use crate::data::polygon::fill_polygon;
use crate::data::scene::{Object, Scene};
use crate::things::class::{Class, UNKNOWN};
use crate::things::colour::ColourSet;
use crate::things::region::Region;

use super::name::{Meaning, material};
use super::record::Instance;

/// Draws outlines over the labels, the topmost last, and makes an object of each that names a class. If an outline
/// is only a box around something, its pixels become unknown.
pub fn draw_outlines(scene: &mut Scene, instances: &[Instance]) {
    let (width, height) = (scene.width(), scene.height());
    let mut named: Vec<(&Instance, Meaning)> = instances
        .iter()
        .map(|instance| (instance, Meaning::of(&instance.class)))
        .filter(|(_, meaning)| *meaning != Meaning::Unknown)
        .collect();
    named.sort_by_key(|(_, meaning)| match meaning {
        Meaning::Class(class) => layer(*class),
        _ => 1,
    });
    let mut owners = vec![0u16; width * height];
    for (place, (instance, meaning)) in named.iter().enumerate() {
        let owner = u16::try_from(place + 1).unwrap_or(0);
        let label = match instance.shape.as_deref() {
            Some("box") => UNKNOWN,
            _ => meaning.label(),
        };
        fill_polygon(&instance.polygon, width, height, |x, y| {
            // The pixels under a panel stay part of the roof.
            if *meaning != Meaning::Class(Class::SolarPanel) {
                owners[y * width + x] = owner;
            }
            scene.labels[y * width + x] = label;
        });
    }
    let regions = Region::of_owners(&owners, width, named.len());
    for ((instance, meaning), region) in named.into_iter().zip(regions) {
        let (Meaning::Class(class), Some(region)) = (meaning, region) else {
            continue;
        };
        let roof = instance
            .attributes
            .get("roof_material")
            .and_then(|value| value.as_str());
        scene.objects.push(Object {
            class,
            region,
            colours: ColourSet::UNKNOWN,
            material: roof.and_then(material),
            truncated: instance.truncated,
        });
    }
}

/// The layer of a class; lower layers are drawn first.
fn layer(class: Class) -> u8 {
    match class {
        Class::BareLand | Class::Grass | Class::Water | Class::Vegetation | Class::Field => 0,
        Class::Pavement | Class::ParkingLot | Class::SoccerField | Class::BaseballField => 1,
        Class::Road | Class::Sidewalk | Class::TrackField => 2,
        Class::Building | Class::TennisCourt | Class::BasketballCourt | Class::Pool => 3,
        Class::RoadMarking => 4,
        _ => 5,
    }
}
