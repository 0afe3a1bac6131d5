//! Synthetic aerial scenes: a seed gives a scene with complete labels.
//!
//! Scenes are drawn with soft edges directly at the final resolution, fast enough to be made while a model trains
//! on them. The same seed and configuration give the same bytes.

mod airport;
mod block;
mod building;
mod canvas;
mod clutter;
mod court;
mod detail;
mod finish;
mod frame;
mod ground;
mod harbour;
mod industry;
mod noise;
mod plane;
mod plots;
mod road;
mod rural;
mod ship;
mod spot;
mod style;
mod surface;
mod tank;
mod theme;
mod town;
mod tree;
mod vehicle;
mod world;

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::things::class::{Class, ClassSet};
use crate::things::colour::ColourSet;
use crate::things::region::Region;

use super::scene::{Object, Scene};

pub use theme::Theme;

/// What kind of scenes to draw.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SynthConfig {
    /// Side of the square image in pixels, 64 to 1024.
    pub size: usize,
    /// The kind of place; `None` draws one at random.
    pub theme: Option<Theme>,
}

impl SynthConfig {
    /// Scenes of every kind at `size` pixels.
    pub fn new(size: usize) -> Self {
        Self { size, theme: None }
    }
}

/// Draws the scene of a seed. The size is clamped to 64 to 1024 pixels.
pub fn scene(seed: u64, config: &SynthConfig) -> Scene {
    let size = config.size.clamp(64, 1024);
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let drawn = Theme::ALL[rng.random_range(0..Theme::ALL.len())];
    let theme = config.theme.unwrap_or(drawn);
    let (low, high) = theme.gsd_m();
    // Ground sample distances are log-uniform. Smaller images show less ground, and at a coarser resolution: otherwise
    // they would hold a single roof.
    let gsd = low * (high / low).powf(rng.random::<f32>()) * (384.0 / size as f32).sqrt();
    let angle = rng.random_range(0.0..std::f32::consts::TAU);
    let light = canvas::Light {
        direction: (angle.cos(), angle.sin()),
        slant: rng.random_range(0.25..1.3),
        depth: rng.random_range(0.3..0.66),
    };
    let tilt = if rng.random_bool(0.3) {
        rng.random_range(0.0..0.4f32)
    } else {
        0.0
    };
    let towards = rng.random_range(0.0..std::f32::consts::TAU);
    let mut world = world::World {
        canvas: canvas::Canvas::new(size, 1.0 / gsd, light),
        rng,
        things: Vec::new(),
        uncountable: Vec::new(),
        unlabelled: Vec::new(),
        lean: (towards.cos() * tilt / gsd, towards.sin() * tilt / gsd),
    };
    theme.draw(&mut world);
    let image = finish::develop(&mut world);
    collect(world, image, gsd)
}

/// Turns what was drawn into a scene.
fn collect(world: world::World, image: crate::vision::image::RgbImage, gsd: f32) -> Scene {
    let size = world.canvas.size;
    let mut complete = ClassSet::ALL;
    let mut countable = ClassSet::NONE;
    for class in Class::ALL {
        if !class.is_ground() || class == Class::Water {
            countable.insert(class);
        }
    }
    for class in world.uncountable {
        countable.remove(class);
    }
    for class in world.unlabelled {
        complete.remove(class);
    }
    if world.canvas.labels.contains(&Class::Field.id()) {
        // Some people call crops vegetation, others do not.
        complete.remove(Class::Vegetation);
    }
    let regions = Region::of_owners(&world.canvas.owners, size, world.things.len());
    let build = |(thing, region): (&world::Thing, Option<Region>)| {
        let region = region?;
        let (x0, y0, x1, y1) = region.bounding_box();
        Some(Object {
            class: thing.class,
            region,
            colours: ColourSet::UNKNOWN,
            material: thing.material,
            truncated: x0 == 0 || y0 == 0 || x1 == size || y1 == size,
        })
    };
    let objects = world.things.iter().zip(regions).filter_map(build).collect();
    let mut scene = Scene {
        image,
        labels: world.canvas.labels,
        objects,
        complete,
        partial: ClassSet::NONE,
        countable,
        gsd_m: Some(gsd),
    };
    scene.measure_colours();
    scene
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_bytes() {
        let config = SynthConfig::new(96);
        for seed in 0..8 {
            assert_eq!(scene(seed, &config), scene(seed, &config));
        }
        assert_ne!(scene(1, &config).image, scene(2, &config).image);
    }

    #[test]
    fn objects_lie_on_pixels_of_their_class() {
        for seed in 0..40 {
            let scene = scene(seed, &SynthConfig::new(128));
            assert_eq!(scene.labels.len(), 128 * 128);
            assert!(
                scene
                    .labels
                    .iter()
                    .all(|&label| Class::from_id(label).is_some())
            );
            for object in &scene.objects {
                for (x, y) in object.region.pixels() {
                    let label = scene.labels[y * 128 + x];
                    assert!(
                        object.class.covers(label),
                        "seed {seed}: {:?} on {label}",
                        object.class
                    );
                }
            }
        }
    }

    #[test]
    fn every_countable_pixel_has_an_object() {
        for seed in 0..40 {
            let scene = scene(seed, &SynthConfig::new(128));
            for class in Class::ALL
                .into_iter()
                .filter(|&class| scene.countable.contains(class))
            {
                let things = scene.objects.iter();
                let of_class = things.filter(|object| class.covers(object.class.id()));
                let owned: usize = of_class.map(|object| object.region.area()).sum();
                let labelled = scene
                    .labels
                    .iter()
                    .filter(|&&label| class.covers(label))
                    .count();
                assert_eq!(owned, labelled, "seed {seed}: {class:?}");
            }
        }
    }

    #[test]
    fn every_theme_draws_what_it_is_named_for() {
        let has = |theme, class: Class| {
            let config = SynthConfig {
                size: 192,
                theme: Some(theme),
            };
            (0..24)
                .filter(|&seed| {
                    scene(seed, &config)
                        .objects
                        .iter()
                        .any(|o| o.class == class)
                })
                .count()
        };
        for (theme, class) in [
            (Theme::Residential, Class::Building),
            (Theme::Informal, Class::Building),
            (Theme::Airport, Class::Plane),
            (Theme::Harbour, Class::Ship),
            (Theme::Rural, Class::Field),
            (Theme::Industrial, Class::Building),
        ] {
            assert!(has(theme, class) >= 16, "{theme:?}");
        }
    }
}
