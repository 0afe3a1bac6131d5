//! Checkpoints of seeded values, and the result of importing them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use burn_pack::Reader;
use s4eca::bundle::Tensors;
use s4eca::import::{ImportError, Report, import_text, import_vision};
use s4eca::model::{TextConfig, VisionConfig, VitConfig};
use safetensors::Dtype;
use safetensors::tensor::TensorView;
use serde::Deserialize;

/// A tensor of a checkpoint: its values follow from its name.
#[derive(Debug, Clone, Deserialize)]
pub struct Stored {
    pub name: String,
    pub shape: Vec<usize>,
    #[serde(default)]
    pub offset: f64,
    #[serde(default = "one")]
    pub scale: f64,
}

/// An encoder of tests/fixtures/encoders: its sizes and its published tensors.
#[derive(Debug, Clone, Deserialize)]
pub struct Case {
    pub vision: Option<VisionConfig>,
    pub text: Option<TextConfig>,
    pub tensors: Vec<Stored>,
}

/// Tensors by name, with their shapes.
pub type Named = BTreeMap<String, (Vec<usize>, Vec<f32>)>;

fn one() -> f64 {
    1.0
}

impl Stored {
    pub fn new(name: &str, shape: &[usize]) -> Self {
        Self {
            name: name.to_owned(),
            shape: shape.to_vec(),
            offset: 0.0,
            scale: 1.0,
        }
    }

    /// splitmix64, started at the FNV-1a hash of the name.
    pub fn values(&self) -> Vec<f32> {
        let seed = self
            .name
            .bytes()
            .fold(0xCBF2_9CE4_8422_2325_u64, |hash, byte| {
                (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3)
            });
        let value = |index: u64| {
            let mut z = seed.wrapping_add(index.wrapping_mul(0x9E37_79B9_7F4A_7C15));
            z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            z ^= z >> 31;
            let unit = (z >> 40) as f64 / f64::from(1 << 23) - 1.0;
            (self.offset + self.scale * unit) as f32
        };
        let count: usize = self.shape.iter().product();
        (1..=count as u64).map(value).collect()
    }
}

impl Case {
    pub fn load(name: &str) -> Self {
        let path = fixtures().join(format!("{name}.json"));
        let json = fs::read_to_string(path).expect("the fixture");
        serde_json::from_str(&json).expect("the fixture's form")
    }

    pub fn vision(&self) -> &VisionConfig {
        self.vision.as_ref().expect("a visual encoder")
    }

    /// The ViT's configuration, to be changed.
    pub fn vit(&mut self) -> &mut VitConfig {
        let vision = self.vision.as_mut().expect("a visual encoder");
        vision.vit_mut().expect("a ViT")
    }

    pub fn text(&self) -> &TextConfig {
        self.text.as_ref().expect("a text encoder")
    }

    /// A published tensor's values.
    pub fn values(&self, name: &str) -> Vec<f32> {
        let stored = self.tensors.iter().find(|stored| stored.name == name);
        stored.expect(name).values()
    }

    /// The published tensors and their values, under the names that `rename` returns; it returns None to drop a tensor.
    pub fn renamed(&self, rename: impl Fn(&str) -> Option<String>) -> Named {
        let tensors = self.tensors.iter().filter_map(|stored| {
            let name = rename(&stored.name)?;
            Some((name, (stored.shape.clone(), stored.values())))
        });
        tensors.collect()
    }

    /// The published tensors as they are.
    pub fn named(&self) -> Named {
        self.renamed(|name| Some(name.to_owned()))
    }

    /// Imports a file or folder into this encoder.
    pub fn import(&self, path: &Path) -> Result<(Named, Report), ImportError> {
        let (tensors, report) = match &self.vision {
            Some(config) => import_vision(path, config)?,
            None => import_text(path, self.text())?,
        };
        Ok((read(tensors), report))
    }

    /// Imports these tensors from a safetensors file.
    pub fn import_named(&self, tensors: &Named) -> Result<(Named, Report), ImportError> {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("model.safetensors");
        write(&path, tensors);
        self.import(&path)
    }
}

pub fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/encoders")
}

/// The values of an import, read back from the file that it writes.
fn read(tensors: Tensors) -> Named {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("tensors.bpk");
    fs::write(&path, tensors.into_bytes().expect("a file")).expect("room");
    let tensors = Reader::from_file(&path).expect("burnpack").into_tensors();
    let named = tensors.expect("tensors").into_iter().map(|tensor| {
        let bytes = tensor.to_bytes().expect("bytes");
        let values = bytes
            .as_chunks::<4>()
            .0
            .iter()
            .map(|b| f32::from_le_bytes(*b));
        let shape = tensor.shape.to_vec();
        (tensor.name.clone(), (shape, values.collect()))
    });
    named.collect()
}

/// A safetensors file of f32.
pub fn write(path: &Path, tensors: &Named) {
    let bytes: Vec<(&String, &Vec<usize>, Vec<u8>)> = tensors
        .iter()
        .map(|(name, (shape, values))| {
            let bytes = values.iter().flat_map(|value| value.to_le_bytes());
            (name, shape, bytes.collect())
        })
        .collect();
    let views = bytes.iter().map(|(name, shape, bytes)| {
        let view = TensorView::new(Dtype::F32, (*shape).clone(), bytes).expect("a tensor");
        (name.as_str(), view)
    });
    let file = safetensors::serialize(views, None).expect("a file");
    fs::write(path, file).expect("room");
}

/// Asserts that a tensor has the shape, and at every index the value that `wanted` says.
pub fn check(found: &Named, name: &str, shape: &[usize], wanted: impl Fn(usize) -> f32) {
    let (stored, values) = found
        .get(name)
        .unwrap_or_else(|| panic!("no tensor {name}"));
    assert_eq!(stored, shape, "{name}");
    assert_eq!(values.len(), shape.iter().product::<usize>(), "{name}");
    for (index, value) in values.iter().enumerate() {
        assert_eq!(*value, wanted(index), "{name}[{index}]");
    }
}

/// Asserts that the result is PyTorch's `[outputs, inputs]` transposed.
pub fn check_turned(found: &Named, name: &str, shape: [usize; 2], stored: &[f32]) {
    let [inputs, outputs] = shape;
    check(found, name, &shape, |index| {
        stored[index % outputs * inputs + index / outputs]
    });
}

/// Asserts that the visual encoder's block 1 has, as its layer `name`, the stored layers side by side.
pub fn check_side_by_side(case: &Case, found: &Named, name: &str, layers: &[String]) {
    let stacked = |part: &str| -> Vec<f32> {
        let parts = layers
            .iter()
            .map(|layer| case.values(&format!("{layer}.{part}")));
        parts.collect::<Vec<_>>().concat()
    };
    let bias = stacked("bias");
    let weight = stacked("weight");
    let inputs = weight.len() / bias.len();
    let target = format!("vision.blocks.1.{name}");
    let shape = [inputs, bias.len()];
    check_turned(found, &format!("{target}.weight"), shape, &weight);
    check(found, &format!("{target}.bias"), &[bias.len()], |index| {
        bias[index]
    });
}
