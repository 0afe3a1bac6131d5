//! Parameter counts, for the tables that `inspect` prints.

use std::fmt;

use burn::module::{Module, ModuleVisitor, Param};
use burn::tensor::{Device, Tensor};

use super::detris::DetrisAdapters;
use crate::model::{LINEAR, ModelConfig, ParameterVisitor, S4eca, Tuning, walk};

/// Parameters of each part of the network. Running statistics of batch norms do not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ParameterTable {
    /// Visual encoder.
    pub vision: usize,
    /// Text encoder without its word table.
    pub text: usize,
    /// Word table, always frozen.
    pub words: usize,
    /// Adapters beside text blocks, and the projection of the words for the visual adapters, trained.
    pub textual_adapters: usize,
    /// Adapters beside visual blocks, trained.
    pub visual_adapters: usize,
    /// LoRA's factors, trained.
    pub lora: usize,
    /// Neck, trained.
    pub neck: usize,
    /// Decoder, trained.
    pub decoder: usize,
    /// Mask head, trained.
    pub head: usize,
    /// Whether the encoders are trained too.
    pub full: bool,
    /// Linear layers of both encoders, which may be held in a smaller type.
    pub matrices: usize,
}

impl ParameterTable {
    /// Counts the parameters of the network of `config` without initialising its weights.
    pub fn new(config: &ModelConfig) -> Self {
        let model = S4eca::<DetrisAdapters>::new(config, &Device::flex());
        let peer = &model.peer_adapters;
        let textual = model.textual_adapters.num_params()
            + model.word_adapter.num_params()
            + peer.textual.num_params()
            - buffers(&peer.textual);
        let visual =
            model.visual_adapters.num_params() + peer.visual.num_params() - buffers(&peer.visual);
        let lora = match config.tuning {
            Tuning::Lora { rank } => rank * lora_size(config),
            _ => 0,
        };
        Self {
            vision: model.vision.num_params(),
            text: model.text.num_params(),
            words: config.text.vocabulary * config.text.width,
            textual_adapters: textual,
            visual_adapters: visual,
            lora,
            neck: model.neck.num_params(),
            decoder: model.decoder.num_params(),
            head: model.head.num_params(),
            full: config.tuning == Tuning::Full,
            matrices: matrices(&model.vision) + matrices(&model.text),
        }
    }

    /// Parameters of both encoders, word table included: the denominator of the paper's 2.4 %.
    pub fn backbones(&self) -> usize {
        self.vision + self.text + self.words
    }

    /// Parameters that are trained inside or beside the encoders: the numerator of that share.
    pub fn adapters(&self) -> usize {
        let encoders = if self.full {
            self.vision + self.text
        } else {
            0
        };
        self.textual_adapters + self.visual_adapters + self.lora + encoders
    }

    /// Parameters of neck, decoder and head, which the paper's share does not include.
    pub fn fusion(&self) -> usize {
        self.neck + self.decoder + self.head
    }

    /// All parameters that receive gradients.
    pub fn trained(&self) -> usize {
        self.adapters() + self.fusion()
    }

    /// Adapters over backbones, 0 to 1.
    pub fn adapter_share(&self) -> f64 {
        self.adapters() as f64 / self.backbones() as f64
    }
}

impl fmt::Display for ParameterTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut row = |name: &str, state: &str, count: usize| {
            writeln!(f, "  {name:<34} {state:<8} {count:>12}")
        };
        let encoder = if self.full { "trained" } else { "frozen" };
        row("visual encoder", encoder, self.vision)?;
        row("text encoder", encoder, self.text)?;
        row("word table", "frozen", self.words)?;
        row("textual adapters", "trained", self.textual_adapters)?;
        row("visual adapters", "trained", self.visual_adapters)?;
        if self.lora > 0 {
            row("low-rank factors", "trained", self.lora)?;
        }
        row("neck", "trained", self.neck)?;
        row("decoder", "trained", self.decoder)?;
        row("mask head", "trained", self.head)?;
        row("backbones", encoder, self.backbones())?;
        row("trained in or beside them", "trained", self.adapters())?;
        row("neck, decoder and head", "trained", self.fusion())?;
        write!(
            f,
            "  adapters / backbones: {:.2} %",
            100.0 * self.adapter_share()
        )
    }
}

/// Parameters of LoRA per unit of rank: the inputs plus the outputs of every matrix in the blocks.
pub(super) fn lora_size(config: &ModelConfig) -> usize {
    let sum = |matrices: Vec<[usize; 2]>| -> usize {
        matrices.iter().map(|[input, output]| input + output).sum()
    };
    sum(config.vision.matrices()) + sum(config.text.matrices())
}

/// Counts the values that a module keeps in addition to its parameters and that Burn visits as if they were
/// parameters.
fn buffers(module: &impl Module) -> usize {
    let mut buffers = Buffers { count: 0 };
    walk(module, &mut buffers);
    buffers.count
}

struct Buffers {
    count: usize,
}

impl ParameterVisitor for Buffers {
    fn visit<const D: usize>(&mut self, name: &str, param: &Param<Tensor<D>>) {
        if name.contains("running_") {
            self.count += param.lazy_shape().num_elements();
        }
    }
}

/// Parameters of a module's linear layers.
fn matrices(module: &impl Module) -> usize {
    let mut matrices = Matrices::default();
    module.visit(&mut matrices);
    matrices.count
}

#[derive(Default)]
struct Matrices {
    inside: Vec<bool>,
    count: usize,
}

impl ModuleVisitor for Matrices {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        if self.inside.last() == Some(&true) {
            self.count += param.lazy_shape().num_elements();
        }
    }

    fn enter_module(&mut self, _: &str, container: &str) {
        self.inside.push(container == LINEAR);
    }

    fn exit_module(&mut self, _: &str, _: &str) {
        self.inside.pop();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::ABLATIONS;

    fn preset(name: &str) -> ModelConfig {
        ModelConfig::preset(name).expect("a preset")
    }

    #[test]
    fn the_table_of_tiny_adds_up() {
        let config = preset("tiny");
        let table = ParameterTable::new(&config);
        let model = S4eca::<DetrisAdapters>::new(&config, &Device::flex());
        assert_eq!(
            model.num_params() + table.words,
            table.backbones() + table.adapters() + table.fusion()
        );
        assert_eq!((table.vision, table.adapters()), (4_330_184, 676_464));
        assert_eq!(table.fusion(), 2_338_225);
        assert!(
            (0.0235..=0.0255).contains(&table.adapter_share()),
            "{table}"
        );
    }

    #[test]
    fn base_updates_the_papers_share() {
        let table = ParameterTable::new(&preset("base"));
        // The pair that DETRIS freezes has 150,011,649 parameters, including DINOv2's mask token and CLIP's logit
        // scale, which no forward pass reads.
        assert_eq!(table.backbones(), 150_011_649 - 768 - 1);
        assert!(
            (0.0235..=0.0245).contains(&table.adapter_share()),
            "{table}"
        );
        let small = ParameterTable::new(&preset("small"));
        assert!(
            (0.0235..=0.0245).contains(&small.adapter_share()),
            "{small}"
        );
    }

    #[test]
    fn the_peer_has_its_papers_share() {
        let detris = ABLATIONS.iter().find(|row| row.name == "detris");
        let config = detris.expect("a row").of(&preset("base"));
        let table = ParameterTable::new(&config);
        assert_eq!(table.adapters(), 6 * (382_896 + 69_720));
    }

    #[test]
    fn full_tuning_leaves_only_the_words() {
        let mut config = preset("micro");
        config.tuning = Tuning::Full;
        let table = ParameterTable::new(&config);
        assert_eq!(table.adapters(), table.vision + table.text);
    }
}
