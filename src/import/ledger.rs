//! The plan of an import: what the encoder takes from a checkpoint, checked before the tensors are read.
//!
//! Importers only define which tensors become which. A tensor that is missing or has another shape is
//! recorded and planning continues, so that one error lists everything that does not match.

use std::collections::BTreeSet;

use serde_json::Value;

use super::error::ImportError;
use super::form::Form;
use super::published::Published;
use super::report::Report;
use crate::bundle::Tensors;

/// A stored tensor, or zeros in place of one.
pub(super) struct Part {
    /// Full name; None for zeros.
    name: Option<String>,
    /// Number of values to take, from the start.
    count: usize,
}

struct Step {
    target: String,
    shape: Vec<usize>,
    form: Form,
    parts: Vec<Part>,
}

/// A checkpoint, and the plan of what to take from it.
pub struct Ledger {
    source: Published,
    prefix: String,
    steps: Vec<Step>,
    used: BTreeSet<String>,
    missing: Vec<String>,
    problems: Vec<String>,
}

impl Ledger {
    /// Creates an empty plan; `prefix` is prepended to every name.
    pub fn new(source: Published, prefix: String) -> Self {
        Self {
            source,
            prefix,
            steps: Vec::new(),
            used: BTreeSet::new(),
            missing: Vec::new(),
            problems: Vec::new(),
        }
    }

    /// The checkpoint.
    pub fn source(&self) -> &Published {
        &self.source
    }

    /// Returns the extents of a stored tensor.
    pub fn shape(&self, name: &str) -> Option<&[usize]> {
        self.source.shape(&self.full(name))
    }

    /// Returns whether there is such a tensor.
    pub fn has(&self, name: &str) -> bool {
        self.shape(name).is_some()
    }

    /// Returns one extent of a stored tensor; 0 if there is no such tensor.
    pub fn extent(&self, name: &str, axis: usize) -> usize {
        let shape = self.shape(name).unwrap_or_default();
        shape.get(axis).copied().unwrap_or(0)
    }

    /// Returns the first of `names` whose `weight` exists. If none of them exists, returns the first name, whose
    /// absence is then reported.
    pub fn choice<'a>(&self, from: &str, names: &[&'a str]) -> &'a str {
        let found = names
            .iter()
            .find(|name| self.has(&format!("{from}.{name}.weight")));
        found.or(names.first()).copied().unwrap_or_default()
    }

    /// Records a problem that does not belong to a single tensor.
    pub fn refuse(&mut self, problem: String) {
        self.problems.push(problem);
    }

    /// Compares a setting in the checkpoint's config.json, if present, with the preset's.
    pub fn expect_setting(&mut self, tower: &str, key: &str, wanted: Value) {
        let Some(found) = self.source.setting(tower, key) else {
            return;
        };
        let same = match (found.as_f64(), wanted.as_f64()) {
            (Some(found), Some(wanted)) => (found - wanted).abs() <= 1e-3 * wanted.abs(),
            _ => *found == wanted,
        };
        if !same {
            let problem = format!("config.json: {key} is {found}, the preset has {wanted}");
            self.problems.push(problem);
        }
    }

    /// Reads the numbers of a tensor immediately, for checks that need more than shapes.
    pub(super) fn read_now(&mut self, name: &str) -> Result<Vec<f32>, ImportError> {
        let name = self.full(name);
        let values = self.source.read(&name)?;
        self.used.insert(name);
        Ok(values)
    }

    /// Takes a tensor of exactly `shape`.
    pub(super) fn part(&mut self, name: &str, shape: &[usize]) -> Part {
        let name = self.full(name);
        match self.source.shape(&name) {
            None => self.problems.push(format!("{name}: missing")),
            Some(found) if found != shape => {
                let problem = format!("{name}: {found:?}, expected {shape:?}");
                self.problems.push(problem);
            }
            Some(_) => {
                if let Some(kind) = self.source.unreadable(&name) {
                    let problem = format!("{name}: numbers of type {kind}, expected floats");
                    self.problems.push(problem);
                }
            }
        }
        self.used.insert(name.clone());
        Part {
            name: Some(name),
            count: shape.iter().product(),
        }
    }

    /// Takes the first `count` rows of a matrix that may have more.
    pub(super) fn rows(&mut self, name: &str, count: usize, width: usize) -> Part {
        let stored = self.extent(name, 0).max(count);
        let mut part = self.part(name, &[stored, width]);
        part.count = count * width;
        part
    }

    /// Takes a tensor that a checkpoint may lack; a missing one is replaced by zeros.
    pub(super) fn part_or_zeros(&mut self, name: &str, shape: &[usize]) -> Part {
        if self.has(name) {
            return self.part(name, shape);
        }
        self.missing.push(self.full(name));
        Self::zeros(shape.iter().product())
    }

    /// Returns `count` zeros in place of a stored tensor.
    pub(super) fn zeros(count: usize) -> Part {
        Part { name: None, count }
    }

    /// Plans the encoder's tensor `target`, made of `parts`.
    pub(super) fn push(&mut self, target: &str, shape: &[usize], form: Form, parts: Vec<Part>) {
        self.steps.push(Step {
            target: target.to_owned(),
            shape: shape.to_vec(),
            form,
            parts,
        });
    }

    /// Plans a tensor that is copied unchanged, with the same `shape` in both.
    pub(super) fn keep(&mut self, target: &str, name: &str, shape: &[usize]) {
        let part = self.part(name, shape);
        self.push(target, shape, Form::Keep, vec![part]);
    }

    /// Plans a linear layer, weight and bias; several layers with the same input are concatenated along the
    /// outputs.
    pub(super) fn linear(&mut self, target: &str, names: &[String], input: usize, each: usize) {
        let outputs = names.len() * each;
        let weights = names
            .iter()
            .map(|name| self.part(&format!("{name}.weight"), &[each, input]));
        let weights = weights.collect();
        let shape = [input, outputs];
        self.push(&format!("{target}.weight"), &shape, Form::Turned, weights);
        let biases = names
            .iter()
            .map(|name| self.part(&format!("{name}.bias"), &[each]));
        let biases = biases.collect();
        self.push(&format!("{target}.bias"), &[outputs], Form::Keep, biases);
    }

    /// Plans a layer norm, under PyTorch's or TensorFlow's names.
    pub(super) fn norm(&mut self, target: &str, name: &str, width: usize) {
        let old = self.has(&format!("{name}.gamma"));
        let theirs = if old {
            ["gamma", "beta"]
        } else {
            ["weight", "bias"]
        };
        for (theirs, ours) in theirs.into_iter().zip(["gamma", "beta"]) {
            self.keep(
                &format!("{target}.{ours}"),
                &format!("{name}.{theirs}"),
                &[width],
            );
        }
    }

    /// Reads all planned tensors, one after the other.
    ///
    /// # Errors
    /// Fails with [`ImportError::Mismatch`] and all problems, or if a tensor cannot be read.
    pub fn finish(self, found: String, expected: String) -> Result<(Tensors, Report), ImportError> {
        if !self.problems.is_empty() {
            return Err(ImportError::Mismatch {
                path: self.source.path().to_owned(),
                found,
                expected,
                problems: self.problems,
            });
        }
        let mut tensors = Tensors::empty();
        for step in self.steps {
            let mut parts = Vec::with_capacity(step.parts.len());
            for Part { name, count } in step.parts {
                parts.push(match name {
                    Some(name) => {
                        let mut values = self.source.read(&name)?;
                        values.truncate(count);
                        values
                    }
                    None => vec![0.0; count],
                });
            }
            let values = step.form.apply(parts, &step.shape);
            tensors.push(step.target, &step.shape, values);
        }
        let unused = self
            .source
            .names()
            .filter(|name| !self.used.contains(*name));
        let report = Report {
            found,
            prefix: self.prefix,
            loaded: self.used.len(),
            unused: unused.map(str::to_owned).collect(),
            missing: self.missing,
        };
        Ok((tensors, report))
    }

    fn full(&self, name: &str) -> String {
        format!("{}{name}", self.prefix)
    }
}
