//! One tensor of a checkpoint, still on disk.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::sync::Arc;

use half::{bf16, f16};

/// Type of a tensor's numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    F64,
    F32,
    F16,
    Bf16,
    /// Integers and all other types that no encoder uses; only the type's name is kept.
    Other(String),
}

impl Kind {
    /// Returns the bytes per number, if numbers of this type can be read.
    pub fn size(&self) -> Option<usize> {
        match self {
            Self::F64 => Some(8),
            Self::F32 => Some(4),
            Self::F16 | Self::Bf16 => Some(2),
            Self::Other(_) => None,
        }
    }
}

/// Where the numbers are stored.
enum Place {
    /// Bytes of an open safetensors file, little-endian.
    File {
        file: Arc<File>,
        start: u64,
        bytes: usize,
    },
    /// A tensor written by `torch.save`, in native byte order when read.
    Torch(pytorch_reader::Tensor),
}

/// Shape, type and place of one tensor. Its numbers are read on request and not kept.
pub(super) struct Entry {
    /// Extents, outermost first.
    pub shape: Vec<usize>,
    /// Type of the numbers.
    pub kind: Kind,
    place: Place,
}

impl Entry {
    /// Creates a tensor of an open file, `bytes` long from offset `start`.
    pub fn in_file(
        shape: Vec<usize>,
        kind: Kind,
        file: Arc<File>,
        start: u64,
        bytes: usize,
    ) -> Self {
        let place = Place::File { file, start, bytes };
        Self { shape, kind, place }
    }

    /// Creates a tensor of a PyTorch file.
    pub fn torch(tensor: pytorch_reader::Tensor) -> Self {
        let kind = match tensor.dtype() {
            pytorch_reader::DType::F64 => Kind::F64,
            pytorch_reader::DType::F32 => Kind::F32,
            pytorch_reader::DType::F16 => Kind::F16,
            pytorch_reader::DType::BF16 => Kind::Bf16,
            other => Kind::Other(format!("{other:?}")),
        };
        Self {
            shape: tensor.shape().to_vec(),
            kind,
            place: Place::Torch(tensor),
        }
    }

    /// Reads all numbers as f32, row-major.
    ///
    /// # Errors
    /// Fails if the file cannot be read or ends too early, or if the numbers have another type.
    pub fn read(&self) -> io::Result<Vec<f32>> {
        let bytes = match &self.place {
            Place::Torch(tensor) => {
                let mut bytes = tensor.read()?;
                if cfg!(target_endian = "big")
                    && let Some(size) = self.kind.size()
                {
                    bytes.chunks_exact_mut(size).for_each(<[u8]>::reverse);
                }
                bytes
            }
            Place::File { file, start, bytes } => {
                let mut buffer = vec![0; *bytes];
                let mut file = file.as_ref();
                file.seek(SeekFrom::Start(*start))?;
                file.read_exact(&mut buffer)?;
                buffer
            }
        };
        let (twos, fours, eights) = (
            bytes.as_chunks::<2>().0,
            bytes.as_chunks::<4>().0,
            bytes.as_chunks::<8>().0,
        );
        Ok(match &self.kind {
            Kind::F32 => fours.iter().map(|b| f32::from_le_bytes(*b)).collect(),
            Kind::F16 => twos
                .iter()
                .map(|b| f16::from_le_bytes(*b).to_f32())
                .collect(),
            Kind::Bf16 => twos
                .iter()
                .map(|b| bf16::from_le_bytes(*b).to_f32())
                .collect(),
            Kind::F64 => eights
                .iter()
                .map(|b| f64::from_le_bytes(*b) as f32)
                .collect(),
            Kind::Other(name) => {
                return Err(io::Error::other(format!("numbers of type {name}")));
            }
        })
    }
}
