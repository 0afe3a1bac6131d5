//! What is shown while a training runs: one line with loss, rate, images a second and the time left.

use std::time::Instant;

use indicatif::{ProgressBar, ProgressStyle};

use super::ranks::Ranks;
use super::stage::Figures;

/// Share of the smoothed speed that each step keeps.
const SMOOTHING: f64 = 0.9;

/// The progress line; only the first rank shows one.
pub struct Watch {
    bar: ProgressBar,
    shown: bool,
    images: f64,
    last: Instant,
    speed: Option<f64>,
}

impl Watch {
    /// Starts at step `start` of `steps`, each of `images` images over all ranks.
    pub fn start(start: u64, steps: u64, images: u64, ranks: &Ranks) -> Self {
        let shown = ranks.is_first();
        let bar = match shown {
            true => ProgressBar::new(steps).with_position(start),
            false => ProgressBar::hidden(),
        };
        let style = "{elapsed_precise} [{bar:28}] {pos}/{len} {msg} left {eta}";
        if let Ok(style) = ProgressStyle::with_template(style) {
            bar.set_style(style);
        }
        bar.reset_eta();
        Self {
            bar,
            shown,
            images: images as f64,
            last: Instant::now(),
            speed: None,
        }
    }

    /// After a step.
    pub fn step(&mut self, done: u64, loss: f64, rate: f64) {
        let seconds = self.last.elapsed().as_secs_f64().max(1e-9);
        self.last = Instant::now();
        let speed = self.images / seconds;
        let smooth = |old: f64| SMOOTHING * old + (1.0 - SMOOTHING) * speed;
        let speed = self.speed.map_or(speed, smooth);
        self.speed = Some(speed);
        self.bar.set_message(format!(
            "loss {loss:.3} rate {rate:.1e} {speed:.1} images/s"
        ));
        self.bar.set_position(done);
    }

    /// The figures of a validation.
    pub fn say(&mut self, done: u64, figures: &Figures) {
        let parts: Vec<String> = figures
            .iter()
            .map(|(name, value)| format!("{} {value:.3}", name.trim_start_matches("val_")))
            .collect();
        self.print(&format!("step {done}: {}", parts.join("  ")));
        // A validation is no step: it must not slow down the speed that is shown.
        self.last = Instant::now();
    }

    /// The training ends early.
    pub fn stopped(&self, done: u64, patience: u64) {
        self.print(&format!(
            "step {done}: no gain in the last {patience} validations, stopping early"
        ));
    }

    /// The training has ended.
    pub fn finish(&self) {
        self.bar.finish();
    }

    fn print(&self, line: &str) {
        if self.shown {
            self.bar.suspend(|| println!("{line}"));
        }
    }
}
