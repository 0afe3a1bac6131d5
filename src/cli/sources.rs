//! Sources of samples, for the commands that train and measure.

use std::fs;
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;

use anyhow::{Context, bail};
use clap::Args;

use crate::bundle::sha256;
use crate::data::referring::{Dataset, Layout, Split};
use crate::data::synth::Theme;
use crate::data::{
    LabelledCrops, LabelledFolder, Mix, ReferringSource, Sample, SampleMix, SampleSource, Source,
    Synthetic,
};
use crate::train::{DataConfig, DataSet, Items, RunConfig, ValidationSet};

/// Synthetic scenes, drawn on the fly.
const SYNTHETIC: &str = "synthetic";
/// Labelled aerial images; phrases are made from the labels.
const LABELLED: &str = "labelled";
/// Older name of [`LABELLED`].
const OPEN_AERIAL: &str = "open-aerial";

/// Arguments that select the data.
#[derive(Debug, Clone, Args)]
pub struct SourceArgs {
    /// Data as NAME:PATH; repeatable: synthetic (no path; synthetic-rural etc. for one kind of place), labelled,
    /// rrsis-d, refsegrs, risbench, folder for your own, or naip-phrases (for evaluation only)
    #[arg(long, num_args = 1.., default_value = SYNTHETIC)]
    data: Vec<DataName>,
    /// Shares of the data as whole numbers, such as 3:1 (default: equal shares)
    #[arg(long)]
    mix: Option<String>,
    /// Weight of each labelled scene of a collection, such as kampala=0.15; repeatable (default: the scenes of a place
    /// share a weight of 1)
    #[arg(long, num_args = 1..)]
    scene_weight: Vec<SceneWeight>,
}

/// One `--scene-weight`.
#[derive(Debug, Clone)]
struct SceneWeight {
    collection: String,
    weight: f32,
}

impl FromStr for SceneWeight {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (collection, weight) = text.split_once('=').unwrap_or((text, ""));
        match weight.parse() {
            Ok(weight) if weight >= 0.0 && f32::is_finite(weight) => Ok(Self {
                collection: collection.to_owned(),
                weight,
            }),
            _ => Err(format!(
                "{text:?} is not a weight: write COLLECTION=WEIGHT, such as kampala=0.15"
            )),
        }
    }
}

/// One `--data`.
#[derive(Debug, Clone)]
struct DataName {
    name: String,
    path: Option<PathBuf>,
}

impl FromStr for DataName {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, path) = match text.split_once(':') {
            Some((name, path)) if !path.is_empty() => (name, Some(PathBuf::from(path))),
            Some(_) => return Err(format!("{text:?} has no path: write NAME:PATH")),
            None => (text, None),
        };
        if theme(name).is_some() {
            return match path {
                None => Ok(Self {
                    name: name.to_owned(),
                    path,
                }),
                Some(_) => {
                    Err("synthetic scenes have no path: write synthetic without one".to_owned())
                }
            };
        }
        if !is_labelled(name) && name.parse::<Layout>().is_err() {
            return Err(format!(
                "{name:?} is not known data: give one of synthetic, labelled, rrsis-d, refsegrs, risbench, \
                 folder, naip-phrases"
            ));
        }
        match path {
            Some(_) => Ok(Self {
                name: name.to_owned(),
                path,
            }),
            None => Err(format!("{name} needs a folder: write {name}:PATH")),
        }
    }
}

impl SourceArgs {
    /// Returns the data settings as a run stores them, with the fingerprint of each set.
    ///
    /// # Errors
    /// Fails if the shares do not match the sets, or a folder cannot be read.
    pub fn data(&self, augment: bool) -> anyhow::Result<DataConfig> {
        let shares = match &self.mix {
            None => vec![1; self.data.len()],
            Some(mix) => mix
                .split(':')
                .map(|part| part.trim().parse::<usize>())
                .collect::<Result<Vec<_>, _>>()
                .with_context(|| {
                    format!("--mix {mix:?} is not a list of shares: write for example 3:1")
                })?,
        };
        if shares.len() != self.data.len() || shares.iter().sum::<usize>() == 0 {
            bail!(
                "--mix gives {} shares for {} sets of data: give one for each, not all zero",
                shares.len(),
                self.data.len()
            );
        }
        let sets = self.data.iter().zip(shares).map(|(data, share)| {
            let mut set = DataSet {
                name: data.name.clone(),
                path: data.path.clone(),
                share,
                fingerprint: String::new(),
            };
            set.fingerprint = fingerprint(&set)?;
            Ok(set)
        });
        Ok(DataConfig {
            sets: sets.collect::<anyhow::Result<_>>()?,
            augment,
            scene_weights: self
                .scene_weight
                .iter()
                .map(|one| (one.collection.clone(), one.weight))
                .collect(),
        })
    }
}

/// Returns the kind of place of `synthetic` (any) or `synthetic-KIND`, or None for other names.
fn theme(name: &str) -> Option<Option<Theme>> {
    match name.strip_prefix(SYNTHETIC)? {
        "" => Some(None),
        rest => Theme::named(rest.strip_prefix('-')?).map(Some),
    }
}

/// Whether a set is a folder of labelled images.
fn is_labelled(name: &str) -> bool {
    name == LABELLED || name == OPEN_AERIAL
}

/// Returns a fingerprint that distinguishes a set from others of the same name.
///
/// # Errors
/// Fails if a folder cannot be read.
pub fn fingerprint(set: &DataSet) -> anyhow::Result<String> {
    Ok(match (set.name.as_str(), &set.path) {
        (name, Some(folder)) if is_labelled(name) => {
            let path = folder.join("scenes.jsonl");
            let bytes = fs::read(&path).with_context(|| path.display().to_string())?;
            sha256(&bytes)
        }
        (_, Some(_)) => dataset(set)?.fingerprint(),
        (_, None) => format!("generator of {}", RunConfig::VERSION),
    })
}

fn dataset(set: &DataSet) -> anyhow::Result<Dataset> {
    let layout: Layout = set.name.parse().map_err(anyhow::Error::msg)?;
    let root = set.path.as_deref().context("a dataset needs a folder")?;
    Ok(Dataset::open(layout, root)?)
}

/// The sets that samples are drawn from: those with a share above 0.
pub fn drawn_from(data: &DataConfig) -> impl Iterator<Item = &DataSet> {
    data.sets.iter().filter(|set| set.share > 0)
}

/// Returns the samples to train on; scenes are `side` pixels wide.
///
/// # Errors
/// Fails if a folder does not match its name, or has nothing to train on.
pub fn training_samples(data: &DataConfig, seed: u64, side: usize) -> anyhow::Result<SampleMix> {
    let mut parts: Vec<(Box<dyn SampleSource>, usize)> = Vec::new();
    for set in drawn_from(data) {
        let source: Box<dyn SampleSource> = match (set.name.as_str(), &set.path) {
            (name, Some(folder)) if is_labelled(name) => Box::new(LabelledCrops::train(
                &LabelledFolder::open(folder)?.with_weights(&data.scene_weights),
                seed,
                side,
            )?),
            (name, Some(_)) => {
                let dataset = Arc::new(dataset(set)?);
                anyhow::ensure!(
                    dataset.layout().is_trainable(),
                    "{name} is for evaluation only, not for training: omit it from --data and give \
                     it to `s4eca eval`, or give it share 0 in --mix"
                );
                Box::new(ReferringSource::new(
                    dataset,
                    Split::Train,
                    seed,
                    data.augment,
                )?)
            }
            (name, None) => Box::new(Synthetic::new(seed, side).of(theme(name).flatten())),
        };
        parts.push((source, set.share));
    }
    SampleMix::new(parts).context("no data has a share above 0")
}

/// Returns a stream of samples to validate on, without augmentation: held-out scenes, and the records of the split
/// `val`.
///
/// # Errors
/// Fails if a folder does not match its name, or has nothing to validate on.
pub fn held_out_samples(data: &DataConfig, side: usize) -> anyhow::Result<SampleMix> {
    let mut parts: Vec<(Box<dyn SampleSource>, usize)> = Vec::new();
    for set in drawn_from(data) {
        let source: Box<dyn SampleSource> = match (set.name.as_str(), &set.path) {
            (name, Some(folder)) if is_labelled(name) => {
                Box::new(LabelledCrops::val(&LabelledFolder::open(folder)?, 0, side)?)
            }
            (_, Some(_)) => {
                let dataset = Arc::new(dataset(set)?);
                Box::new(ReferringSource::new(dataset, Split::Val, 0, false)?)
            }
            (name, None) => Box::new(Synthetic::held_out(0, side).of(theme(name).flatten())),
        };
        parts.push((source, set.share));
    }
    SampleMix::new(parts).context("no data has a share above 0")
}

/// Returns scenes with dense labels to pre-train on.
///
/// # Errors
/// Fails if data has no dense labels, or a folder has another layout.
pub fn training_scenes(
    data: &DataConfig,
    seed: u64,
    side: usize,
) -> anyhow::Result<Arc<dyn Source>> {
    let mut parts: Vec<(Box<dyn Source>, f32)> = Vec::new();
    for set in drawn_from(data) {
        let source: Box<dyn Source> = match (set.name.as_str(), &set.path) {
            (name, Some(folder)) if is_labelled(name) => Box::new(LabelledCrops::train(
                &LabelledFolder::open(folder)?.with_weights(&data.scene_weights),
                seed,
                side,
            )?),
            (name, None) => Box::new(Synthetic::new(seed, side).of(theme(name).flatten())),
            (name, _) => {
                bail!("{name} has no dense labels to pre-train on: give synthetic or labelled")
            }
        };
        parts.push((source, set.share as f32));
    }
    Ok(Arc::new(
        Mix::new(seed, parts).context("no data has a share above 0")?,
    ))
}

/// Returns the samples of each set to measure on: held-out scenes, or the records of `split`; at most `count` of each,
/// 0 for all. Synthetic and labelled scenes are unlimited; for 0 they give 200.
///
/// # Errors
/// Fails if a folder does not match its name, or the split has no records.
pub fn validation_sets(
    data: &DataConfig,
    split: Split,
    count: usize,
    side: usize,
) -> anyhow::Result<Vec<ValidationSet>> {
    let made = if count == 0 { 200 } else { count };
    let sets = data.sets.iter().map(|set| {
        let items = match (set.name.as_str(), &set.path) {
            (name, Some(folder)) if is_labelled(name) => {
                let crops = LabelledCrops::val(&LabelledFolder::open(folder)?, 0, side)?;
                Items::Made(collect(&crops, made))
            }
            (_, Some(_)) => {
                let dataset = dataset(set)?;
                let all = dataset.indices(split);
                anyhow::ensure!(
                    !all.is_empty(),
                    "{} has no records in the split {split}: choose another --split",
                    set.name
                );
                let wanted = if count == 0 {
                    all.len()
                } else {
                    count.min(all.len())
                };
                let chosen = (0..wanted).map(|place| all[place * all.len() / wanted]);
                Items::Records(Arc::new(dataset.clone()), chosen.collect())
            }
            (name, None) => {
                let scenes = Synthetic::held_out(0, side).of(theme(name).flatten());
                Items::Made(collect(&scenes, made))
            }
        };
        let layout: Option<Layout> = set.name.parse().ok();
        Ok(ValidationSet {
            own_size: layout.is_some_and(Layout::has_own_size),
            name: shown_name(set),
            items,
        })
    });
    sets.collect()
}

/// Name of a set in reports and folder names; for labelled images, the name of their folder.
fn shown_name(set: &DataSet) -> String {
    let folder = set.path.as_deref().and_then(|path| path.file_name());
    match folder {
        Some(folder) if is_labelled(&set.name) => folder.to_string_lossy().into_owned(),
        _ => set.name.clone(),
    }
}

/// Collects `count` samples, two per scene.
fn collect(source: &dyn Source, count: usize) -> Vec<Sample> {
    let scenes = count.div_ceil(2) as u64;
    let mut samples: Vec<_> = (0..scenes)
        .flat_map(|scene| source.samples_of_scene(scene, 2))
        .collect();
    samples.truncate(count);
    samples
}
