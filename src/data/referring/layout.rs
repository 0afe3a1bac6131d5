//! The layouts of datasets by name, and `NAME:PATH`, which names a dataset on disk.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::record::Split;

/// The layout of a dataset on disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Layout {
    /// RRSIS-D (RMSIN).
    RrsisD,
    /// RefSegRS (LGCE).
    #[serde(rename = "refsegrs")]
    RefSegRs,
    /// RISBench (CroBIM).
    #[serde(rename = "risbench")]
    RisBench,
    /// Your own images: see [`super::own`].
    #[serde(rename = "folder")]
    Own,
    /// Phrases with masks drawn over crops of NAIP, for evaluation only.
    NaipPhrases,
}

impl Layout {
    /// All layouts.
    pub const ALL: [Self; 5] = [
        Self::RrsisD,
        Self::RefSegRs,
        Self::RisBench,
        Self::Own,
        Self::NaipPhrases,
    ];

    /// Whether it may be trained on.
    pub fn is_trainable(self) -> bool {
        self != Self::NaipPhrases
    }

    /// Whether masks are compared at the image's own size under every protocol, because its objects are
    /// small.
    pub fn has_own_size(self) -> bool {
        self == Self::NaipPhrases
    }

    /// The name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::RrsisD => "rrsis-d",
            Self::RefSegRs => "refsegrs",
            Self::RisBench => "risbench",
            Self::Own => "folder",
            Self::NaipPhrases => "naip-phrases",
        }
    }

    /// What the folder must hold, for messages.
    pub fn expected(self) -> &'static str {
        match self {
            Self::RrsisD => {
                "rrsisd/refs(unc).p, rrsisd/instances.json and images/rrsisd/JPEGImages/"
            }
            Self::RefSegRs => "output_phrase_{train,val,test}.txt, images/ and masks/",
            Self::RisBench => {
                "risbench_{train,val,test}.jsonl or output_phrase_{train,val,test}.txt with mask/, and \
                 img_rgb/"
            }
            Self::Own => "phrases.csv or phrases.jsonl, images/ and masks/",
            Self::NaipPhrases => "phrases.jsonl, with ../naip/images/ beside it",
        }
    }

    /// Published numbers of records of train, val and test, or `None` if no paper was found that gives them.
    pub fn published(self) -> Option<[usize; 3]> {
        match self {
            // 17,402 triplets (RMSIN).
            Self::RrsisD => Some([12_181, 1_740, 3_481]),
            // 4,420 triplets (LGCE).
            Self::RefSegRs => Some([2_172, 431, 1_817]),
            Self::RisBench | Self::Own | Self::NaipPhrases => None,
        }
    }

    /// The published number of records of a split.
    pub fn published_in(self, split: Split) -> Option<usize> {
        self.published().map(|counts| counts[split as usize])
    }
}

impl fmt::Display for Layout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Layout {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|layout| layout.name() == text);
        found.ok_or_else(|| {
            let names: Vec<_> = Self::ALL.iter().map(|layout| layout.name()).collect();
            format!("unknown dataset {text:?}: use one of {}", names.join(", "))
        })
    }
}

/// A dataset on disk, written `NAME:PATH`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DataPath {
    /// Its layout.
    pub layout: Layout,
    /// Its folder.
    pub root: PathBuf,
}

impl fmt::Display for DataPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.layout, self.root.display())
    }
}

impl FromStr for DataPath {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once(':') {
            Some((name, path)) if !path.is_empty() => Ok(Self {
                layout: name.parse()?,
                root: path.into(),
            }),
            _ => Err(format!(
                "{text:?} does not name a dataset: write NAME:PATH, such as rrsis-d:/data/RRSIS-D"
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_may_have_colons_and_a_name_is_needed() {
        let path: DataPath = "rrsis-d:C:/data".parse().expect("a name and a path");
        assert_eq!(
            (path.layout, path.root.to_str()),
            (Layout::RrsisD, Some("C:/data"))
        );
        assert_eq!(path.to_string(), "rrsis-d:C:/data");
        for (wrong, says) in [
            ("data", "NAME:PATH"),
            ("folder:", "NAME:PATH"),
            ("coco:data", "risbench"),
        ] {
            let text = wrong.parse::<DataPath>().expect_err("not a dataset");
            assert!(text.contains(says), "{text}");
        }
    }

    #[test]
    fn the_name_in_json_is_the_one_of_the_command_line() {
        for layout in Layout::ALL {
            let json = serde_json::to_string(&layout).expect("a name");
            assert_eq!(json, format!("\"{layout}\""));
        }
    }
}
