use super::*;
use crate::data::scene::Object;
use crate::data::synth::{SynthConfig, scene};
use crate::data::transform::D4;
use crate::things::class::ClassSet;
use crate::things::colour::ColourSet;
use crate::things::region::Region;
use crate::vision::image::RgbImage;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

/// A scene of 100 x 100 pixels of grass with buildings at `(x, y, width, height)`.
pub fn scene_of(boxes: &[(usize, usize, usize, usize)]) -> Scene {
    let mut labels = vec![Class::Grass.id(); 100 * 100];
    let build = |&(x, y, width, height): &(usize, usize, usize, usize)| Object {
        class: Class::Building,
        region: Region::rectangle(x, y, width, height),
        colours: ColourSet::UNKNOWN,
        material: None,
        truncated: x == 0 || y == 0 || x + width == 100 || y + height == 100,
    };
    let objects: Vec<Object> = boxes.iter().map(build).collect();
    for object in &objects {
        for (x, y) in object.region.pixels() {
            labels[y * 100 + x] = Class::Building.id();
        }
    }
    let image = RgbImage::filled(100, 100, [90, 120, 70]);
    let (complete, countable) = (ClassSet::ALL, ClassSet::ALL);
    Scene {
        image,
        labels,
        objects,
        complete,
        partial: ClassSet::NONE,
        countable,
        gsd_m: None,
    }
}

fn phrases(scene: &Scene, seed: u64) -> Vec<Referring> {
    referring_expressions(scene, &mut ChaCha8Rng::seed_from_u64(seed), 8)
}

#[test]
fn every_phrase_means_its_mask() {
    let mut total = 0;
    for seed in 0..200 {
        let scene = scene(seed, &SynthConfig::new(160));
        let view = View::new(&scene);
        for referring in phrases(&scene, seed) {
            total += 1;
            assert_eq!(
                referring.mask.area() == 0,
                referring.absent,
                "{}",
                referring.phrase
            );
            if referring.absent {
                let lacks = referring.class_mask.area() == 0 || referring.query.is_denied(&view);
                assert!(lacks, "seed {seed}: {}", referring.phrase);
                continue;
            }
            let again = match referring.query.evaluate(&view) {
                _ if referring.parts.is_bare() => scene.class_mask(referring.class),
                Some(objects) => {
                    let mut mask = Mask::empty(160, 160);
                    objects
                        .iter()
                        .for_each(|&o| view.region(o).draw_into(&mut mask));
                    assert_eq!(objects.len() == 1, referring.number == Number::One);
                    mask
                }
                None => panic!("seed {seed}: {} is ambiguous", referring.phrase),
            };
            assert_eq!(again, referring.mask, "seed {seed}: {}", referring.phrase);
            let outside = referring
                .mask
                .bits()
                .iter()
                .zip(referring.class_mask.bits());
            assert!(outside.into_iter().all(|(&fits, &class)| class || !fits));
        }
    }
    assert!(total > 800, "only {total} phrases");
}

#[test]
fn sides_are_right_after_every_symmetry() {
    for seed in 0..48 {
        let transform = D4::all()[seed as usize % 8];
        let scene = scene(seed, &SynthConfig::new(128)).transformed(transform);
        for referring in phrases(&scene, seed) {
            if referring.absent {
                continue;
            }
            let area = referring.mask.area() as f32;
            let (mut x, mut y) = (0.0, 0.0);
            for (place, _) in referring
                .mask
                .bits()
                .iter()
                .enumerate()
                .filter(|(_, bit)| **bit)
            {
                x += (place % 128) as f32 / 128.0 / area;
                y += (place / 128) as f32 / 128.0 / area;
            }
            if !referring.parts.position || referring.parts.relation || referring.parts.superlative
            {
                continue;
            }
            let words: Vec<String> = referring
                .phrase
                .to_lowercase()
                .split(|letter: char| !letter.is_alphabetic())
                .map(str::to_owned)
                .collect();
            let says = |word: &str| words.iter().any(|other| other == word);
            assert!(!says("left") || x < 0.5, "{} at {x}", referring.phrase);
            assert!(!says("right") || x > 0.5, "{} at {x}", referring.phrase);
            assert!(
                !(says("upper") || says("top")) || y < 0.5,
                "{} at {y}",
                referring.phrase
            );
            assert!(
                !(says("lower") || says("bottom")) || y > 0.5,
                "{} at {y}",
                referring.phrase
            );
        }
    }
}

#[test]
fn kinds_of_phrases_come_in_their_proportions() {
    let (mut total, mut absent, mut whole) = (0.0f32, 0.0, 0.0);
    for seed in 0..150 {
        let scene = scene(seed, &SynthConfig::new(160));
        for referring in phrases(&scene, seed).into_iter().take(6) {
            total += 1.0;
            absent += f32::from(u8::from(referring.absent));
            whole += f32::from(u8::from(!referring.absent && referring.parts.is_bare()));
        }
    }
    assert!(
        (0.08..0.18).contains(&(absent / total)),
        "{absent} of {total}"
    );
    assert!((0.33..0.6).contains(&(whole / total)), "{whole} of {total}");
}

#[test]
fn one_class_is_spoken_of_in_several_ways() {
    let mut scene = scene_of(&[(10, 10, 40, 20), (60, 60, 20, 20)]);
    scene.countable = ClassSet::NONE;
    scene.complete = ClassSet::of(&[Class::Building]);
    let found = phrases(&scene, 4);
    assert_eq!(found.len(), 8);
    for (place, one) in found.iter().enumerate() {
        assert_eq!(one.class, Class::Building);
        assert!(
            found[..place]
                .iter()
                .all(|other| other.phrase != one.phrase)
        );
    }
}

#[test]
fn what_is_unlabelled_is_not_spoken_of() {
    let mut scene = scene_of(&[(10, 10, 20, 20), (60, 60, 20, 20)]);
    scene.complete = ClassSet::NONE;
    scene.countable = ClassSet::NONE;
    assert!(phrases(&scene, 1).is_empty());
    scene.countable = ClassSet::of(&[Class::Building]);
    let found = phrases(&scene, 1);
    assert!(!found.is_empty() && found.iter().all(|r| !r.parts.is_bare()));
}
