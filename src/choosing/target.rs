//! The maps and pixels of one target, from which objects are chosen.

use crate::reading::{Condition, Key, Request};
use crate::things::class::Class;
use crate::things::material::Material;
use crate::things::region::Region;
use crate::vision::image::RgbImage;

/// What distinguishes maps: the noun, its class and its roof. All words for one class share its map.
#[derive(Debug, Clone, PartialEq)]
pub struct Kind {
    noun: String,
    class: Option<Class>,
    materials: Vec<Material>,
}

impl Kind {
    /// The kind of the things that a request names.
    pub fn of(request: &Request) -> Self {
        let material = |condition: &Condition| match condition {
            Condition::Material(material) => Some(*material),
            _ => None,
        };
        let class = request.thing.class;
        Self {
            noun: class.map_or_else(
                || request.thing.noun.clone(),
                |class| class.name().to_owned(),
            ),
            class,
            materials: request.conditions.iter().filter_map(material).collect(),
        }
    }
}

/// The probability maps of things, bytes `[height, width]` over the whole target.
#[derive(Debug, Clone, Default)]
pub struct Maps(Vec<(Kind, Vec<u8>)>);

impl Maps {
    /// Collects the maps of everything that a request refers to. `map` makes a map and is called once per kind of
    /// thing.
    ///
    /// # Errors
    /// Returns the first error of `map`.
    pub fn of<E>(
        request: &Request,
        mut map: impl FnMut(&Request) -> Result<Vec<u8>, E>,
    ) -> Result<Self, E> {
        let mut maps = Self::default();
        for part in mapped(request) {
            if maps.get(part).is_none() {
                maps.insert(part, map(part)?);
            }
        }
        Ok(maps)
    }

    /// Adds the map of the things that a request names (its noun and material, not its other conditions).
    pub fn insert(&mut self, request: &Request, map: Vec<u8>) {
        self.0.push((Kind::of(request), map));
    }

    /// The map of the things that a request names.
    pub fn get(&self, request: &Request) -> Option<&[u8]> {
        let kind = Kind::of(request);
        let found = self.0.iter().find(|(other, _)| *other == kind);
        found.map(|(_, map)| map.as_slice())
    }
}

/// A request and all requests nested in it: its anchors, and the requests that it adds or excludes.
pub fn parts(request: &Request) -> Vec<&Request> {
    let mut found = vec![request];
    let mut next = 0;
    while next < found.len() {
        let part = found[next];
        next += 1;
        found.extend(part.conditions.iter().flat_map(Condition::others));
        found.extend(part.rank.iter().filter_map(|rank| other_of(&rank.key)));
        found.extend(part.and.iter().chain(&part.except));
    }
    found
}

/// The [`parts`] of a request and the water that they cross: everything that needs a map.
pub fn mapped(request: &Request) -> Vec<&Request> {
    let mut found = parts(request);
    let crossed: Vec<&Request> = found.iter().filter_map(|part| part.crossed()).collect();
    found.extend(crossed.first());
    found
}

/// The request that a rank refers to.
pub(super) fn other_of(key: &Key) -> Option<&Request> {
    match key {
        Key::ClosestTo(other) | Key::FarthestFrom(other) => Some(other),
        _ => None,
    }
}

/// Whether a request or one nested in it has a condition that is measured in the image: a colour or a tone.
pub fn measures_pixels(request: &Request) -> bool {
    let measured = |condition: &Condition| {
        matches!(
            condition.stated(),
            Condition::Colour(_) | Condition::Tone(_)
        )
    };
    let mut parts = parts(request).into_iter();
    parts.any(|part| part.conditions.iter().any(measured))
}

/// The image, view or rectangle that position words refer to.
#[derive(Clone, Copy)]
pub struct Target<'a> {
    /// Width of all maps in pixels.
    pub width: usize,
    /// Height of all maps in pixels.
    pub height: usize,
    /// The pixels of the same target, of any size, for colours and tones; `None` if colours are not available.
    pub image: Option<&'a RgbImage>,
    /// The maps.
    pub maps: &'a Maps,
}

/// Maximum number of pixels that are sampled for the colour of an object.
const LOOKED_AT: usize = 400;

impl Target<'_> {
    /// Shorter side in pixels, the scale for judging distances.
    pub fn extent(&self) -> f32 {
        self.width.min(self.height) as f32
    }

    /// RGB values sampled evenly over a region; empty without an image.
    pub fn colours(&self, region: &Region) -> Vec<[u8; 3]> {
        let Some(image) = self.image else {
            return Vec::new();
        };
        let step = (region.area() / LOOKED_AT).max(1);
        let across = |x: usize| (2 * x + 1) * image.width() / (2 * self.width.max(1));
        let down = |y: usize| (2 * y + 1) * image.height() / (2 * self.height.max(1));
        let pixels = region.pixels().step_by(step);
        pixels
            .map(|(x, y)| {
                let (x, y) = (across(x), down(y));
                image.pixel(x.min(image.width() - 1), y.min(image.height() - 1))
            })
            .collect()
    }
}
