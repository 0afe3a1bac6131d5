//! The number type of the frozen encoders' matrices, which may be smaller than that of the trained parameters.
//!
//! Matrix products read and write the smaller type. The residual stream, norms, softmax, activations and all trained
//! parameters stay in f32, as in automatic mixed precision (Micikevicius et al. 2018, arXiv 1710.03740); values are
//! cast where the two types meet, and gradients are cast back.

use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use burn::module::{Module, ModuleMapper, Param};
use burn::nn::Linear;
use burn::tensor::{DType, Device, FloatDType, Tensor};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::config::UnknownName;
use crate::kernels::epilogue::Epilogue;
use crate::kernels::product::{self, Read};

/// Burn's name for a linear layer when it visits a module.
pub const LINEAR: &str = "Struct:Linear";

/// The type that frozen matrices are held and multiplied in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FrozenPrecision {
    /// 32 bits, like everything else.
    #[default]
    F32,
    /// 16 bits, 10 of them fraction; the largest number is 65504.
    F16,
    /// 16 bits, 7 of them fraction, with the range of f32.
    Bf16,
}

/// A device that does not compute in a type.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{device} does not compute in {precision}: choose {}", .others.join(" or "))]
pub struct PrecisionError {
    /// Name of the device.
    pub device: String,
    /// The type.
    pub precision: FrozenPrecision,
    /// Names of the types that it does compute in.
    pub others: Vec<&'static str>,
}

impl FrozenPrecision {
    /// All precisions.
    pub const ALL: [Self; 3] = [Self::F32, Self::F16, Self::Bf16];

    /// The name on the command line and in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::F32 => "f32",
            Self::F16 => "f16",
            Self::Bf16 => "bf16",
        }
    }

    /// Bytes per number.
    pub fn bytes(self) -> usize {
        match self {
            Self::F32 => 4,
            Self::F16 | Self::Bf16 => 2,
        }
    }

    /// Checks that `device`, called `name`, computes in this type. Burn must report support, and a small product must
    /// be correct, because a GPU without the type returns stale numbers and no error.
    ///
    /// # Errors
    /// Fails if the device does not compute in this type; the error lists the types that it does compute in.
    pub fn check(self, device: &Device, name: &str) -> Result<(), PrecisionError> {
        if self.works_on(device) {
            return Ok(());
        }
        let others = Self::ALL.into_iter().filter(|other| other.works_on(device));
        Err(PrecisionError {
            device: name.to_owned(),
            precision: self,
            others: others.map(Self::name).collect(),
        })
    }

    fn works_on(self, device: &Device) -> bool {
        let device = device.clone().inner();
        match self.half() {
            None => true,
            Some(half) => device.supports_dtype(half) && multiplies(half, &device),
        }
    }

    fn half(self) -> Option<FloatDType> {
        match self {
            Self::F32 => None,
            Self::F16 => Some(FloatDType::F16),
            Self::Bf16 => Some(FloatDType::BF16),
        }
    }

    /// Casts the matrices of `module`, and their biases, to this type; everything else stays unchanged.
    pub(super) fn cast<M: Module>(self, module: M) -> M {
        match self.half() {
            None => module,
            Some(half) => module.map(&mut Cast {
                half,
                inside: Vec::new(),
            }),
        }
    }
}

impl fmt::Display for FrozenPrecision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for FrozenPrecision {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, UnknownName> {
        let found = Self::ALL.into_iter().find(|known| known.name() == name);
        found.ok_or_else(|| UnknownName {
            what: "precision",
            name: name.to_owned(),
            choices: Self::ALL.map(Self::name).to_vec(),
        })
    }
}

/// Whether the device multiplies small integers correctly. Every type holds them exactly.
fn multiplies(half: FloatDType, device: &Device) -> bool {
    let tensor = |from: i8| {
        let values: Vec<f32> = (0..16i8).map(|i| f32::from((i + from) % 5 - 2)).collect();
        Tensor::<1>::from_floats(values.as_slice(), device).reshape([4, 4])
    };
    let (a, b): (Tensor<2>, Tensor<2>) = (tensor(0), tensor(3));
    let expected = a.clone().matmul(b.clone());
    let found = a.cast(half).matmul(b.cast(half)).cast(FloatDType::F32);
    match (expected.try_into_data(), found.try_into_data()) {
        (Ok(expected), Ok(found)) => expected.iter::<f32>().eq(found.iter::<f32>()),
        _ => false,
    }
}

struct Cast {
    half: FloatDType,
    /// For every module on the path to the parameter: whether it is a [`Linear`].
    inside: Vec<bool>,
}

impl ModuleMapper for Cast {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        match self.inside.last() {
            Some(true) => param.map(|value| value.cast(self.half).detach()),
            _ => param,
        }
    }

    fn enter_module(&mut self, _: &str, container: &str) {
        self.inside.push(container == LINEAR);
    }

    fn exit_module(&mut self, _: &str, _: &str) {
        self.inside.pop();
    }
}

/// The 16-bit type that `layer` is held in; `None` if it is held in 32 bits.
fn half_of(layer: &Linear) -> Option<FloatDType> {
    match layer.weight.dtype() {
        DType::F16 => Some(FloatDType::F16),
        DType::BF16 => Some(FloatDType::BF16),
        _ => None,
    }
}

/// Casts `x` to the type that `layer` is held in.
pub(super) fn lowered<const D: usize>(layer: &Linear, x: Tensor<D>) -> Tensor<D> {
    match half_of(layer) {
        Some(half) => x.cast(half),
        None => x,
    }
}

/// Casts `x` back to `dtype`.
pub(super) fn raised<const D: usize>(x: Tensor<D>, dtype: DType) -> Tensor<D> {
    match x.dtype() == dtype {
        true => x,
        false => x.cast(FloatDType::from(dtype)),
    }
}

/// Applies `layer` to `x`. Input and result are in the type that `layer` is held in.
pub(super) fn product_of<const D: usize>(layer: &Linear, x: Tensor<D>) -> Tensor<D> {
    product_then(layer, Read::One(x), Epilogue::Identity)
}

fn product_then<const D: usize>(layer: &Linear, x: Read<D>, epilogue: Epilogue) -> Tensor<D> {
    let bias = layer.bias.as_ref().map(|bias| bias.val());
    product::linear(x, layer.weight.val(), bias, epilogue)
}

/// Applies `layer` to `x`. The product is computed in the type that `layer` is held in; the result has the type of
/// `x`.
pub(super) fn linear<const D: usize>(layer: &Linear, x: Tensor<D>) -> Tensor<D> {
    linear_then(layer, x, Epilogue::Identity)
}

/// [`linear`] added to `base`, as for a residual connection.
pub(super) fn linear_onto<const D: usize>(
    layer: &Linear,
    x: Tensor<D>,
    base: Tensor<D>,
) -> Tensor<D> {
    linear_of_onto(layer, Read::One(x), base)
}

/// [`linear_onto`] of what `x` reads.
pub(super) fn linear_of_onto<const D: usize>(
    layer: &Linear,
    x: Read<D>,
    base: Tensor<D>,
) -> Tensor<D> {
    match half_of(layer) {
        None => {
            let bias = layer.bias.as_ref().map(|bias| bias.val());
            product::linear_onto(x, layer.weight.val(), bias, base)
        }
        Some(_) => product_onto(layer, lowered(layer, x.whole()), base),
    }
}

/// [`product_of`] added to `base`, in the type of `base`.
pub(super) fn product_onto<const D: usize>(
    layer: &Linear,
    x: Tensor<D>,
    base: Tensor<D>,
) -> Tensor<D> {
    match half_of(layer) {
        None => linear_onto(layer, x, base),
        Some(_) => base.clone() + raised(product_of(layer, x), base.dtype()),
    }
}

/// The outputs `part` of [`linear_of`] without an epilogue.
pub(super) fn linear_part<const D: usize>(
    layer: &Linear,
    x: Read<D>,
    part: Range<usize>,
) -> Tensor<D> {
    let bias = layer.bias.as_ref().map(|bias| bias.val());
    match half_of(layer) {
        None => product::linear_part(x, layer.weight.val(), bias, part),
        Some(_) => {
            let x = x.whole();
            let own = x.dtype();
            let x = Read::One(lowered(layer, x));
            raised(product::linear_part(x, layer.weight.val(), bias, part), own)
        }
    }
}

/// [`linear`] followed by `epilogue`.
pub(super) fn linear_then<const D: usize>(
    layer: &Linear,
    x: Tensor<D>,
    epilogue: Epilogue,
) -> Tensor<D> {
    linear_of(layer, Read::One(x), epilogue)
}

/// [`linear_then`] of what `x` reads.
pub(super) fn linear_of<const D: usize>(
    layer: &Linear,
    x: Read<D>,
    epilogue: Epilogue,
) -> Tensor<D> {
    match half_of(layer) {
        None => product_then(layer, x, epilogue),
        Some(_) => {
            let x = x.whole();
            let own = x.dtype();
            epilogue.of(raised(product_of(layer, lowered(layer, x)), own))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_as_they_are_written() {
        for precision in FrozenPrecision::ALL {
            assert_eq!(precision.name().parse(), Ok(precision));
            let json = serde_json::to_string(&precision).expect("a name");
            assert_eq!(json, format!("\"{precision}\""));
        }
        let error = "f8".parse::<FrozenPrecision>().expect_err("no such name");
        assert!(error.to_string().contains("f32, f16, bf16"), "{error}");
    }

    #[test]
    fn the_cpu_computes_in_all_of_them() {
        for precision in FrozenPrecision::ALL {
            assert_eq!(precision.check(&Device::flex(), "CPU"), Ok(()));
        }
    }
}
