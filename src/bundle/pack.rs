//! Adapter packs: what was learned at a place, stored in one small file as differences to the trained tensors of one
//! bundle.
//!
//! ```text
//! 8 bytes  magic "S4ECAPK1"
//! u32      bytes of the manifest, little-endian
//! JSON     the manifest, with name, shape and bits of every tensor
//! bytes    the tensors in the manifest's order: packed values in blocks of 32, then one f16 scale per block;
//!          the last block is filled up with zeros
//! ```

use std::collections::BTreeMap;

use burn::tensor::quantization::ScaleDtype;
use serde::{Deserialize, Serialize};

use super::error::BundleError;
use super::manifest::Manifest;
use super::taught_words::TaughtWords;
use super::tensors::Tensors;
use crate::quant::{BLOCK, Bits, Blocks};

/// First bytes of a pack.
const MAGIC: &[u8; 8] = b"S4ECAPK1";
/// Largest manifest that is read.
const LARGEST_MANIFEST: usize = 1 << 20;
/// Maximum number of values that a pack may hold: more than any preset trains.
const MOST_VALUES: usize = 1 << 26;

/// The manifest of a pack.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PackManifest {
    /// Name of the pack, such as `north-valley`.
    pub name: String,
    /// Version of this crate that wrote it.
    pub written_by: String,
    /// The bundle that the pack belongs to.
    pub base: Base,
    /// The prompts that it answers for.
    pub words: TaughtWords,
    /// Number of examples.
    pub examples: usize,
    /// Number of examples per phrase.
    pub phrases: BTreeMap<String, usize>,
    /// Measured on examples that were held back: free-form names and values in per cent.
    pub metrics: BTreeMap<String, f64>,
    /// Licence of the examples.
    pub licence: String,
    /// Whom to credit for the examples.
    pub credits: Vec<String>,
    /// Day on which it was made, as 2026-01-31.
    pub date: String,
    /// Values per tensor, in the order of their bytes.
    tensors: Vec<Entry>,
}

/// The bundle that a pack changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Base {
    /// Its name.
    pub name: String,
    /// Its [`Manifest::fingerprint`].
    pub fingerprint: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Entry {
    name: String,
    values: usize,
    bits: Bits,
    /// The largest difference, by which the stored values are divided: 16-bit scales cannot hold small numbers.
    unit: f32,
}

/// An adapter pack.
#[derive(Debug, Clone, PartialEq)]
pub struct Pack {
    manifest: PackManifest,
    /// Differences to the base's tensors, in the manifest's order.
    differences: Vec<Vec<f32>>,
}

/// What a new pack says about itself.
#[derive(Debug, Clone, Default)]
pub struct PackFacts {
    /// Name of the pack.
    pub name: String,
    /// The prompts that it answers for.
    pub words: TaughtWords,
    /// Number of examples.
    pub examples: usize,
    /// Number of examples per phrase.
    pub phrases: BTreeMap<String, usize>,
    /// Measured metrics.
    pub metrics: BTreeMap<String, f64>,
    /// Licence of the examples.
    pub licence: String,
    /// Whom to credit.
    pub credits: Vec<String>,
    /// Day, as 2026-01-31.
    pub date: String,
}

impl Pack {
    /// Makes a pack of the differences by tensor name; `bits` are those of its values in the file.
    pub fn new(
        facts: PackFacts,
        base: &Manifest,
        differences: Vec<(String, Vec<f32>)>,
        bits: Bits,
    ) -> Self {
        let (names, differences): (Vec<_>, Vec<_>) = differences.into_iter().unzip();
        let entry = |(name, values): (String, &Vec<f32>)| Entry {
            name,
            values: values.len(),
            bits,
            unit: values
                .iter()
                .fold(0.0, |most: f32, value| most.max(value.abs())),
        };
        let tensors = names.into_iter().zip(&differences).map(entry).collect();
        Self {
            manifest: PackManifest {
                name: facts.name,
                written_by: concat!("s4eca ", env!("CARGO_PKG_VERSION")).to_owned(),
                base: Base {
                    name: base.name.clone(),
                    fingerprint: base.fingerprint(),
                },
                words: facts.words,
                examples: facts.examples,
                phrases: facts.phrases,
                metrics: facts.metrics,
                licence: facts.licence,
                credits: facts.credits,
                date: facts.date,
                tensors,
            },
            differences,
        }
    }

    /// The manifest.
    pub fn manifest(&self) -> &PackManifest {
        &self.manifest
    }

    /// The bytes of the pack's file.
    ///
    /// # Errors
    /// Fails if the manifest cannot be written as JSON.
    pub fn to_bytes(&self) -> Result<Vec<u8>, BundleError> {
        let json = serde_json::to_vec(&self.manifest).map_err(BundleError::Manifest)?;
        let mut bytes = MAGIC.to_vec();
        bytes.extend((json.len() as u32).to_le_bytes());
        bytes.extend(json);
        for (entry, values) in self.manifest.tensors.iter().zip(&self.differences) {
            let unit = entry.unit.max(f32::MIN_POSITIVE);
            let mut padded: Vec<f32> = values.iter().map(|value| value / unit).collect();
            padded.resize(values.len().next_multiple_of(BLOCK), 0.0);
            bytes.extend(Blocks::encode(&padded, entry.bits, BLOCK).to_bytes(ScaleDtype::F16));
        }
        Ok(bytes)
    }

    /// Reads what [`Pack::to_bytes`] made.
    ///
    /// # Errors
    /// Returns [`BundleError::Pack`] if the bytes are not a pack, or are truncated or changed.
    pub fn read(bytes: &[u8]) -> Result<Self, BundleError> {
        let wrong = |reason: &str| BundleError::Pack {
            reason: reason.to_owned(),
        };
        let rest = bytes
            .strip_prefix(MAGIC)
            .ok_or_else(|| wrong("its first bytes are those of another kind of file"))?;
        let truncated = || wrong("it is truncated");
        let (length, rest) = rest.split_first_chunk::<4>().ok_or_else(truncated)?;
        let length = u32::from_le_bytes(*length) as usize;
        if length > LARGEST_MANIFEST {
            return Err(wrong("its manifest is too large"));
        }
        let (json, mut rest) = rest.split_at_checked(length).ok_or_else(truncated)?;
        let manifest: PackManifest =
            serde_json::from_slice(json).map_err(|error| wrong(&error.to_string()))?;
        let mut total = 0usize;
        let mut differences = Vec::with_capacity(manifest.tensors.len());
        for entry in &manifest.tensors {
            total = total.saturating_add(entry.values);
            if total > MOST_VALUES {
                return Err(wrong("it states more values than any network trains"));
            }
            let padded = entry.values.next_multiple_of(BLOCK);
            let size = entry.bits.packed_bytes(padded) + padded / BLOCK * 2;
            let (own, after) = rest.split_at_checked(size).ok_or_else(truncated)?;
            rest = after;
            let blocks =
                Blocks::from_bytes(own, padded, entry.bits, BLOCK).ok_or_else(truncated)?;
            let mut values = blocks.decode();
            values.truncate(entry.values);
            values.iter_mut().for_each(|value| *value *= entry.unit);
            if !values.iter().all(|value| value.is_finite()) {
                return Err(wrong("it has values that are not numbers"));
            }
            differences.push(values);
        }
        match rest.is_empty() {
            true => Ok(Self {
                manifest,
                differences,
            }),
            false => Err(wrong("something follows its end")),
        }
    }

    /// Checks that the pack belongs to `base`.
    ///
    /// # Errors
    /// Returns [`BundleError::OtherBase`], which names both bundles.
    pub fn check(&self, base: &Manifest) -> Result<(), BundleError> {
        let found = base.fingerprint();
        if self.manifest.base.fingerprint == found {
            return Ok(());
        }
        let short = |hash: &str| hash.chars().take(8).collect::<String>();
        Err(BundleError::OtherBase {
            pack: self.manifest.name.clone(),
            wanted: format!(
                "{} {}",
                self.manifest.base.name,
                short(&self.manifest.base.fingerprint)
            ),
            found: format!("{} {}", base.name, short(&found)),
        })
    }

    /// Adds the differences to a bundle's tensors.
    ///
    /// # Errors
    /// Fails if a tensor does not exist or has another size.
    pub fn add_to(&self, tensors: &mut Tensors) -> Result<(), BundleError> {
        for (entry, values) in self.manifest.tensors.iter().zip(&self.differences) {
            tensors.add(&entry.name, values)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn base() -> Manifest {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/weights/tiny/manifest.json");
        Manifest::parse(&std::fs::read_to_string(path).expect("shipped weights")).expect("valid")
    }

    fn pack() -> Pack {
        let differences = vec![
            ("neck.a".to_owned(), vec![0.5, -1.0, 0.25]),
            (
                "head.b".to_owned(),
                (0..64).map(|i| i as f32 / 64.0).collect(),
            ),
        ];
        let facts = PackFacts {
            name: "valley".to_owned(),
            ..PackFacts::default()
        };
        Pack::new(facts, &base(), differences, Bits::Q8)
    }

    #[test]
    fn a_pack_reads_back() {
        let pack = pack();
        let bytes = pack.to_bytes().expect("JSON");
        let again = Pack::read(&bytes).expect("what was written");
        assert_eq!(again.manifest, pack.manifest);
        for (a, b) in pack
            .differences
            .concat()
            .iter()
            .zip(again.differences.concat())
        {
            assert!((a - b).abs() < 0.01, "{a} {b}");
        }
        again.check(&base()).expect("its own base");
        let mut tensors = Tensors::empty();
        tensors.push("neck.a", &[3], vec![1.0; 3]);
        let error = again.add_to(&mut tensors).expect_err("no head.b");
        assert!(error.to_string().contains("head.b"), "{error}");
    }

    #[test]
    fn a_truncated_or_changed_pack_is_refused() {
        let bytes = pack().to_bytes().expect("JSON");
        for length in 0..bytes.len() {
            assert!(Pack::read(&bytes[..length]).is_err(), "{length} bytes");
        }
        let mut longer = bytes.clone();
        longer.push(0);
        assert!(Pack::read(&longer).is_err());
        for at in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[at] ^= 0xff;
            // The changed bytes may still be a pack, but reading them must not panic.
            let _ = Pack::read(&changed);
        }
    }

    #[test]
    fn another_base_is_named() {
        let mut other = base();
        other.name = "micro".to_owned();
        other.shards[0].sha256 = "0".repeat(64);
        let error = pack().check(&other).expect_err("another base").to_string();
        assert!(error.contains("tiny") && error.contains("micro"), "{error}");
    }
}
