//! Findings that involve several records: the same image in two splits, the same phrase for two masks, the same
//! name twice.

use std::collections::HashMap;

use rayon::prelude::*;

use super::finding::{Entry, Finding};
use super::image_hash::PERCEPTUAL_DISTANCE;
use super::inspection::{Inspection, entry};
use crate::data::referring::{Dataset, Split};

/// The first record of each split.
type Splits = [Option<usize>; 3];

/// All entries of these kinds, ordered by kind and then by record.
pub fn entries(dataset: &Dataset, inspections: &[Inspection]) -> Vec<Entry> {
    let splits: Vec<Splits> = inspections
        .iter()
        .map(|inspection| splits_of(dataset, inspection))
        .collect();
    let mut found = leaks(dataset, inspections, &splits);
    found.extend(near_leaks(dataset, inspections, &splits));
    found.extend(duplicate_phrases(dataset, inspections));
    found.extend(repeated_ids(dataset));
    found
}

fn splits_of(dataset: &Dataset, inspection: &Inspection) -> Splits {
    let mut splits = [None; 3];
    for &index in &inspection.records {
        let split = dataset.records()[index].split as usize;
        splits[split] = splits[split].or(Some(index));
    }
    splits
}

/// The first record in a split that comes before `split` in [`Split::ALL`], and that split.
fn earlier(splits: &Splits, split: usize) -> Option<(usize, Split)> {
    let found = (0..split).find_map(|before| Some((splits[before]?, before)))?;
    Some((found.0, Split::ALL[found.1]))
}

/// Leaks between splits: one entry per image file and split, for the file's first record in that split.
fn leaks(dataset: &Dataset, inspections: &[Inspection], splits: &[Splits]) -> Vec<Entry> {
    let mut of_pixels: HashMap<[u8; 32], Splits> = HashMap::new();
    for (inspection, splits) in inspections.iter().zip(splits) {
        let Some(hash) = inspection.hash else {
            continue;
        };
        let all = of_pixels.entry(hash.pixels).or_default();
        for (first, &index) in all.iter_mut().zip(splits) {
            *first = first.or(index);
        }
    }
    let mut found = Vec::new();
    for (inspection, splits) in inspections.iter().zip(splits) {
        let Some(all) = inspection.hash.and_then(|hash| of_pixels.get(&hash.pixels)) else {
            continue;
        };
        for (split, index) in splits.iter().enumerate() {
            if let (Some(index), Some((other, other_split))) = (*index, earlier(all, split)) {
                let other = dataset.records()[other].id.clone();
                let finding = Finding::Leak { other, other_split };
                found.push(entry(dataset, index, finding));
            }
        }
    }
    found
}

/// Near leaks: the most similar image of an earlier split, if it is similar but not the same.
fn near_leaks(dataset: &Dataset, inspections: &[Inspection], splits: &[Splits]) -> Vec<Entry> {
    let nearest = |place: usize, split: usize| {
        let hash = inspections[place].hash?;
        let index = splits[place][split]?;
        let others = inspections
            .iter()
            .zip(splits)
            .filter_map(|(inspection, others)| {
                let other = inspection.hash?;
                let distance = hash.distance(&other)?;
                if distance > PERCEPTUAL_DISTANCE || other.pixels == hash.pixels {
                    return None;
                }
                Some((distance, earlier(others, split)?))
            });
        let (distance, (other, other_split)) = others.min_by_key(|(distance, _)| *distance)?;
        let finding = Finding::NearLeak {
            other: dataset.records()[other].id.clone(),
            other_split,
            distance,
        };
        Some(entry(dataset, index, finding))
    };
    (0..inspections.len())
        .into_par_iter()
        .flat_map_iter(|place| (1..3).filter_map(move |split| nearest(place, split)))
        .collect()
}

/// Records with the image and phrase of an earlier record but another mask. Files with the same pixels count as one
/// image; case and spaces in phrases are ignored.
fn duplicate_phrases(dataset: &Dataset, inspections: &[Inspection]) -> Vec<Entry> {
    let mut first = HashMap::new();
    let mut found = Vec::new();
    for inspection in inspections {
        let Some(hash) = inspection.hash else {
            continue;
        };
        for (&index, mask) in inspection.records.iter().zip(&inspection.masks) {
            let Some((mask, _)) = mask else { continue };
            let words: Vec<_> = dataset.records()[index]
                .phrase
                .split_whitespace()
                .map(str::to_lowercase)
                .collect();
            let (other, other_mask) = *first.entry((hash.pixels, words)).or_insert((index, *mask));
            if other_mask != *mask {
                let other = dataset.records()[other].id.clone();
                let finding = Finding::DuplicatePhrase { other };
                found.push(entry(dataset, index, finding));
            }
        }
    }
    found
}

fn repeated_ids(dataset: &Dataset) -> Vec<Entry> {
    let mut times: HashMap<&str, usize> = HashMap::new();
    for record in dataset.records() {
        *times.entry(&record.id).or_default() += 1;
    }
    let records = dataset.records().iter().enumerate();
    records
        .filter(|(_, record)| times[record.id.as_str()] > 1)
        .map(|(index, record)| {
            let times = times[record.id.as_str()];
            entry(dataset, index, Finding::RepeatedId { times })
        })
        .collect()
}
