//! Phrases executed on the true class masks of real photographs, in place of the network's maps.

mod common;

use std::collections::BTreeMap;
use std::path::Path;

use common::skip;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use s4eca::choosing::{Maps, ObjectOptions, Target, choose, executed};
use s4eca::data::phrase::{Referring, referring_expressions};
use s4eca::data::scene::{Object, Scene};
use s4eca::data::{LabelledCrops, LabelledFolder, Source};
use s4eca::reading::{Condition, Request, read};
use s4eca::vision::Mask;

/// The folder of scenes, beside the project.
const SCENES: &str = "../shared/data/open-aerial";
/// Side of a view in pixels, as the shipped network sees it.
const SIDE: usize = 384;

/// The true map of the things that a request names: 255 where a pixel is labelled as their class, with the roof that it
/// names.
fn true_map(scene: &Scene, request: &Request) -> Option<Vec<u8>> {
    let class = request.thing.class?;
    let mut mask = scene.class_mask(class);
    for condition in &request.conditions {
        let Condition::Material(material) = condition else {
            continue;
        };
        mask = Mask::empty(scene.width(), scene.height());
        let of_class = |object: &&Object| class.covers(object.class.id());
        let objects = scene.objects.iter().filter(of_class);
        let of_material = objects.filter(|object| object.material == Some(*material));
        of_material.for_each(|object| object.region.draw_into(&mut mask));
    }
    Some(mask.bits().iter().map(|&bit| 255 * u8::from(bit)).collect())
}

/// Intersection over union with the true mask over known pixels; `None` if the phrase is not read or names no class.
fn iou(scene: &Scene, referring: &Referring) -> Option<f64> {
    let request = executed(read(&referring.phrase).request?);
    let maps = Maps::of(&request, |part| true_map(scene, part).ok_or(())).ok()?;
    let target = Target {
        width: scene.width(),
        height: scene.height(),
        image: Some(&scene.image),
        maps: &maps,
    };
    let chosen = choose(&request, target, &ObjectOptions::default());
    let known = |at: usize| {
        referring
            .known
            .as_ref()
            .is_none_or(|known| known.bits()[at])
    };
    let pixels = referring.mask.bits().iter().zip(&chosen.map).enumerate();
    let (mut both, mut either) = (0usize, 0usize);
    for (_, (&meant, &value)) in pixels.filter(|(at, _)| known(*at)) {
        both += usize::from(meant && value >= 128);
        either += usize::from(meant || value >= 128);
    }
    Some(if either == 0 {
        1.0
    } else {
        both as f64 / either as f64
    })
}

#[test]
fn on_true_masks_of_photographs_the_things_that_were_meant_are_chosen() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(SCENES);
    if !folder.is_dir() {
        return skip("executing on true masks: no scenes in ../shared/data/open-aerial");
    }
    let folder = LabelledFolder::open(&folder).expect("labelled scenes");
    let crops = LabelledCrops::val(&folder, 0, SIDE).expect("scenes of the split val");
    let mut by_kind: BTreeMap<&str, (f64, usize)> = BTreeMap::new();
    let mut unread = 0;
    for index in 0..crops.scene_count() as u64 * 2 {
        let (scene, name, _) = crops.view(index, 0);
        let mut rng = ChaCha8Rng::seed_from_u64(index);
        for referring in referring_expressions(&scene, &mut rng, 8) {
            let Some(iou) = iou(&scene, &referring) else {
                unread += 1;
                println!("not executed: {}", referring.phrase);
                continue;
            };
            if iou < 0.5 {
                println!("{name}: {:?} {iou:.2}", referring.phrase);
            }
            let kind = match (referring.absent, referring.parts.is_bare()) {
                (true, _) => "absent",
                (false, true) => "whole",
                (false, false) => "chosen",
            };
            let (sum, count) = by_kind.entry(kind).or_default();
            *sum += iou;
            *count += 1;
        }
    }
    let total: usize = by_kind.values().map(|(_, count)| count).sum();
    for (kind, (sum, count)) in &by_kind {
        println!("{kind:8} {count:4} mIoU {:.2}", 100.0 * sum / *count as f64);
    }
    println!("{unread} of {} not executed", total + unread);
    let mean = |(sum, count): (f64, usize)| sum / count as f64;
    let all = by_kind
        .values()
        .fold((0.0, 0), |all, one| (all.0 + one.0, all.1 + one.1));
    assert!(mean(all) >= 0.97, "{}", mean(all));
    assert!(by_kind["chosen"].1 > 100 && mean(by_kind["chosen"]) >= 0.95);
    assert_eq!(unread, 0);
}
