//! Where samples come from, for the commands that train and measure.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context;
use clap::Args;

use crate::data::{Mix, OpenAerial, OpenCrops, Sample, Source, Synthetic};
use crate::train::{DataConfig, ValidationSet};

/// Arguments that say where samples come from.
#[derive(Debug, Clone, Args)]
pub struct SourceArgs {
    /// Folder of open-aerial (scenes.jsonl and images); without it all samples are synthetic
    #[arg(long)]
    pub open_aerial: Option<PathBuf>,
    /// Share of the samples that come from open-aerial, 0 to 1
    #[arg(long, default_value_t = 0.3)]
    pub real_share: f64,
}

impl SourceArgs {
    /// The same as a run stores it, without images that have no labels.
    pub fn data(&self) -> DataConfig {
        DataConfig {
            open_aerial: self.open_aerial.clone(),
            real_share: self.real_share,
            unlabelled: None,
            unlabelled_count: 0,
        }
    }
}

/// Samples to train on, of `side` pixels.
///
/// # Errors
/// A folder that is not open-aerial, or a share that is none.
pub fn training_source(
    data: &DataConfig,
    seed: u64,
    side: usize,
) -> anyhow::Result<Arc<dyn Source>> {
    anyhow::ensure!(
        (0.0..=1.0).contains(&data.real_share),
        "--real-share {} is not a share: give a number from 0 to 1",
        data.real_share
    );
    let synthetic = Synthetic::new(seed, side);
    let Some(folder) = &data.open_aerial else {
        return Ok(Arc::new(synthetic));
    };
    let real = OpenCrops::train(&OpenAerial::open(folder)?, seed, side)?;
    let share = data.real_share as f32;
    let mix = Mix::new(
        seed,
        vec![(Box::new(synthetic), 1.0 - share), (Box::new(real), share)],
    );
    Ok(Arc::new(mix.context("no source has a share")?))
}

/// Samples to measure on: `count` of held-out synthetic scenes and, where its folder is given, as
/// many of open-aerial's `val` split.
///
/// # Errors
/// A folder that is not open-aerial.
pub fn validation_sets(
    open_aerial: Option<&Path>,
    count: usize,
    side: usize,
) -> anyhow::Result<Vec<ValidationSet>> {
    let mut sets = vec![ValidationSet {
        name: "synthetic".to_owned(),
        samples: collect(&Synthetic::held_out(0, side), count),
    }];
    if let Some(folder) = open_aerial {
        let real = OpenCrops::val(&OpenAerial::open(folder)?, 0, side)?;
        sets.push(ValidationSet {
            name: "open-aerial".to_owned(),
            samples: collect(&real, count),
        });
    }
    Ok(sets)
}

/// Two samples of each of as many scenes as it takes.
fn collect(source: &dyn Source, count: usize) -> Vec<Sample> {
    let scenes = count.div_ceil(2) as u64;
    let mut samples: Vec<_> = (0..scenes)
        .flat_map(|scene| source.samples_of_scene(scene, 2))
        .collect();
    samples.truncate(count);
    samples
}
