//! Visits the parameters of a module by name.

use burn::module::{Module, ModuleVisitor, Param};
use burn::tensor::Tensor;

/// A visitor of float parameters.
pub trait ParameterVisitor {
    /// Visits one parameter; `name` is its path of fields, joined by dots.
    fn visit<const D: usize>(&mut self, name: &str, param: &Param<Tensor<D>>);
}

/// Calls `visitor` for all float parameters of `module`, in the order of its fields.
pub fn walk(module: &impl Module, visitor: &mut impl ParameterVisitor) {
    let mut walk = Walk {
        path: Vec::new(),
        visitor,
    };
    module.visit(&mut walk);
}

struct Walk<'a, L> {
    path: Vec<String>,
    visitor: &'a mut L,
}

impl<L: ParameterVisitor> ModuleVisitor for Walk<'_, L> {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        self.visitor.visit(&self.path.join("."), param);
    }

    fn enter_module(&mut self, name: &str, _: &str) {
        self.path.push(name.to_owned());
    }

    fn exit_module(&mut self, _: &str, _: &str) {
        self.path.pop();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn::nn::{Linear, LinearConfig};
    use burn::tensor::Device;

    #[test]
    fn names_lead_through_lists_and_options() {
        struct Names(Vec<String>);
        impl ParameterVisitor for Names {
            fn visit<const D: usize>(&mut self, name: &str, _: &Param<Tensor<D>>) {
                self.0.push(name.to_owned());
            }
        }
        #[derive(Module, Debug)]
        struct Two {
            layers: Vec<Linear>,
            last: Option<Linear>,
        }
        let linear = || LinearConfig::new(1, 1).init(&Device::flex());
        let two = Two {
            layers: vec![linear()],
            last: Some(linear()),
        };
        let mut names = Names(Vec::new());
        walk(&two, &mut names);
        let expected = [
            "layers.0.weight",
            "layers.0.bias",
            "last.weight",
            "last.bias",
        ];
        assert_eq!(names.0, expected);
    }
}
