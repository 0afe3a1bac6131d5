//! The public encoders by name: sizes as their authors published them.

use super::UnknownName;
use super::efficientnet::EfficientNetConfig;
use super::text::{TextArchitecture, TextConfig};
use super::vision::VisionConfig;
use super::vit::{FeedForward, Positions, VitConfig};
use crate::vision::Normalisation;

/// Names of the visual encoders. DINOv2: Oquab et al. 2023, arXiv 2304.07193; `-reg`: with registers,
/// Darcet et al. 2023, arXiv 2309.16588; DINOv3: Simeoni et al. 2025, arXiv 2508.10104; EfficientNet: Tan
/// and Le 2019, arXiv 1905.11946, in the Lite form.
pub const VISUAL_ENCODERS: [&str; 14] = [
    "dinov2-s14",
    "dinov2-s14-reg",
    "dinov2-b14",
    "dinov2-b14-reg",
    "dinov2-l14",
    "dinov2-l14-reg",
    "dinov2-g14",
    "dinov2-g14-reg",
    "dinov3-s16",
    "dinov3-b16",
    "dinov3-l16",
    "dinov3-l16-sat",
    "efficientnet-lite0",
    "efficientnet-lite2",
];

/// Names of the text encoders.
pub const TEXT_ENCODERS: [&str; 3] = ["minilm-l6", "bert-base", "clip-b16"];

/// Side of DINOv2's stored position grid: 518 pixels in patches of 14.
const DINOV2_GRID: usize = 37;

/// Returns the visual encoder named `name`. The feature levels of a ViT are at a third, two thirds and the end of its
/// depth.
///
/// # Errors
/// Returns [`UnknownName`] if the name is not in [`VISUAL_ENCODERS`].
pub fn visual_encoder(name: &str) -> Result<VisionConfig, UnknownName> {
    let (widths, repeats) = match name {
        "efficientnet-lite0" => ([16, 24, 40, 80, 112, 192, 320], [1, 2, 2, 3, 3, 4, 1]),
        "efficientnet-lite2" => ([16, 24, 48, 88, 120, 208, 352], [1, 3, 3, 4, 4, 5, 1]),
        _ => return vit(name).map(VisionConfig::Vit),
    };
    let config = EfficientNetConfig::published(widths, repeats);
    Ok(VisionConfig::EfficientNet(config))
}

/// Returns the ViT named `name`.
fn vit(name: &str) -> Result<VitConfig, UnknownName> {
    let unknown = || UnknownName {
        what: "visual encoder",
        name: name.to_owned(),
        choices: VISUAL_ENCODERS.to_vec(),
    };
    if !VISUAL_ENCODERS.contains(&name) {
        return Err(unknown());
    }
    let mut parts = name.split('-');
    let (family, size) = (parts.next(), parts.next().ok_or_else(unknown)?);
    let variant = parts.next();
    // Width, depth, heads.
    let (width, depth, heads) = match &size[..1] {
        "s" => (384, 12, 6),
        "b" => (768, 12, 12),
        "l" => (1024, 24, 16),
        _ => (1536, 40, 24),
    };
    let mut config = VitConfig {
        width,
        depth,
        heads,
        mlp: 4 * width,
        patch: 14,
        registers: if variant == Some("reg") { 4 } else { 0 },
        layer_scale: true,
        levels: [depth / 3, 2 * depth / 3, depth - 1],
        positions: dinov2_positions(variant == Some("reg")),
        feed_forward: FeedForward::Gelu,
        norm_epsilon: 1e-6,
        normalisation: Normalisation::ImageNet,
    };
    if size == "g14" {
        // Two thirds of 4 x width, rounded up to a multiple of 8.
        config.feed_forward = FeedForward::SwiGlu;
        config.mlp = 4096;
    }
    if family == Some("dinov3") {
        config.patch = 16;
        config.registers = 4;
        config.positions = Positions::Rotary { base: 100.0 };
        config.norm_epsilon = 1e-5;
        if variant == Some("sat") {
            config.normalisation = Normalisation::Satellite;
        }
    }
    Ok(config)
}

/// How DINOv2 resizes its position embedding, with and without registers.
fn dinov2_positions(registers: bool) -> Positions {
    Positions::Bicubic {
        side: DINOV2_GRID,
        offset: if registers { 0.0 } else { 0.1 },
        antialias: registers,
    }
}

/// Returns the text encoder named `name`.
///
/// # Errors
/// Returns [`UnknownName`] if the name is not in [`TEXT_ENCODERS`].
pub fn text_encoder(name: &str) -> Result<TextConfig, UnknownName> {
    // 40 tokens hold RISBench's longest phrase, 27 words; CLIP keeps its own 77.
    let bert = |width, depth| TextConfig {
        vocabulary: 30_522,
        width,
        depth,
        heads: 12,
        mlp: 4 * width,
        tokens: 40,
        architecture: TextArchitecture::Bert,
    };
    match name {
        "minilm-l6" => Ok(bert(384, 6)),
        "bert-base" => Ok(bert(768, 12)),
        "clip-b16" => Ok(TextConfig {
            vocabulary: 49_408,
            width: 512,
            depth: 12,
            heads: 8,
            mlp: 2048,
            tokens: 77,
            architecture: TextArchitecture::Clip,
        }),
        other => Err(UnknownName {
            what: "text encoder",
            name: other.to_owned(),
            choices: TEXT_ENCODERS.to_vec(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_known() {
        for name in VISUAL_ENCODERS {
            let config = visual_encoder(name).expect("a name of the list");
            let Some(config) = config.vit() else {
                assert!(name.starts_with("efficientnet"), "{name}");
                continue;
            };
            assert_eq!(config.width / config.heads, 64, "{name}");
            assert_eq!(
                config.registers > 0,
                name.ends_with("reg") || name.starts_with("dinov3")
            );
        }
        for name in TEXT_ENCODERS {
            assert!(text_encoder(name).is_ok(), "{name}");
        }
        assert!(visual_encoder("resnet50").is_err() && text_encoder("gpt").is_err());
    }

    #[test]
    fn detris_takes_the_levels_of_its_paper() {
        let levels = |name| {
            visual_encoder(name)
                .expect("a name of the list")
                .level_blocks()
        };
        assert_eq!(levels("dinov2-b14-reg"), [4, 8, 11]);
        assert_eq!(levels("dinov2-l14-reg"), [8, 16, 23]);
    }
}
