//! Training samples from deterministic sources. The samples of an index depend only on the source's seed and that
//! index, so that a resumed run sees the same samples as an uninterrupted one.

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use crate::things::class::{Class, ClassSet, OTHER, UNKNOWN};
use crate::vision::image::RgbImage;
use crate::vision::mask::Mask;

use super::photometric::Photometric;
use super::phrase::{Form, Parts, referring_expressions};
#[cfg(feature = "native")]
use super::referring::Example;
use super::scene::Scene;
use super::synth::{SynthConfig, Theme, scene};

/// An image, a phrase, and the phrase's mask, of the image's size.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    /// The pixels.
    pub image: RgbImage,
    /// The referring expression.
    pub phrase: String,
    /// The pixels that fit the phrase; empty if the phrase names something absent.
    pub mask: Mask,
    /// The pixels for which it is known whether they fit, or `None` if it is known for all.
    pub known: Option<Mask>,
    /// Whether it is known that nothing fits the phrase.
    pub absent: bool,
    /// The class that the phrase names, if known.
    pub category: Option<String>,
    /// The kind of phrase according to its dataset, if given.
    pub kind: Option<&'static str>,
    /// Where it comes from, such as `synthetic/42` or `rrsis-d/02934`.
    pub source: String,
    /// Further facts, if the phrase was made from labels.
    pub truth: Option<SceneTruth>,
}

/// Facts about a sample whose phrase was made from labels.
#[derive(Debug, Clone, PartialEq)]
pub struct SceneTruth {
    /// The class that the phrase names.
    pub class: Class,
    /// All pixels of that class.
    pub class_mask: Mask,
    /// Id of a [`Class`] per pixel: 255 if unknown, 254 if it is none of `ruled_out`.
    pub labels: Vec<u8>,
    /// Classes that a pixel labelled 254 does not belong to.
    pub ruled_out: ClassSet,
    /// Manner of phrasing.
    pub form: Form,
    /// Parts of the phrase.
    pub parts: Parts,
}

impl Sample {
    /// A sample from an example of the dataset of that name.
    #[cfg(feature = "native")]
    pub fn from_example(example: Example, dataset: &str) -> Self {
        Self {
            image: example.image,
            phrase: example.phrase,
            mask: example.mask,
            known: None,
            absent: example.absent,
            category: example.category,
            kind: example.kind,
            source: format!("{dataset}/{}", example.id),
            truth: None,
        }
    }
}

/// A deterministic stream of samples of any origin.
pub trait SampleSource: Send + Sync {
    /// Returns up to `count` samples that belong together: phrases of one scene, or consecutive records. They
    /// depend only on `index` and `count`.
    ///
    /// # Errors
    /// Fails if too many records in a row cannot be read.
    fn samples(&self, index: u64, count: usize) -> anyhow::Result<Vec<Sample>>;

    /// Records per epoch, or `None` if the samples are endless.
    fn records(&self) -> Option<usize>;
}

impl<S: Source> SampleSource for S {
    fn samples(&self, index: u64, count: usize) -> anyhow::Result<Vec<Sample>> {
        Ok(self.samples_of_scene(index, count))
    }

    fn records(&self) -> Option<usize> {
        None
    }
}

/// A deterministic stream of scenes, and of samples made from them.
pub trait Source: Send + Sync {
    /// Side of the square images in pixels.
    fn size(&self) -> usize;

    /// Returns the scene of an index, its name, and the photometric change to apply to its image after its phrases
    /// are made. Another `attempt` gives another scene, for use if the first yields no phrase.
    fn view(&self, index: u64, attempt: u64) -> (Scene, String, Photometric);

    /// The scene of an index with the photometric change applied. Labels that name no class are set to [`UNKNOWN`].
    fn scene(&self, index: u64) -> Scene {
        let (mut scene, _, photometric) = self.view(index, 0);
        for label in scene.labels.iter_mut().filter(|label| **label == OTHER) {
            *label = UNKNOWN;
        }
        photometric.apply(&mut scene.image);
        scene
    }

    /// Up to `count` samples of one scene; empty only if 64 scenes gave no phrase.
    fn samples_of_scene(&self, index: u64, count: usize) -> Vec<Sample> {
        for attempt in 0..64 {
            let (mut scene, name, photometric) = self.view(index, attempt);
            let mut rng = ChaCha8Rng::seed_from_u64(derive(index, attempt, 0x5eed));
            let found = referring_expressions(&scene, &mut rng, count);
            if found.is_empty() {
                continue;
            }
            photometric.apply(&mut scene.image);
            let ruled_out = scene.ruled_out();
            let build = |referring: super::phrase::Referring| Sample {
                image: scene.image.clone(),
                phrase: referring.phrase,
                mask: referring.mask,
                known: referring.known,
                absent: referring.absent,
                kind: None,
                category: Some(referring.class.name().to_owned()),
                source: name.clone(),
                truth: Some(SceneTruth {
                    class: referring.class,
                    class_mask: referring.class_mask,
                    labels: scene.labels.clone(),
                    ruled_out,
                    form: referring.form,
                    parts: referring.parts,
                }),
            };
            return found.into_iter().map(build).collect();
        }
        Vec::new()
    }

    /// One sample, or `None` if 64 scenes gave no phrase.
    fn sample(&self, index: u64) -> Option<Sample> {
        self.samples_of_scene(index, 1).pop()
    }
}

/// Derives a seed from a seed, an index and a purpose (splitmix64).
pub fn derive(seed: u64, index: u64, purpose: u64) -> u64 {
    let step = |value: u64| {
        let mut z = value.wrapping_add(0x9E37_79B9_7F4A_7C15);
        z = (z ^ z >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ z >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ z >> 31
    };
    step(step(step(seed) ^ index) ^ purpose)
}

/// Synthetic scenes.
#[derive(Debug, Clone, Copy)]
pub struct Synthetic {
    /// Different seeds give different scenes.
    pub seed: u64,
    /// What to draw.
    pub config: SynthConfig,
    /// Whether a photometric change is applied after drawing.
    pub augment: bool,
}

impl Synthetic {
    /// Scenes of every kind to train on, `size` pixels wide.
    pub fn new(seed: u64, size: usize) -> Self {
        Self {
            seed,
            config: SynthConfig::new(size),
            augment: true,
        }
    }

    /// Restricts the scenes to one kind of place; `None` allows all kinds.
    pub fn of(mut self, theme: Option<Theme>) -> Self {
        self.config.theme = theme;
        self
    }

    /// Scenes to validate on. They differ from those of [`Synthetic::new`] with the same seed.
    pub fn held_out(seed: u64, size: usize) -> Self {
        Self {
            seed: derive(seed, 0, 0x7e57),
            config: SynthConfig::new(size),
            augment: false,
        }
    }
}

impl Source for Synthetic {
    fn size(&self) -> usize {
        self.config.size.clamp(64, 1024)
    }

    fn view(&self, index: u64, attempt: u64) -> (Scene, String, Photometric) {
        let seed = derive(self.seed, index, attempt);
        let photometric = if self.augment {
            Photometric::random(seed)
        } else {
            Photometric::NONE
        };
        (
            scene(seed, &self.config),
            format!("synthetic/{seed:016x}"),
            photometric,
        )
    }
}

/// Several sources of one image size, drawn from in given proportions.
pub struct Mix {
    seed: u64,
    sources: Vec<(Box<dyn Source>, f32)>,
}

impl Mix {
    /// Draws from each source in proportion to its share; the shares need not add up to one. Returns `None` if no
    /// share is positive.
    pub fn new(seed: u64, sources: Vec<(Box<dyn Source>, f32)>) -> Option<Self> {
        let sources: Vec<_> = sources
            .into_iter()
            .filter(|(_, share)| *share > 0.0)
            .collect();
        (!sources.is_empty()).then_some(Self { seed, sources })
    }
}

impl Source for Mix {
    fn size(&self) -> usize {
        self.sources[0].0.size()
    }

    fn view(&self, index: u64, attempt: u64) -> (Scene, String, Photometric) {
        let total: f32 = self.sources.iter().map(|(_, share)| share).sum();
        let draw = derive(self.seed, index, 0x313) >> 40;
        let mut left = draw as f32 / (1u64 << 24) as f32 * total;
        let chosen = self.sources.iter().find(|(_, share)| {
            left -= share;
            left < 0.0
        });
        let (source, _) = chosen.unwrap_or(&self.sources[0]);
        source.view(index, attempt)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_depends_on_seed_and_index_alone() {
        let source = Synthetic::new(7, 96);
        let forwards: Vec<_> = (0..6).map(|index| source.sample(index)).collect();
        let backwards: Vec<_> = (0..6)
            .rev()
            .map(|index| Synthetic::new(7, 96).sample(index))
            .collect();
        assert!(forwards.iter().eq(backwards.iter().rev()));
        assert!(forwards.iter().all(Option::is_some));
        assert_ne!(forwards[0], Synthetic::held_out(7, 96).sample(0));
    }

    #[test]
    fn a_mix_keeps_its_proportions() {
        let part = |seed: u64| Box::new(Synthetic::new(seed, 64)) as Box<dyn Source>;
        let mix =
            Mix::new(3, vec![(part(1), 3.0), (part(2), 1.0), (part(9), 0.0)]).expect("two sources");
        let first = (0..60)
            .filter(|&index| mix.view(index, 0).1 == Synthetic::new(1, 64).view(index, 0).1)
            .count();
        assert!((36..55).contains(&first), "{first} of 60");
        assert!(Mix::new(3, Vec::new()).is_none());
    }
}
