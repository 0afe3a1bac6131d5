//! The protocols under which figures of this field are published.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::vision::{Mask, resize_map_rows, resize_mask};

use super::rules::Rules;

/// The size at which masks are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Resolution {
    /// At the network's input size; the truth is resized to it with nearest-neighbour sampling.
    Input,
    /// At the size of the truth; the probabilities are resized to it.
    Original,
}

impl fmt::Display for Resolution {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Input => "network input",
            Self::Original => "original",
        })
    }
}

/// A published evaluation protocol, named after the repository whose code defines it.
///
/// | name | compared at | pixel counts | empty union | Pr@t |
/// | --- | --- | --- | --- | --- |
/// | `rmsin` | network input | p > 0.5 | 0 | IoU >= t |
/// | `detris` | original | p > 0.35 | 0 | IoU > t |
/// | `rsrefseg2` | original | p > 0.5 | omitted from mIoU, a miss in Pr | IoU > t |
/// | `segearth` | network input | p > 0.5 | 1 | IoU > t |
///
/// Only the comparison of masks is reproduced. How a network resizes its output to that size is not part of
/// the protocol: here probabilities are resized bilinearly and images are stretched, while DETRIS resizes
/// bicubically, and DETRIS and SegEarth-R1 pad instead of stretching.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum Protocol {
    /// `test.py` of RMSIN (Lsan2401/RMSIN), also used by FIANet and for most RRSIS-D figures. The larger of two logits
    /// decides, with background on a tie, which is p > 0.5.
    #[default]
    Rmsin,
    /// `inference` in DETRIS's `engine/engine.py` (jiaqihuang01/DETRIS).
    Detris,
    /// `RefSegIoUMetric` of RSRefSeg2 (KyanChen/RSRefSeg2). Its gIoU is called mIoU here, and its cIoU oIoU.
    Rsrefseg2,
    /// `eval.py` of SegEarth-R1 (earth-insights/SegEarth-R1). Its gIoU is called mIoU here, and its cIoU oIoU.
    Segearth,
}

impl Protocol {
    /// Every protocol, the default first.
    pub const ALL: [Self; 4] = [Self::Rmsin, Self::Detris, Self::Rsrefseg2, Self::Segearth];

    /// Returns the name on the command line and in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Rmsin => "rmsin",
            Self::Detris => "detris",
            Self::Rsrefseg2 => "rsrefseg2",
            Self::Segearth => "segearth",
        }
    }

    /// The size at which masks are compared.
    pub fn resolution(self) -> Resolution {
        match self {
            Self::Rmsin | Self::Segearth => Resolution::Input,
            Self::Detris | Self::Rsrefseg2 => Resolution::Original,
        }
    }

    /// Returns the threshold: a pixel belongs to the prediction if its probability is above it.
    pub fn threshold(self) -> f32 {
        match self {
            Self::Detris => 0.35,
            Self::Rmsin | Self::Rsrefseg2 | Self::Segearth => 0.5,
        }
    }

    /// Returns how IoUs are counted.
    pub fn rules(self) -> Rules {
        match self {
            Self::Rmsin => Rules::RMSIN,
            Self::Detris => Rules::DETRIS,
            Self::Rsrefseg2 => Rules::RSREFSEG2,
            Self::Segearth => Rules::SEGEARTH_R1,
        }
    }

    /// Returns the predicted and the true mask, of equal size, as compared. `probabilities` is a map
    /// `[from.1, from.0]`, `truth` is at its own size, and `input_side` is the side of the network's square
    /// input in pixels.
    ///
    /// Panics if `probabilities` is not `from.0 * from.1` long, which is a programming error.
    pub fn masks(
        self,
        probabilities: &[f32],
        from: (usize, usize),
        truth: &Mask,
        input_side: usize,
    ) -> (Mask, Mask) {
        let truth = match self.resolution() {
            Resolution::Input => resize_mask(truth, input_side, input_side),
            Resolution::Original => truth.clone(),
        };
        let to = (truth.width(), truth.height());
        (self.predicted(probabilities, from, to), truth)
    }

    fn predicted(self, probabilities: &[f32], from: (usize, usize), to: (usize, usize)) -> Mask {
        let mut predicted = Mask::empty(to.0, to.1);
        resize_map_rows(probabilities, from, to, |y, row| {
            let bits = &mut predicted.bits_mut()[y * to.0..(y + 1) * to.0];
            for (bit, &probability) in bits.iter_mut().zip(row) {
                *bit = probability > self.threshold();
            }
        });
        predicted
    }

    /// Like [`Protocol::masks`], but always at the truth's own size.
    pub fn masks_at_own_size(
        self,
        probabilities: &[f32],
        from: (usize, usize),
        truth: &Mask,
    ) -> (Mask, Mask) {
        (
            self.predicted(probabilities, from, (truth.width(), truth.height())),
            truth.clone(),
        )
    }

    /// Returns a line to print with the figures that states what is compared and counted: `rmsin: masks at 480 x 480 px
    /// (network input), p > 0.5, IoU 0 for an empty union, Pr@t counts IoU >= t`.
    pub fn description(self, input_side: usize) -> String {
        self.description_at(false, input_side)
    }

    /// Like [`Protocol::description`], but if `own_size` is true, masks are compared at the image's own size
    /// instead of the protocol's.
    pub fn description_at(self, own_size: bool, input_side: usize) -> String {
        let size = match self.resolution() {
            _ if own_size => "the original size".to_owned(),
            Resolution::Input => format!("{input_side} x {input_side} px (network input)"),
            Resolution::Original => "the original size".to_owned(),
        };
        let rules = self.rules();
        let comparison = if rules.inclusive { ">=" } else { ">" };
        format!(
            "{self}: masks at {size}, p > {}, {} for an empty union, Pr@t counts IoU {comparison} t",
            self.threshold(),
            rules.empty_union,
        )
    }
}

impl fmt::Display for Protocol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A name of no known protocol.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("unknown protocol {0:?}: choose rmsin, detris, rsrefseg2 or segearth")]
pub struct UnknownProtocol(pub String);

impl FromStr for Protocol {
    type Err = UnknownProtocol;

    fn from_str(name: &str) -> Result<Self, UnknownProtocol> {
        Self::ALL
            .into_iter()
            .find(|protocol| protocol.name() == name)
            .ok_or_else(|| UnknownProtocol(name.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_the_same_everywhere() {
        for protocol in Protocol::ALL {
            assert_eq!(protocol.to_string().parse(), Ok(protocol));
            let json = serde_json::to_string(&protocol).expect("a name");
            assert_eq!(json, format!("\"{protocol}\""));
        }
        assert_eq!(Protocol::default(), Protocol::ALL[0]);
        let error = "RMSIN"
            .parse::<Protocol>()
            .expect_err("names are lower case");
        for protocol in Protocol::ALL {
            assert!(error.to_string().contains(protocol.name()), "{error}");
        }
    }

    #[test]
    fn masks_are_compared_at_the_published_size_and_threshold() {
        // The right half of a 4 x 2 truth, and four probabilities. The third value is between the thresholds; the
        // second and the fourth are equal to one.
        let truth = Mask::new(4, 2, [false, false, true, true].repeat(2));
        let map = [0.0, 0.35, 0.4, 0.5];
        let area = |protocol: Protocol| {
            let (predicted, truth) = protocol.masks(&map, (4, 1), &truth, 8);
            assert_eq!(predicted.width(), truth.width(), "{protocol}");
            assert_eq!(predicted.height(), truth.height(), "{protocol}");
            (
                predicted.width(),
                predicted.height(),
                predicted.area(),
                truth.area(),
            )
        };
        assert_eq!(
            area(Protocol::Rmsin),
            (8, 8, 0, 32),
            "exactly 0.5 is background"
        );
        assert_eq!(
            area(Protocol::Detris),
            (4, 2, 4, 4),
            "0.35 is not above 0.35"
        );
        assert_eq!(area(Protocol::Rsrefseg2), (4, 2, 0, 4));
        assert_eq!(area(Protocol::Segearth), (8, 8, 0, 32));
    }

    #[test]
    fn the_description_says_what_was_compared() {
        assert_eq!(
            Protocol::Rmsin.description(480),
            "rmsin: masks at 480 x 480 px (network input), p > 0.5, IoU 0 for an empty union, Pr@t counts \
             IoU >= t"
        );
        assert_eq!(
            Protocol::Detris.description(480),
            "detris: masks at the original size, p > 0.35, IoU 0 for an empty union, Pr@t counts IoU > t"
        );
    }
}
