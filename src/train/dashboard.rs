//! Burn's terminal dashboard, fed by this training loop. Its "epoch" is the interval between two validations, and its
//! "item" is a step.

use std::collections::HashSet;
use std::sync::Arc;

use burn::train::Interrupter;
use burn::train::logger::TrainingProgressLogger;
use burn::train::metric::{
    MetricDefinition, MetricEntry, MetricId, NumericAttributes, NumericEntry, SerializedEntry,
};
use burn::train::renderer::tui::TuiMetricsRendererWrapper;
use burn::train::renderer::{MetricState, MetricsRenderer, MetricsRendererTraining};

use super::stage::Figures;
use crate::data::notice::Hold;

/// The dashboard. It restores the terminal when it is dropped.
pub struct Dashboard {
    renderer: TuiMetricsRendererWrapper,
    interrupter: Interrupter,
    /// Steps between validations.
    stretch: u64,
    known: HashSet<String>,
    /// Dropped last: the terminal is restored before anything is printed.
    _hold: Hold,
}

/// One number of a step, as shown.
struct Shown {
    name: &'static str,
    value: f64,
    text: String,
    higher_is_better: bool,
}

impl Dashboard {
    /// Takes over the terminal, at step `start` of `steps`, with `stretch` steps between validations.
    pub fn start(start: u64, steps: u64, stretch: u64) -> Self {
        let hold = Hold::start();
        let interrupter = Interrupter::new();
        let before = (start / stretch) as usize;
        let mut renderer = TuiMetricsRendererWrapper::new(interrupter.clone(), Some(before));
        renderer.start(
            steps.div_ceil(stretch) as usize,
            before + 1,
            None,
            Some("s4eca"),
        );
        renderer.start_split("train", stretch as usize);
        Self {
            renderer,
            interrupter,
            stretch,
            known: HashSet::new(),
            _hold: hold,
        }
    }

    /// Whether the user has asked to stop.
    pub fn stop_asked(&self) -> bool {
        self.interrupter.should_stop()
    }

    /// Shows the numbers of step `done`.
    pub fn step(&mut self, done: u64, loss: f64, rate: f64, speed: f64) {
        let shown = |name, value, text, higher_is_better| Shown {
            name,
            value,
            text,
            higher_is_better,
        };
        for number in [
            shown("Loss", loss, format!("{loss:.4}"), false),
            shown("Learning rate", rate, format!("{rate:.2e}"), false),
            shown("Images a second", speed, format!("{speed:.1}"), true),
        ] {
            let state = self.numeric(
                number.name,
                number.value,
                number.text,
                number.higher_is_better,
            );
            self.renderer.update_train(state);
        }
        let inside = (done - 1) % self.stretch + 1;
        self.renderer.update_split(inside as usize);
    }

    /// Shows that a validation begins.
    pub fn validating(&mut self) {
        self.renderer.end_split();
        self.renderer.start_split("valid", 1);
        self.renderer.update_split(0);
    }

    /// Shows the figures of the validation after step `done`.
    pub fn validated(&mut self, done: u64, figures: &Figures) {
        for (name, value) in figures {
            let name = name.trim_start_matches("val_");
            let better = !name.ends_with("_false");
            let state = self.numeric(name, *value, format!("{value:.4}"), better);
            self.renderer.update_valid(state);
        }
        self.renderer.update_split(1);
        self.renderer.end_split();
        self.renderer.update_epoch((done / self.stretch) as usize);
        self.renderer.start_split("train", self.stretch as usize);
    }

    fn numeric(&mut self, name: &str, value: f64, text: String, better: bool) -> MetricState {
        let metric_id = MetricId::new(Arc::new(name.to_owned()));
        if self.known.insert(name.to_owned()) {
            self.renderer.register_metric(MetricDefinition {
                metric_id: metric_id.clone(),
                name: Arc::new(name.to_owned()),
                description: None,
                attributes: NumericAttributes {
                    unit: None,
                    higher_is_better: better,
                }
                .into(),
            });
        }
        let entry = SerializedEntry::new(text, value.to_string());
        MetricState::Numeric(
            MetricEntry::new(metric_id, entry),
            Some(NumericEntry::Value(value)),
        )
    }
}
