//! Shows a running training: one line with loss, learning rate, images per second and the time left, or a
//! dashboard.

use std::io::IsTerminal;
use std::time::Instant;

use anyhow::ensure;
use indicatif::{ProgressBar, ProgressStyle};

#[cfg(feature = "tui")]
use super::dashboard::Dashboard;
use super::ranks::Ranks;
use super::stage::Figures;
#[cfg(feature = "tui")]
use crate::data::notice::notify;

/// Fraction of the smoothed speed that each step keeps.
const SMOOTHING: f64 = 0.9;

/// How a training is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum View {
    /// As a line that is updated.
    #[default]
    Line,
    /// As a dashboard that fills the terminal.
    Dashboard,
}

impl View {
    /// Returns the dashboard view.
    ///
    /// # Errors
    /// Fails if the program was built without it, or if stdin or stdout is not a terminal.
    pub fn dashboard() -> anyhow::Result<Self> {
        ensure!(
            cfg!(feature = "tui"),
            "this program was built without the dashboard: build it with `cargo build --release \
             --features tui`, or omit --tui"
        );
        ensure!(
            std::io::stdout().is_terminal() && std::io::stdin().is_terminal(),
            "--tui needs a terminal to draw on and read keys from, and there is none: omit --tui"
        );
        Ok(Self::Dashboard)
    }
}

/// The range of steps that is shown.
#[derive(Debug, Clone, Copy)]
pub struct RunSpan {
    /// The step after which the training starts.
    pub start: u64,
    /// The last step.
    pub steps: u64,
    /// Steps between validations.
    #[cfg_attr(
        not(feature = "tui"),
        expect(dead_code, reason = "only the dashboard has a place for it")
    )]
    pub validate_every: u64,
    /// Images per step, over all ranks.
    pub images: u64,
}

/// Shows a training, on the first rank only.
pub struct Watch {
    screen: Screen,
    images: f64,
    last: Instant,
    speed: Option<f64>,
}

enum Screen {
    Nothing,
    Line(ProgressBar),
    #[cfg(feature = "tui")]
    Dashboard(Box<Dashboard>),
}

impl Watch {
    /// Starts showing a training over `span`.
    pub fn start(view: View, span: RunSpan, ranks: &Ranks) -> Self {
        Self {
            screen: match ranks.is_first() {
                true => Screen::new(view, span),
                false => Screen::Nothing,
            },
            images: span.images as f64,
            last: Instant::now(),
            speed: None,
        }
    }

    /// Shows a completed step.
    pub fn step(&mut self, done: u64, loss: f64, rate: f64) {
        let seconds = self.last.elapsed().as_secs_f64().max(1e-9);
        self.last = Instant::now();
        let speed = self.images / seconds;
        let smooth = |old: f64| SMOOTHING * old + (1.0 - SMOOTHING) * speed;
        let speed = self.speed.map_or(speed, smooth);
        self.speed = Some(speed);
        match &mut self.screen {
            Screen::Nothing => {}
            Screen::Line(bar) => {
                bar.set_message(format!(
                    "loss {loss:.3} rate {rate:.1e} {speed:.1} images/s"
                ));
                bar.set_position(done);
            }
            #[cfg(feature = "tui")]
            Screen::Dashboard(dashboard) => dashboard.step(done, loss, rate, speed),
        }
    }

    /// Shows that a validation begins.
    pub fn validating(&mut self) {
        #[cfg(feature = "tui")]
        if let Screen::Dashboard(dashboard) = &mut self.screen {
            dashboard.validating();
        }
    }

    /// Prints the figures of a validation.
    pub fn say(&mut self, done: u64, figures: &Figures) {
        #[cfg(feature = "tui")]
        if let Screen::Dashboard(dashboard) = &mut self.screen {
            dashboard.validated(done, figures);
        }
        let parts: Vec<String> = figures
            .iter()
            .map(|(name, value)| format!("{} {value:.3}", name.trim_start_matches("val_")))
            .collect();
        self.print(&format!("step {done}: {}", parts.join("  ")));
        // A validation is not a step: it must not lower the displayed speed.
        self.last = Instant::now();
    }

    /// Whether the user has asked to stop.
    pub fn stop_asked(&self) -> bool {
        match &self.screen {
            Screen::Nothing | Screen::Line(_) => false,
            #[cfg(feature = "tui")]
            Screen::Dashboard(dashboard) => dashboard.stop_asked(),
        }
    }

    /// Ends the display at step `done`; `early` is the reason for stopping early, if any.
    pub fn finish(mut self, done: u64, early: Option<&str>) {
        match std::mem::replace(&mut self.screen, Screen::Nothing) {
            Screen::Nothing => return,
            Screen::Line(bar) => bar.finish(),
            // Restores the terminal before anything is printed.
            #[cfg(feature = "tui")]
            Screen::Dashboard(dashboard) => drop(dashboard),
        }
        if let Some(reason) = early {
            println!("step {done}: {reason}");
        }
    }

    fn print(&self, line: &str) {
        match &self.screen {
            Screen::Nothing => {}
            Screen::Line(bar) => bar.suspend(|| println!("{line}")),
            // Printed after the dashboard has closed.
            #[cfg(feature = "tui")]
            Screen::Dashboard(_) => notify(line.to_owned()),
        }
    }
}

impl Screen {
    fn new(view: View, span: RunSpan) -> Self {
        match view {
            #[cfg(feature = "tui")]
            View::Dashboard => Self::Dashboard(Box::new(Dashboard::start(
                span.start,
                span.steps,
                span.validate_every,
            ))),
            _ => Self::line(span),
        }
    }

    fn line(span: RunSpan) -> Self {
        let bar = ProgressBar::new(span.steps).with_position(span.start);
        let style = "{elapsed_precise} [{bar:28}] {pos}/{len} {msg} left {eta}";
        if let Ok(style) = ProgressStyle::with_template(style) {
            bar.set_style(style);
        }
        bar.reset_eta();
        Self::Line(bar)
    }
}
