//! Generated phrases over true labels: the choice must be the mask that the generator meant.

use std::collections::BTreeMap;

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use super::*;
use crate::data::phrase::{Referring, Superlative, referring_expressions};
use crate::data::scene::Scene;
use crate::data::synth::{SynthConfig, scene};
use crate::reading::{Condition, Request};
use crate::vision::mask::Mask;

/// The true map of a request's things: its class, restricted to a roof material if it names one.
fn true_map(scene: &Scene, request: &Request) -> Option<Vec<u8>> {
    let class = request.thing.class?;
    let mut mask = scene.class_mask(class);
    for condition in &request.conditions {
        if let Condition::Material(material) = condition {
            mask = Mask::empty(scene.width(), scene.height());
            let objects = scene
                .objects
                .iter()
                .filter(|object| class.covers(object.class.id()));
            let of_material = objects.filter(|object| object.material == Some(*material));
            of_material.for_each(|object| object.region.draw_into(&mut mask));
        }
    }
    Some(
        mask.bits()
            .iter()
            .map(|&bit| if bit { 255 } else { 0 })
            .collect(),
    )
}

fn iou(scene: &Scene, referring: &Referring) -> f64 {
    let request = referring.query.to_request(referring.number);
    let maps = Maps::of(&request, |part| true_map(scene, part).ok_or(()))
        .expect("every thing has a class");
    let target = Target {
        width: scene.width(),
        height: scene.height(),
        image: Some(&scene.image),
        maps: &maps,
    };
    let chosen = choose(&request, target, &ObjectOptions::default());
    let (mut both, mut either) = (0usize, 0usize);
    for (at, (&meant, &value)) in referring.mask.bits().iter().zip(&chosen.map).enumerate() {
        if referring
            .known
            .as_ref()
            .is_none_or(|known| known.bits()[at])
        {
            both += usize::from(meant && value >= 128);
            either += usize::from(meant || value >= 128);
        }
    }
    if either == 0 {
        1.0
    } else {
        both as f64 / either as f64
    }
}

fn kinds(referring: &Referring) -> Vec<&'static str> {
    let parts = referring.parts;
    if referring.absent {
        return vec!["absent"];
    }
    if parts.is_bare() {
        return vec!["whole"];
    }
    let by = match referring.query.superlative {
        Some(Superlative::Ordinal(_)) => Some("ordinal"),
        Some(_) => Some("superlative"),
        None => None,
    };
    let has = [
        (parts.position, "position"),
        (parts.colour, "colour"),
        (parts.size, "size and shape"),
        (parts.relation, "relation"),
        (parts.material, "material"),
    ];
    let named = has
        .into_iter()
        .filter(|(has, _)| *has)
        .map(|(_, name)| name);
    std::iter::once("not whole")
        .chain(named)
        .chain(by)
        .collect()
}

#[test]
fn phrases_over_true_labels_choose_what_was_meant() {
    let mut by_kind: BTreeMap<&str, (f64, usize)> = BTreeMap::new();
    for seed in 0..150 {
        let scene = scene(seed + 40_000, &SynthConfig::new(192));
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        for referring in referring_expressions(&scene, &mut rng, 8) {
            let iou = iou(&scene, &referring);
            for kind in kinds(&referring) {
                let (sum, count) = by_kind.entry(kind).or_default();
                *sum += iou;
                *count += 1;
            }
        }
    }
    for (kind, (sum, count)) in &by_kind {
        println!(
            "{kind:16} {count:5} mIoU {:.2}",
            100.0 * sum / *count as f64
        );
    }
    let mean = |kind: &str| {
        let (sum, count) = by_kind[kind];
        sum / count as f64
    };
    assert!(mean("whole") > 0.9999 && mean("absent") > 0.99);
    assert!(by_kind["not whole"].1 > 300);
    assert!(mean("not whole") >= 0.97, "{}", mean("not whole"));
    for kind in [
        "position",
        "colour",
        "size and shape",
        "relation",
        "superlative",
    ] {
        assert!(mean(kind) >= 0.95, "{kind}: {}", mean(kind));
    }
}
