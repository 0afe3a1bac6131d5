//! Detects what a file is by its first bytes, because names and extensions are often wrong.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::error::ImportError;

/// The two formats of weights.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Content {
    /// A JSON header, then raw tensors.
    Safetensors,
    /// A file written by `torch.save`: a zip archive, or before PyTorch 1.6 a sequence of pickles.
    Torch,
}

/// Offset of the signature in a tar header.
const TAR_MARK: usize = 257;
const REPLACE: &str = "give the .safetensors or .pth file instead";
const UNPACK: &str = "unpack it and give the file inside";
const AGAIN: &str =
    "download the file itself; if its page asks for it, log in and accept the licence first";

/// Signatures of other formats, their names, and what to do.
const OTHERS: [(&[u8], &str, &str); 15] = [
    (
        b"version https://git-lfs",
        "a Git LFS pointer, a few lines in place of the file",
        "run git lfs pull in its folder, or download the file from its page",
    ),
    (b"\xff\xd8\xff", "a JPEG picture", REPLACE),
    (b"\x89PNG", "a PNG picture", REPLACE),
    (b"GIF8", "a GIF picture", REPLACE),
    (b"RIFF", "a WebP picture or a sound file", REPLACE),
    (b"%PDF", "a PDF document", REPLACE),
    (b"II*\0", "a TIFF picture", REPLACE),
    (b"MM\0*", "a TIFF picture", REPLACE),
    (b"\x1f\x8b", "a gzip archive", UNPACK),
    (b"BZh", "a bzip2 archive", UNPACK),
    (b"\xfd7zXZ", "an xz archive", UNPACK),
    (b"\x28\xb5\x2f\xfd", "a zstd archive", UNPACK),
    (b"GGUF", "a GGUF file for llama.cpp", REPLACE),
    (b"\x89HDF", "an HDF5 file of TensorFlow or Keras", REPLACE),
    (b"\x93NUMPY", "a NumPy array", REPLACE),
];

impl Content {
    /// Reads the first bytes of the file and returns its format.
    ///
    /// # Errors
    /// Fails if the file cannot be read, is empty, or is in none of the known formats.
    pub fn of(path: &Path) -> Result<Self, ImportError> {
        let mut head = Vec::new();
        File::open(path)
            .and_then(|file| file.take(512).read_to_end(&mut head))
            .map_err(|source| ImportError::Io {
                path: path.to_owned(),
                source,
            })?;
        if head.is_empty() {
            return Err(ImportError::Empty {
                path: path.to_owned(),
            });
        }
        let other = |what: &str, advice| ImportError::NotWeights {
            path: path.to_owned(),
            what: what.to_owned(),
            advice,
        };
        if let Some((_, what, advice)) = OTHERS.iter().find(|(mark, ..)| head.starts_with(mark)) {
            return Err(other(what, advice));
        }
        let tar = head.get(TAR_MARK..TAR_MARK + 5) == Some(b"ustar");
        // The length of a 128-byte header starts like a pickle, so safetensors is checked first.
        if head.get(8) == Some(&b'{') && !is_text(&head[..8]) {
            return Ok(Self::Safetensors);
        }
        if head.starts_with(b"PK\x03\x04") || head[0] == 0x80 || tar {
            return Ok(Self::Torch);
        }
        let text = String::from_utf8_lossy(&head);
        let text = text.trim_start_matches('\u{feff}').trim_start();
        if text.starts_with('<') {
            return Err(other("an HTML or XML page", AGAIN));
        }
        if text.starts_with(['{', '[']) && is_text(&head) {
            return Err(other("a JSON file", AGAIN));
        }
        if is_text(&head) {
            return Err(other("a text file", AGAIN));
        }
        let first = head.iter().take(8).map(|byte| format!("{byte:02x}"));
        let first = first.collect::<Vec<_>>().join(" ");
        Err(other(
            &format!("a file of unknown format (it starts with {first})"),
            REPLACE,
        ))
    }
}

fn is_text(bytes: &[u8]) -> bool {
    bytes
        .iter()
        .all(|&byte| byte >= 0x20 || matches!(byte, b'\n' | b'\r' | b'\t'))
}
