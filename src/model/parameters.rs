//! Counting parameters, for the table that `inspect` prints.

use std::fmt;

use burn::module::Module;

use super::s4eca::S4eca;

/// Parameters of each part of the network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ParameterTable {
    /// Visual encoder, frozen.
    pub vision: usize,
    /// Text encoder without its word table, frozen.
    pub text: usize,
    /// Word table, frozen.
    pub words: usize,
    /// Textual adapters, trained.
    pub textual_adapters: usize,
    /// Visual adapters, trained.
    pub visual_adapters: usize,
    /// Neck, trained.
    pub neck: usize,
    /// Decoder, trained.
    pub decoder: usize,
    /// Mask head, trained.
    pub head: usize,
}

impl ParameterTable {
    /// Counts the parameters of `model`.
    pub fn of(model: &S4eca) -> Self {
        let text = &model.config().text;
        Self {
            vision: model.vision.num_params(),
            text: model.text.num_params(),
            words: text.vocabulary * text.width,
            textual_adapters: model.textual_adapters.num_params(),
            visual_adapters: model.visual_adapters.num_params(),
            neck: model.neck.num_params(),
            decoder: model.decoder.num_params(),
            head: model.head.num_params(),
        }
    }

    /// Parameters of both encoders, word table included: the denominator of the paper's 2.4 %.
    pub fn backbones(&self) -> usize {
        self.vision + self.text + self.words
    }

    /// Parameters of both adapters: its numerator.
    pub fn adapters(&self) -> usize {
        self.textual_adapters + self.visual_adapters
    }

    /// Parameters of neck, decoder and head, which the paper's share leaves out.
    pub fn fusion(&self) -> usize {
        self.neck + self.decoder + self.head
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
        row("visual encoder", "frozen", self.vision)?;
        row("text encoder", "frozen", self.text)?;
        row("word table", "frozen", self.words)?;
        row("textual adapters", "trained", self.textual_adapters)?;
        row("visual adapters", "trained", self.visual_adapters)?;
        row("neck", "trained", self.neck)?;
        row("decoder", "trained", self.decoder)?;
        row("mask head", "trained", self.head)?;
        row("backbones", "frozen", self.backbones())?;
        row("adapters", "trained", self.adapters())?;
        row("neck, decoder and head", "trained", self.fusion())?;
        write!(
            f,
            "  adapters / backbones: {:.2} %",
            100.0 * self.adapter_share()
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ModelConfig;
    use burn::tensor::Device;

    #[test]
    fn the_table_of_tiny_adds_up() {
        let model = S4eca::new(&ModelConfig::tiny(), &Device::flex());
        let table = ParameterTable::of(&model);
        assert_eq!(
            model.num_params() + table.words,
            table.backbones() + table.adapters() + table.fusion()
        );
        assert!((0.022..0.026).contains(&table.adapter_share()), "{table}");
    }
}
