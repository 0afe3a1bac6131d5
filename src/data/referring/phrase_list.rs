//! `output_phrase_{train,val,test}.txt`: one line per record, the image's name and then its phrase.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use super::contents::Rejected;
use super::error::DatasetError;
use super::record::Split;

/// One line.
pub struct Line {
    /// The image's name, as written.
    pub image: String,
    /// The phrase, trimmed.
    pub phrase: String,
    /// The split of the file.
    pub split: Split,
}

/// The lines of all lists in a folder, in the order of the splits, or `None` if there is no list. Lines without a
/// phrase go to `rejected`; blank lines are skipped.
///
/// # Errors
/// Fails if a list exists but cannot be read.
pub fn read_lists(
    folder: &Path,
    rejected: &mut Vec<Rejected>,
) -> Result<Option<Vec<Line>>, DatasetError> {
    let mut lines = None;
    for split in Split::ALL {
        let name = format!("output_phrase_{split}.txt");
        let path = folder.join(&name);
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == ErrorKind::NotFound => continue,
            Err(error) => return Err(DatasetError::file(&path, error)),
        };
        let text = String::from_utf8_lossy(&bytes);
        let lines = lines.get_or_insert_with(Vec::new);
        for (number, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
            let line = line.trim();
            match line.split_once(char::is_whitespace) {
                Some((image, phrase)) => lines.push(Line {
                    image: image.to_owned(),
                    phrase: phrase.trim().to_owned(),
                    split,
                }),
                None if line.is_empty() => {}
                None => rejected.push(Rejected {
                    id: line.to_owned(),
                    split: Some(split),
                    reason: format!(
                        "{name}, line {}: there is no phrase after the name",
                        number + 1
                    ),
                }),
            }
        }
    }
    Ok(lines)
}
