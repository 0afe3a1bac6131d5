//! Errors of importing a published checkpoint.

use std::io;
use std::path::PathBuf;

use thiserror::Error;

/// A checkpoint that cannot be imported. Most messages say what to do about it.
#[derive(Debug, Error)]
pub enum ImportError {
    /// Neither a file nor a folder.
    #[error(
        "there is no file or folder {}: give a .safetensors or .pth file, or a Hugging Face folder",
        path.display()
    )]
    NotFound {
        /// The path that was given.
        path: PathBuf,
    },
    /// The system cannot read it.
    #[error("{} cannot be read: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// An empty file.
    #[error("{} is empty: download it again", path.display())]
    Empty {
        /// The file.
        path: PathBuf,
    },
    /// The file is not weights, whatever its name suggests.
    #[error("{} is {what}, not weights: {advice}", path.display())]
    NotWeights {
        /// The file.
        path: PathBuf,
        /// What it is.
        what: String,
        /// What to do.
        advice: &'static str,
    },
    /// Weights that are truncated or inconsistent.
    #[error("{} is damaged or cut off ({reason}): download it again", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What was found.
        reason: String,
    },
    /// A folder without readable weights.
    #[error(
        "the folder {} has no weights: it needs model.safetensors or pytorch_model.bin, or one of \
         their index.json with all shards{hint}",
        path.display()
    )]
    NoWeights {
        /// The folder.
        path: PathBuf,
        /// The number or shape that it has instead; empty if it has none.
        hint: String,
    },
    /// Shards that the index lists but the folder lacks.
    #[error(
        "{} lists shards that are not beside it: {}; download all of them into that folder",
        index.display(), shards.join(", ")
    )]
    MissingShards {
        /// The index file.
        index: PathBuf,
        /// The missing files' names.
        shards: Vec<String>,
    },
    /// An index and a shard that do not match.
    #[error(
        "{} places the tensor {tensor} in {shard}, which does not have it: index and shards are of \
         different models, download the folder again",
        index.display()
    )]
    IndexMismatch {
        /// The index file.
        index: PathBuf,
        /// The shard's name.
        shard: String,
        /// The tensor's name.
        tensor: String,
    },
    /// Tensors that are not plain arrays of numbers.
    #[error(
        "{} holds tensors in an unsupported form ({reason}): save them as ordinary dense \
         tensors of floats, on the CPU of an ordinary computer",
        path.display()
    )]
    Unsupported {
        /// The file.
        path: PathBuf,
        /// What was found.
        reason: String,
    },
    /// A compiled program instead of a dictionary of tensors.
    #[error(
        "{} is a TorchScript archive, a program with its weights: save its weights alone \
         (torch.save(torch.jit.load(FILE, map_location=\"cpu\").state_dict(), \"weights.pth\")), or \
         take the model from Hugging Face or open_clip",
        path.display()
    )]
    TorchScript {
        /// The file.
        path: PathBuf,
    },
    /// A pickle of something else. It was read as data: nothing in it was executed.
    #[error(
        "{} holds a Python object ({object}), not a dictionary of tensors; nothing in it was \
         executed: save a state_dict(), and trust the file only if you know who made it",
        path.display()
    )]
    Foreign {
        /// The file.
        path: PathBuf,
        /// The object's Python type, if known.
        object: String,
    },
    /// A tensor with values that no trained network has.
    #[error(
        "the tensor {tensor} in {} holds values that are not finite (NaN or infinity): the training \
         diverged or the file is damaged",
        path.display()
    )]
    NotFinite {
        /// The file or folder.
        path: PathBuf,
        /// The tensor's name in it.
        tensor: String,
    },
    /// Another kind of network.
    #[error("{} looks like {found}; expected: {expected}", path.display())]
    Family {
        /// The file or folder.
        path: PathBuf,
        /// The kind of network, judged by the names of its tensors.
        found: String,
        /// What the preset expects.
        expected: String,
    },
    /// The right kind of network, but of another size or incomplete.
    #[error("{} {}.{}", path.display(), compared(found, expected), listed(problems))]
    Mismatch {
        /// The file or folder.
        path: PathBuf,
        /// The kind of network, judged by its sizes.
        found: String,
        /// What the preset expects.
        expected: String,
        /// Everything that does not match, one line each.
        problems: Vec<String>,
    },
    /// A CLIP text tower saved without its projection matrix.
    #[error(
        "{} has no text_projection.weight: it was saved from CLIPTextModel, which omits the \
         projection; take the file of the whole CLIPModel or of CLIPTextModelWithProjection",
        path.display()
    )]
    NoProjection {
        /// The file or folder.
        path: PathBuf,
    },
}

fn compared(found: &str, expected: &str) -> String {
    if found == expected {
        format!("is {found}, as the preset expects, but does not match it")
    } else {
        format!(
            "is {found}; the preset expects {expected}: choose the encoder with --preset, \
             --visual-encoder or --text-encoder"
        )
    }
}

/// Number of problems that are listed; the rest are only counted.
const LISTED: usize = 8;

fn listed(problems: &[String]) -> String {
    let mut text = match problems.len() {
        1 => " 1 problem:".to_owned(),
        count => format!(" {count} problems:"),
    };
    for problem in problems.iter().take(LISTED) {
        text.push_str("\n  ");
        text.push_str(problem);
    }
    if problems.len() > LISTED {
        text.push_str(&format!("\n  and {} more", problems.len() - LISTED));
    }
    text
}
