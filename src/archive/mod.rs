//! Zip files: many small files as one. [`Archive`] reads them with every check that untrusted files need, and
//! [`ArchiveWriter`] writes them.
//!
//! ```text
//! bytes ── end record ── directory ── entries (names, sizes, places checked) ── read one: inflate, size, CRC-32
//! ```
//! Entries may be stored or compressed with Deflate. Zip64, encryption, other methods and archives of several parts
//! are refused by name. So are names that lead out of the archive's own folder, two entries with the same name, entries
//! that share bytes, sizes beyond [`Limits`], and any field that contradicts the rest of the file.
//!
//! Source: PKWARE, APPNOTE.TXT, version 6.3.10.

mod crc;
mod entry;
mod error;
mod fields;
mod inflate;
mod limits;
mod name;
mod reader;
mod record;
#[cfg(test)]
mod tests;
mod writer;

pub use entry::Entry;
pub use error::ArchiveError;
pub use limits::Limits;
pub use name::check_name;
pub use reader::Archive;
pub use writer::{ArchiveWriter, pack};
