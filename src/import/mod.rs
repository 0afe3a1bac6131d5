//! Imports published checkpoints of the frozen encoders as this network's tensors.
//!
//! ```text
//! s4eca::import::import_vision(dinov2_vitb14_reg4_pretrain.pth, &config.vision)
//! s4eca::import::import_vision(efficientnet-lite2.pth, &config.vision)
//! s4eca::import::import_text(clip-vit-base-patch16/, &config.text)
//! ```
//!
//! Linear weights are converted to `[input, output]`, the reverse of PyTorch's order; names are those of
//! [`crate::model`]. Files are read as data, one tensor at a time; nothing in them is executed.

mod anatomy;
mod bert;
mod clip;
mod content;
mod dinov2;
mod dinov3;
mod efficientnet;
mod entry;
mod error;
mod family;
mod file;
mod folder;
mod form;
mod ledger;
mod published;
mod report;
mod safetensors_file;
mod torch_file;
mod vision_block;

use std::path::Path;

pub use error::ImportError;
pub use published::Published;
pub use report::Report;

use crate::bundle::Tensors;
use crate::model::{EfficientNetConfig, TextArchitecture, TextConfig, VisionConfig, VitConfig};
use anatomy::{TextAnatomy, VisionAnatomy};
use efficientnet::EfficientNetAnatomy;
use family::Layout;
use ledger::Ledger;
use vision_block::Naming;

/// Reads a visual encoder: EfficientNet or a ViT, according to `config`. A ViT with rotary positions is
/// DINOv3, otherwise DINOv2.
///
/// # Errors
/// Fails if the path has no weights, if the network is of another family or size than `config`, or if a file
/// is damaged. The message says which.
pub fn import_vision(path: &Path, config: &VisionConfig) -> Result<(Tensors, Report), ImportError> {
    match config {
        VisionConfig::EfficientNet(config) => import_efficientnet(path, config),
        VisionConfig::Vit(config) => import_vit(path, config),
    }
}

fn import_efficientnet(
    path: &Path,
    config: &EfficientNetConfig,
) -> Result<(Tensors, Report), ImportError> {
    let wanted = EfficientNetAnatomy::of(config).to_string();
    let (mut ledger, _) = open(path, [Layout::EfficientNet; 2], &wanted)?;
    let found = efficientnet::plan(&mut ledger, config)?;
    ledger.finish(found.to_string(), wanted)
}

fn import_vit(path: &Path, config: &VitConfig) -> Result<(Tensors, Report), ImportError> {
    let wanted = VisionAnatomy::of(config);
    let layouts = if wanted.rotary {
        [Layout::Dinov3Original, Layout::Dinov3Transformers]
    } else {
        [Layout::Dinov2Original, Layout::Dinov2Transformers]
    };
    let (mut ledger, layout) = open(path, layouts, &wanted.to_string())?;
    let found = match layout {
        Layout::Dinov3Original => dinov3::plan(&mut ledger, config, Naming::Original)?,
        Layout::Dinov3Transformers => dinov3::plan(&mut ledger, config, Naming::Transformers)?,
        Layout::Dinov2Original => dinov2::plan(&mut ledger, config, Naming::Original),
        _ => dinov2::plan(&mut ledger, config, Naming::Transformers),
    };
    ledger.finish(found.to_string(), wanted.to_string())
}

/// Reads a text encoder with its word table: BERT or CLIP, according to `config`.
///
/// # Errors
/// Same as [`import_vision`].
pub fn import_text(path: &Path, config: &TextConfig) -> Result<(Tensors, Report), ImportError> {
    let wanted = TextAnatomy::of(config);
    let layouts = match config.architecture {
        TextArchitecture::Bert => [Layout::Bert; 2],
        TextArchitecture::Clip => [Layout::ClipOriginal, Layout::ClipTransformers],
    };
    let (mut ledger, layout) = open(path, layouts, &wanted.to_string())?;
    let found = match layout {
        Layout::Bert => bert::plan(&mut ledger, config),
        Layout::ClipOriginal => clip::plan_original(&mut ledger, config),
        _ => {
            let words = format!("{}embeddings.token_embedding.weight", clip::TOWER);
            let tower = if ledger.has(&words) { clip::TOWER } else { "" };
            clip::plan_transformers(&mut ledger, config, tower)?
        }
    };
    ledger.finish(found.to_string(), wanted.to_string())
}

/// Opens the checkpoint under the first layout that it has.
fn open(
    path: &Path,
    layouts: [Layout; 2],
    expected: &str,
) -> Result<(Ledger, Layout), ImportError> {
    let source = Published::open(path)?;
    let found = layouts
        .into_iter()
        .filter(|_| !family::is_siglip(&source))
        .find_map(|layout| Some((layout, layout.find(&source)?)));
    let Some((layout, prefix)) = found else {
        return Err(ImportError::Family {
            path: path.to_owned(),
            found: family::guess(&source),
            expected: expected.to_owned(),
        });
    };
    // CLIP's projection is stored next to its tower, not inside it.
    let prefix = match prefix.strip_suffix(clip::TOWER) {
        Some(outside) if layout == Layout::ClipTransformers => outside.to_owned(),
        _ => prefix,
    };
    Ok((Ledger::new(source, prefix), layout))
}
