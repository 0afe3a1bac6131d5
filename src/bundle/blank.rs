//! A network without weights, to run before the weights have arrived.

use burn::module::Param;
use burn::tensor::quantization::ScaleDtype;
use burn::tensor::{Bytes, DType, Device, Tensor as BurnTensor};
use burn_pack::Tensor;

use super::error::BundleError;
use super::manifest::Manifest;
use super::precision::BundlePrecision;
use super::stored::WeightStorage;
use super::tensors::Tensors;
use crate::model::{ParameterVisitor, walk};
use crate::network::S4eca;

/// The network of a bundle with zeros for weights, each held as `storage` holds those of the bundle: it runs the
/// kernels that the bundle's own network will run.
///
/// # Errors
/// Fails if the network cannot be built.
pub fn blank_network(
    manifest: &Manifest,
    storage: WeightStorage,
    device: &Device,
) -> Result<S4eca, BundleError> {
    let mut zeros = Zeros {
        precision: manifest.precision,
        tensors: Vec::new(),
    };
    walk(&S4eca::new(&manifest.model, device), &mut zeros);
    let tensors = Tensors::from(zeros.tensors);
    let (model, _) = tensors.into_model(&manifest.model, storage, device)?;
    Ok(model)
}

/// Collects zeros in the shapes of parameters, in the form in which a bundle stores them.
struct Zeros {
    precision: BundlePrecision,
    tensors: Vec<Tensor>,
}

impl ParameterVisitor for Zeros {
    fn visit<const D: usize>(&mut self, name: &str, param: &Param<BurnTensor<D>>) {
        let shape = param.lazy_shape().to_vec();
        let count: usize = shape.iter().product();
        let (dtype, bytes) = match self.precision.bits_of(name, &shape) {
            Some((bits, block)) => (
                DType::QFloat(bits.scheme(block, ScaleDtype::F16)),
                bits.packed_bytes(count) + 2 * (count / block),
            ),
            None => (DType::F16, 2 * count),
        };
        let bytes = Bytes::from_bytes_vec(vec![0; bytes]);
        let tensor = Tensor::new(name.to_owned(), dtype, shape, None, bytes);
        self.tensors.push(tensor);
    }
}

#[cfg(all(test, feature = "native"))]
mod tests {
    use super::*;
    use crate::bundle::FileEntry;
    use crate::model::ModelConfig;
    use burn::tensor::Bool;

    #[test]
    fn it_answers_zeros() {
        let device = Device::flex();
        let model = ModelConfig::micro();
        let width = model.text.width;
        let manifest = Manifest {
            format: crate::bundle::FORMAT,
            name: "micro".to_owned(),
            written_by: String::new(),
            model,
            precision: BundlePrecision::Mixed,
            licence: String::new(),
            credits: Vec::new(),
            metrics: Default::default(),
            reading: None,
            tokenizer: FileEntry::of("tokenizer.json", b""),
            shards: Vec::new(),
            common_words: None,
        };
        let network = blank_network(&manifest, WeightStorage::Float, &device).expect("zeros fit");
        let logits = network.forward(
            BurnTensor::ones([1, 3, 64, 64], &device),
            BurnTensor::ones([1, 4, width], &device),
            BurnTensor::<2, Bool>::from_data([[false; 4]], &device),
        );
        let logits: Vec<f32> = logits.into_data().iter().collect();
        assert_eq!(logits, vec![0.0; 16 * 16]);
    }
}
