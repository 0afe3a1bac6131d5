//! Training on examples natively: on several threads or devices, as a stage of the training loop.

use std::ops::Range;
use std::path::Path;

use burn::module::ParamGroup;
use burn::tensor::{Device, Tensor};

use super::lesson::{Course, Lesson, LessonBatch};
use super::trainer::{Progress, Trainer};
use crate::network::S4eca;
use crate::train::{EngineConfig, Figures, Ranks, Stage, View, train};

/// Trains with the program's training loop, and prints the progress.
pub struct NativeTrainer {
    /// The device, with gradients.
    pub device: Device,
    /// Parts of a batch that are computed in parallel.
    pub lanes: usize,
    /// Number of the training whose progress was printed last.
    part: usize,
}

impl NativeTrainer {
    /// Trains on `device`, which has gradients.
    pub fn new(device: Device, lanes: usize) -> Self {
        Self {
            device,
            lanes,
            part: 0,
        }
    }
}

impl Trainer for NativeTrainer {
    async fn train(&mut self, lesson: Lesson, model: S4eca, _: Progress) -> anyhow::Result<S4eca> {
        let steps = lesson.course.steps;
        let engine = EngineConfig {
            average: Course::AVERAGE,
            lanes: self.lanes,
            ..EngineConfig::new(lesson.course.schedule(), 0.0, steps, steps)
        };
        let (devices, ranks) = ([self.device.clone()], Ranks::alone());
        train(&lesson, model, &engine, None, &devices, &ranks, View::Line)
    }

    async fn tell(&mut self, now: Progress) -> anyhow::Result<()> {
        if now.part != self.part {
            self.part = now.part;
            let taught = match now.part == now.parts {
                true => "all places",
                false => "other places held back",
            };
            println!("part {} of {}: {taught}", now.part, now.parts);
        }
        Ok(())
    }
}

/// The lesson has no validation of its own: the result is measured afterwards, on other places.
impl Stage for Lesson {
    type Model = S4eca;
    type Batch = LessonBatch;

    fn batch_size(&self) -> usize {
        self.course.batch
    }

    fn batch(&self, index: u64, share: Range<usize>) -> anyhow::Result<LessonBatch> {
        Ok(Lesson::batch(self, index, share)?)
    }

    fn loss(&self, model: &S4eca, batch: LessonBatch, device: &Device) -> Tensor<1> {
        Lesson::loss(self, model, batch, device)
    }

    fn trained(&self, _: &S4eca) -> ParamGroup {
        S4eca::adapters_and_heads()
    }

    fn headline(&self) -> &'static str {
        "val_examples"
    }

    fn validate(&self, _: &S4eca, _: &Path, _: &Ranks) -> anyhow::Result<Figures> {
        let examples = self.source.len();
        Ok(Figures::from([("examples".to_owned(), examples as f64)]))
    }
}
