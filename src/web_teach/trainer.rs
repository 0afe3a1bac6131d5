//! Takes the steps one by one, and lets the page's worker pause or end the work between them.

use anyhow::anyhow;
use burn::tensor::Device;
use js_sys::{Function, Promise};
use serde::Serialize;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use crate::adapt::{Lesson, Progress, Trainer, take_steps};
use crate::js::to_js;
use crate::network::S4eca;

/// The progress that is passed to the worker.
#[derive(Serialize)]
struct Told {
    done: f64,
    total: f64,
    part: usize,
    parts: usize,
    loss: Option<f64>,
}

/// Trains on `device` and calls `tell` after each step.
pub struct WebTrainer<'a> {
    /// The device, with gradients.
    pub device: &'a Device,
    /// Takes the progress and returns a promise; the work waits for it, and ends if it is rejected.
    pub tell: &'a Function,
}

impl Trainer for WebTrainer<'_> {
    async fn train(
        &mut self,
        lesson: Lesson,
        model: S4eca,
        work: Progress,
    ) -> anyhow::Result<S4eca> {
        let this: &Self = self;
        let samples = lesson.course.batch as f64;
        let after = async |step: u64, loss: f64| {
            let done = work.done + step as f64 * samples;
            let loss = Some(loss);
            WebTrainer::tell(this, Progress { done, loss, ..work }).await
        };
        take_steps(&lesson, model, this.device, after).await
    }

    async fn tell(&mut self, progress: Progress) -> anyhow::Result<()> {
        WebTrainer::tell(self, progress).await
    }
}

impl WebTrainer<'_> {
    async fn tell(&self, progress: Progress) -> anyhow::Result<()> {
        let told = to_js(&Told {
            done: progress.done,
            total: progress.total,
            part: progress.part,
            parts: progress.parts,
            loss: progress.loss,
        });
        let told = told.map_err(|error| anyhow!("{error}"))?;
        let answer = self.tell.call1(&JsValue::NULL, &told).map_err(ended)?;
        JsFuture::from(Promise::resolve(&answer))
            .await
            .map_err(ended)?;
        Ok(())
    }
}

fn ended(_: JsValue) -> anyhow::Error {
    anyhow!("the worker ended the work")
}
