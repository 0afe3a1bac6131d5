//! The work of adapting, in units of one training sample.

use super::trainer::{Progress, Trainer};

/// Work of answering a phrase on one image, relative to a training sample of the same size.
const READING: f64 = 0.35;

/// Counts the work and reports it to the trainer.
pub struct Work<'a, T> {
    trainer: &'a mut T,
    progress: Progress,
    /// Work of answering one sample.
    reading: f64,
}

impl<'a, T: Trainer> Work<'a, T> {
    /// `parts` trainings of `samples` samples each at `side` pixels, and `readings` at `input` pixels.
    pub fn new(
        trainer: &'a mut T,
        (parts, samples): (usize, u64),
        readings: usize,
        (side, input): (usize, usize),
    ) -> Self {
        let reading = READING * (input as f64 / side as f64).powi(2);
        Self {
            trainer,
            progress: Progress {
                total: parts as f64 * samples as f64 + reading * readings as f64,
                parts,
                ..Progress::default()
            },
            reading,
        }
    }

    /// Counts one answered sample.
    ///
    /// # Errors
    /// Fails if the work is ended.
    pub async fn read(&mut self) -> anyhow::Result<()> {
        self.progress.done += self.reading;
        self.trainer.tell(self.progress).await
    }

    /// The next training begins.
    ///
    /// # Errors
    /// Fails if the work is ended.
    pub async fn begin(&mut self) -> anyhow::Result<()> {
        self.progress.part += 1;
        self.trainer.tell(self.progress).await
    }

    /// The trainer and where the work is.
    pub fn trainer(&mut self) -> (&mut T, Progress) {
        (self.trainer, self.progress)
    }

    /// A training of `samples` samples is done.
    pub fn trained(&mut self, samples: u64) {
        self.progress.done += samples as f64;
    }
}
