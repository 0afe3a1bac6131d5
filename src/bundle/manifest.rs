//! The manifest of a weights bundle: what the bundle is, and which files it consists of.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::error::BundleError;
use crate::choosing::Ways;
use crate::model::ModelConfig;

/// File name of the manifest inside a bundle's folder.
pub const MANIFEST: &str = "manifest.json";
/// Version of the format that this crate reads and writes.
pub const FORMAT: u32 = 1;
/// Largest size of a shard in bytes: static hosts and caches handle that without special care.
pub const SHARD_BYTES: usize = 16 * 1024 * 1024;

/// `manifest.json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// Version of the format, [`FORMAT`].
    pub format: u32,
    /// Name of the bundle, such as `tiny`.
    pub name: String,
    /// Version of this crate that wrote it.
    pub written_by: String,
    /// The network that the weights fit.
    pub model: ModelConfig,
    /// How the weights are quantised.
    pub precision: super::BundlePrecision,
    /// Licence of the weights.
    pub licence: String,
    /// Whom to credit: data and encoders that went into the weights.
    pub credits: Vec<String>,
    /// Measured metrics: free-form names and values in per cent.
    pub metrics: BTreeMap<String, f64>,
    /// For each kind of phrase, whether the network or the rules answer it better with these weights, if that was
    /// measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reading: Option<Ways>,
    /// The tokenizer, in the format of the `tokenizers` crate.
    pub tokenizer: FileEntry,
    /// Burnpack shards.
    pub shards: Vec<FileEntry>,
    /// Rows of the word table with which the network can start before the whole table is there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub common_words: Option<CommonWordsEntry>,
}

/// The file with the rows of common words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommonWordsEntry {
    /// The file.
    pub file: FileEntry,
    /// Name of the shard that has the whole word table and nothing else.
    pub before: String,
}

/// A file of the bundle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileEntry {
    /// File name in the manifest's folder.
    pub name: String,
    /// Size in bytes.
    pub bytes: u64,
    /// SHA-256 in lower-case hexadecimal.
    pub sha256: String,
}

impl FileEntry {
    /// The entry that describes `bytes`.
    pub fn of(name: impl Into<String>, bytes: &[u8]) -> Self {
        Self {
            name: name.into(),
            bytes: bytes.len() as u64,
            sha256: sha256(bytes),
        }
    }

    /// Checks size and hash.
    ///
    /// # Errors
    /// Returns [`BundleError::Size`] or [`BundleError::Hash`], which name the file.
    pub fn verify(&self, bytes: &[u8]) -> Result<(), BundleError> {
        if bytes.len() as u64 != self.bytes {
            return Err(BundleError::Size {
                file: self.name.clone(),
                expected: self.bytes,
                found: bytes.len() as u64,
            });
        }
        if sha256(bytes) != self.sha256 {
            return Err(BundleError::Hash {
                file: self.name.clone(),
            });
        }
        Ok(())
    }
}

impl Manifest {
    /// Identifies the weights: SHA-256 over the hashes of the shards.
    pub fn fingerprint(&self) -> String {
        let hashes: String = self
            .shards
            .iter()
            .map(|file| file.sha256.as_str())
            .collect();
        sha256(hashes.as_bytes())
    }

    /// Reads a manifest.
    ///
    /// # Errors
    /// Fails if `json` is not a manifest, has another format version, names a file outside its folder, or describes a
    /// network that cannot be built or that its shards cannot hold.
    pub fn parse(json: &str) -> Result<Self, BundleError> {
        #[derive(Deserialize)]
        struct Version {
            format: u32,
        }
        let version: Version = serde_json::from_str(json).map_err(BundleError::Manifest)?;
        if version.format != FORMAT {
            return Err(BundleError::Format {
                found: version.format,
            });
        }
        let manifest: Self = serde_json::from_str(json).map_err(BundleError::Manifest)?;
        manifest.check_network()?;
        for file in manifest.files().chain(manifest.common_file()) {
            if file.name.contains(['/', '\\']) || file.name.starts_with('.') {
                return Err(BundleError::FileName {
                    file: file.name.clone(),
                });
            }
        }
        Ok(manifest)
    }

    /// Checks the network before anything of its size is allocated.
    fn check_network(&self) -> Result<(), BundleError> {
        self.model.check()?;
        let weights = self.model.least_weights();
        let sizes = self.shards.iter().map(|shard| shard.bytes);
        let bytes = sizes.fold(0, u64::saturating_add);
        // The most compact form of a weight takes four bits.
        if weights / 2 > bytes {
            return Err(BundleError::Weights { weights, bytes });
        }
        Ok(())
    }

    /// All files that a whole bundle needs, except the manifest itself.
    pub fn files(&self) -> impl Iterator<Item = &FileEntry> {
        std::iter::once(&self.tokenizer).chain(&self.shards)
    }

    /// The file with the rows of common words.
    pub fn common_file(&self) -> Option<&FileEntry> {
        self.common_words.as_ref().map(|common| &common.file)
    }

    /// Whether the network can start without the file `name`, if it has the rows of common words.
    pub fn may_follow(&self, name: &str) -> bool {
        let common = self.common_words.as_ref();
        common.is_some_and(|common| common.before == name)
    }
}

/// SHA-256 of bytes, in hexadecimal digits.
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_byte_is_noticed() {
        let entry = FileEntry::of("a.bpk", b"weights");
        assert_eq!(entry.sha256.len(), 64);
        assert!(entry.verify(b"weights").is_ok());
        assert!(matches!(
            entry.verify(b"weighty"),
            Err(BundleError::Hash { .. })
        ));
        assert!(matches!(
            entry.verify(b"weight"),
            Err(BundleError::Size { .. })
        ));
    }

    #[test]
    fn a_network_that_cannot_be_built_or_held_is_refused() {
        let json = include_str!("../../weights/tiny/manifest.json");
        assert!(Manifest::parse(json).is_ok());
        // Sizes that would divide by zero, and sizes that need more memory than any machine has.
        for (from, to) in [
            ("\"heads\": 12", "\"heads\": 0"),
            ("\"repeats\": 5", "\"repeats\": 4000000000000000000"),
        ] {
            let error = Manifest::parse(&json.replace(from, to)).expect_err(to);
            assert!(matches!(error, BundleError::Config(_)), "{error}");
        }
        let error = Manifest::parse(&json.replace("\"width\": 384", "\"width\": 3840"));
        assert!(matches!(error, Err(BundleError::Weights { .. })));
    }

    #[test]
    fn what_is_not_a_manifest_is_refused() {
        assert!(matches!(
            Manifest::parse("<html>"),
            Err(BundleError::Manifest(_))
        ));
        assert!(matches!(
            Manifest::parse(r#"{"format": 99}"#),
            Err(BundleError::Format { found: 99 })
        ));
    }
}
