//! Crops of open-aerial as a source of samples.

use std::sync::Arc;

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::open_aerial::{OpenAerial, OpenAerialError, OpenScene, Split};
use super::photometric::Photometric;
use super::sample::{Source, derive};
use super::scene::Scene;
use super::transform::D4;

/// Square crops of real scenes, of varying scale.
#[derive(Debug, Clone)]
pub struct OpenCrops {
    scenes: Arc<Vec<OpenScene>>,
    /// Sums of the weights of the scenes up to each.
    weights: Vec<f32>,
    seed: u64,
    size: usize,
    augment: bool,
}

impl OpenCrops {
    /// Random crops of the split `train`, turned, mirrored and in changing light.
    ///
    /// # Errors
    /// As [`OpenAerial::scenes`].
    pub fn train(data: &OpenAerial, seed: u64, size: usize) -> Result<Self, OpenAerialError> {
        Self::new(data, Split::Train, seed, size, true)
    }

    /// The crops of the split `val`, as they are: index `i` shows scene `i` modulo their number, first
    /// whole, then in crops that the seed decides.
    ///
    /// # Errors
    /// As [`OpenAerial::scenes`].
    pub fn val(data: &OpenAerial, seed: u64, size: usize) -> Result<Self, OpenAerialError> {
        Self::new(data, Split::Val, seed, size, false)
    }

    fn new(
        data: &OpenAerial,
        split: Split,
        seed: u64,
        size: usize,
        augment: bool,
    ) -> Result<Self, OpenAerialError> {
        let scenes = data.scenes(split)?;
        // The Kampala tiles are zooms of one place: each counts for less than a scene of its own.
        let weight = |scene: &OpenScene| match scene.source.as_str() {
            "kampala" => 0.15,
            _ => 1.0,
        };
        let mut sum = 0.0;
        let weights = scenes
            .iter()
            .map(|scene| {
                sum += weight(scene);
                sum
            })
            .collect();
        Ok(Self {
            scenes: Arc::new(scenes),
            weights,
            seed,
            size,
            augment,
        })
    }

    /// Number of scenes that crops are taken from.
    pub fn scene_count(&self) -> usize {
        self.scenes.len()
    }
}

impl Source for OpenCrops {
    fn size(&self) -> usize {
        self.size
    }

    fn view(&self, index: u64, attempt: u64) -> (Scene, String, Photometric) {
        let seed = derive(self.seed, index, attempt ^ 0x0c0f);
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let count = self.scenes.len();
        let place = if self.augment {
            let total = self.weights.last().copied().unwrap_or(1.0);
            let drawn = rng.random::<f32>() * total;
            self.weights
                .partition_point(|&sum| sum <= drawn)
                .min(count - 1)
        } else {
            (index % count as u64) as usize
        };
        let chosen = &self.scenes[place];
        let scene = &chosen.scene;
        let shorter = scene.width().min(scene.height());
        let whole = !self.augment && index < count as u64 && attempt == 0;
        let least = if shorter > 300 { 0.35 } else { 0.55 };
        let share = if whole {
            1.0
        } else {
            rng.random_range(least..=1.0f32)
        };
        let side = (shorter as f32 * share) as usize;
        let x = rng.random_range(0..=scene.width() - side);
        let y = rng.random_range(0..=scene.height() - side);
        let mut window = scene.window(x, y, side, self.size);
        let photometric = if self.augment {
            window = window.transformed(D4::random(&mut rng));
            Photometric::random(seed)
        } else {
            Photometric::NONE
        };
        window.measure_colours();
        (window, format!("open-aerial/{}", chosen.id), photometric)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::class::{Class, ClassSet, UNKNOWN};
    use crate::data::colour::ColourSet;
    use crate::data::region::Region;
    use crate::data::scene::Object;
    use crate::vision::image::RgbImage;

    fn crops(augment: bool) -> OpenCrops {
        let scene = |shade: u8| {
            let mut labels = vec![UNKNOWN; 80 * 60];
            let region = Region::rectangle(10, 10, 30, 20);
            region
                .pixels()
                .for_each(|(x, y)| labels[y * 80 + x] = Class::Building.id());
            let object = Object {
                class: Class::Building,
                region,
                colours: ColourSet::UNKNOWN,
                material: None,
                truncated: false,
            };
            let known = ClassSet::of(&[Class::Building]);
            let scene = Scene {
                image: RgbImage::filled(80, 60, [shade; 3]),
                labels,
                objects: vec![object],
                complete: known,
                countable: known,
                gsd_m: None,
            };
            OpenScene {
                id: shade.to_string(),
                source: "banepa".to_owned(),
                scene,
            }
        };
        let scenes = Arc::new(vec![scene(90), scene(180)]);
        OpenCrops {
            scenes,
            weights: vec![1.0, 2.0],
            seed: 4,
            size: 48,
            augment,
        }
    }

    #[test]
    fn crops_depend_on_their_index_alone() {
        for augment in [false, true] {
            let crops = crops(augment);
            let first: Vec<_> = (0..8).map(|index| crops.view(index, 0)).collect();
            let again: Vec<_> = (0..8).rev().map(|index| crops.view(index, 0)).collect();
            assert!(first.iter().eq(again.iter().rev()));
            assert!(
                first
                    .iter()
                    .all(|(scene, ..)| (scene.width(), scene.height()) == (48, 48))
            );
        }
    }

    #[test]
    fn validation_goes_through_the_scenes_whole_first() {
        let crops = crops(false);
        let names: Vec<String> = (0..4).map(|index| crops.view(index, 0).1).collect();
        assert_eq!(
            names,
            [
                "open-aerial/90",
                "open-aerial/180",
                "open-aerial/90",
                "open-aerial/180"
            ]
        );
        assert!((0..2).all(|index| crops.view(index, 0).2 == Photometric::NONE));
    }
}
