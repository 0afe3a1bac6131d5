//! Crops of labelled images as a source of samples.

use std::sync::Arc;

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::data::photometric::Photometric;
use crate::data::sample::{Source, derive};
use crate::data::scene::Scene;
use crate::data::transform::D4;

use super::error::LabelledError;
use super::folder::{LabelledFolder, LabelledScene, Split};

/// Range of ground sample distances to train on, in metres per pixel of the crop as the network sees it.
const RESOLUTIONS: (f32, f32) = (0.1, 1.0);
/// Smallest side of a crop in pixels of its image.
const SMALLEST: usize = 96;

/// Square crops of real scenes, of varying scale.
#[derive(Debug, Clone)]
pub struct LabelledCrops {
    scenes: Arc<Vec<LabelledScene>>,
    /// Cumulative weights of the scenes.
    weights: Vec<f32>,
    seed: u64,
    size: usize,
    augment: bool,
}

impl LabelledCrops {
    /// Random crops of the split `train`, rotated, mirrored and with varied lighting.
    ///
    /// # Errors
    /// See [`LabelledFolder::scenes`].
    pub fn train(data: &LabelledFolder, seed: u64, size: usize) -> Result<Self, LabelledError> {
        Ok(Self::new(data.scenes(Split::Train)?, seed, size, true))
    }

    /// Crops of the split `val` without augmentation: index `i` shows scene `i` modulo the number of scenes. The
    /// first round shows the largest square of each scene, later rounds show crops drawn from the seed.
    ///
    /// # Errors
    /// See [`LabelledFolder::scenes`].
    pub fn val(data: &LabelledFolder, seed: u64, size: usize) -> Result<Self, LabelledError> {
        Ok(Self::new(data.scenes(Split::Val)?, seed, size, false))
    }

    fn new(scenes: Vec<LabelledScene>, seed: u64, size: usize, augment: bool) -> Self {
        let mut sum = 0.0;
        let weights = scenes
            .iter()
            .map(|scene| {
                sum += scene.weight;
                sum
            })
            .collect();
        Self {
            scenes: Arc::new(scenes),
            weights,
            seed,
            size,
            augment,
        }
    }

    /// Number of scenes that crops are taken from.
    pub fn scene_count(&self) -> usize {
        self.scenes.len()
    }
}

/// Range of crop sides to draw from, in pixels of an image with the shorter side `shorter` and `gsd_m` metres per
/// pixel: the sides that give [`RESOLUTIONS`] at `size` pixels. If there are hardly any such sides, the range covers
/// the largest or the smallest possible sides, whichever come closer.
fn sides(shorter: usize, gsd_m: Option<f32>, size: usize) -> (f32, f32) {
    let least = (SMALLEST.min(shorter)) as f32;
    let most = shorter as f32;
    let Some(gsd) = gsd_m else {
        return (least.max(most * 0.25), most);
    };
    let side = |resolution: f32| (resolution * size as f32 / gsd).clamp(least, most);
    let (low, high) = (side(RESOLUTIONS.0), side(RESOLUTIONS.1));
    if high >= low * 1.5 {
        (low, high)
    } else if low >= most * 0.5 {
        (least.max(most * 0.5), most)
    } else {
        (least, (least * 2.0).min(most))
    }
}

impl Source for LabelledCrops {
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
        let side = if whole {
            shorter
        } else {
            // Uniform in the logarithm: the ground sample distance is proportional to the side.
            let (low, high) = sides(shorter, scene.gsd_m, self.size);
            ((low * (high / low).powf(rng.random::<f32>())) as usize).clamp(1, shorter)
        };
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
        let name = format!("{}/{}", chosen.source, chosen.id);
        (window, name, photometric)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::scene::Object;
    use crate::things::class::{Class, ClassSet, UNKNOWN};
    use crate::things::colour::ColourSet;
    use crate::things::region::Region;
    use crate::vision::image::RgbImage;

    fn crops(augment: bool) -> LabelledCrops {
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
                partial: ClassSet::NONE,
                countable: known,
                gsd_m: None,
            };
            LabelledScene {
                id: shade.to_string(),
                source: "banepa".to_owned(),
                weight: 1.0,
                scene,
            }
        };
        LabelledCrops::new(vec![scene(90), scene(180)], 4, 48, augment)
    }

    #[test]
    fn crops_show_the_wanted_resolutions() {
        // 1024 px of 0.2 m: from 192 px (0.1 m per pixel at 384) to the whole image (0.53 m).
        assert_eq!(sides(1024, Some(0.2), 384), (192.0, 1024.0));
        // With 1 m pixels: from the smallest crop, which is enlarged, up to crops at their own size.
        assert_eq!(sides(750, Some(1.0), 384), (96.0, 384.0));
        // If all crops are too fine: the larger half of the sides. If all are too coarse: the smallest.
        assert_eq!(sides(400, Some(0.05), 384), (200.0, 400.0));
        assert_eq!(sides(400, Some(10.0), 384), (96.0, 192.0));
        assert_eq!(sides(400, None, 384), (100.0, 400.0));
        assert_eq!(sides(60, Some(0.6), 384), (60.0, 60.0));
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
            ["banepa/90", "banepa/180", "banepa/90", "banepa/180"]
        );
        assert!((0..2).all(|index| crops.view(index, 0).2 == Photometric::NONE));
    }
}
