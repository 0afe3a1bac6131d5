//! Writes the figures of a run as TensorBoard event files: `tensorboard --logdir runs` shows every run folder
//! below `runs` and follows those that are still running.
//!
//! A file is a sequence of records, each with its length and two checksums. Each record is a protocol buffer
//! `Event`: <https://github.com/tensorflow/tensorboard/blob/master/tensorboard/compat/proto/event.proto> and
//! `summary.proto` beside it. The encoding is done here because the crates for it depend on protoc or on
//! large parts of an image library.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use crate::files::FileError;

/// Prefix by which TensorBoard recognises its files. It reads those of a folder in the order of their names.
const PREFIX: &str = "events.out.tfevents.";
/// Version 2: a start event discards the values that earlier files hold for its step and later steps.
const VERSION: &[u8] = b"brain.Event:2";

/// The event file of one start of a run. If a process is killed, its last record may be truncated: the next
/// start writes a new file, and TensorBoard continues with that one.
#[derive(Debug)]
pub struct EventFile {
    path: PathBuf,
    file: File,
}

impl EventFile {
    /// Creates a file in `folder` that sorts after those of earlier starts. TensorBoard then no longer shows
    /// their figures of `first_step` and later steps. Pass the first step that will be written, so that no step is
    /// shown twice.
    ///
    /// # Errors
    /// Fails if the folder is missing or cannot be written, or if the disk is full.
    pub fn start(folder: &Path, first_step: u64, now: SystemTime) -> Result<Self, FileError> {
        let last = last_number(folder).map_err(|error| FileError::from_io(folder, error))?;
        // The clock may have been set back since the last start, or the last start was in the same second.
        let number = last.map_or(0, |last| last + 1).max(seconds(now) as u64);
        let path = folder.join(format!("{PREFIX}{number:010}.s4eca"));
        let opened = OpenOptions::new().create_new(true).append(true).open(&path);
        let file = opened.map_err(|error| FileError::from_io(&path, error))?;
        let mut events = Self { path, file };
        let mut start = Message::default();
        start.integer(1, 1); // status: START
        let mut bytes = record(&event(now, 0).bytes(3, VERSION).0);
        bytes.extend(record(&event(now, first_step).bytes(7, &start.0).0));
        events.append(&bytes)?;
        Ok(events)
    }

    /// Returns the path of the file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Appends the figures of `step`, each with its name: TensorBoard shows "train/loss" as "loss" in the
    /// group "train". The figures are passed to the system before this returns. On an error the file is
    /// unchanged.
    ///
    /// # Errors
    /// Fails if the disk is full.
    pub fn scalars<'a>(
        &mut self,
        step: u64,
        now: SystemTime,
        figures: impl IntoIterator<Item = (&'a str, f64)>,
    ) -> Result<(), FileError> {
        let mut summary = Message::default();
        for (tag, figure) in figures {
            let mut value = Message::default();
            value.bytes(1, tag.as_bytes()).float(2, figure as f32);
            summary.bytes(1, &value.0);
        }
        self.append(&record(&event(now, step).bytes(5, &summary.0).0))
    }

    /// Appends all of `bytes` or nothing: nothing after a partial record could be read.
    fn append(&mut self, bytes: &[u8]) -> Result<(), FileError> {
        let before = self.file.metadata().map(|metadata| metadata.len());
        let written = before.and_then(|before| {
            self.file.write_all(bytes).inspect_err(|_| {
                let _ = self.file.set_len(before);
            })
        });
        written.map_err(|error| FileError::from_io(&self.path, error))
    }
}

/// Returns the largest number in the names of the event files in `folder`.
fn last_number(folder: &Path) -> std::io::Result<Option<u64>> {
    let number = |name: &str| name.strip_prefix(PREFIX)?.split('.').next()?.parse().ok();
    let mut last = None;
    for entry in fs::read_dir(folder)? {
        match entry {
            Ok(entry) => last = last.max(entry.file_name().to_str().and_then(number)),
            // Another process has removed it in the meantime.
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    Ok(last)
}

fn seconds(time: SystemTime) -> f64 {
    time.duration_since(UNIX_EPOCH)
        .unwrap_or_default()
        .as_secs_f64()
}

/// Returns an event without its content.
fn event(now: SystemTime, step: u64) -> Message {
    let mut event = Message::default();
    event.double(1, seconds(now)).integer(2, step);
    event
}

/// Encoder of a protocol buffer message.
#[derive(Default)]
struct Message(Vec<u8>);

impl Message {
    /// Omits zero: a reader takes a missing integer as zero.
    fn integer(&mut self, field: u8, value: u64) -> &mut Self {
        if value == 0 {
            return self;
        }
        self.0.push(field << 3);
        self.varint(value)
    }

    fn double(&mut self, field: u8, value: f64) -> &mut Self {
        self.0.push(field << 3 | 1);
        self.0.extend(value.to_le_bytes());
        self
    }

    fn bytes(&mut self, field: u8, value: &[u8]) -> &mut Self {
        self.0.push(field << 3 | 2);
        self.varint(value.len() as u64);
        self.0.extend(value);
        self
    }

    fn float(&mut self, field: u8, value: f32) -> &mut Self {
        self.0.push(field << 3 | 5);
        self.0.extend(value.to_le_bytes());
        self
    }

    /// Writes seven bits per byte, lowest first; the top bit marks that more follow.
    fn varint(&mut self, mut value: u64) -> &mut Self {
        while value > 0x7f {
            self.0.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.0.push(value as u8);
        self
    }
}

/// Returns a record: the length of `data` and `data`, each followed by its checksum.
fn record(data: &[u8]) -> Vec<u8> {
    let length = (data.len() as u64).to_le_bytes();
    let parts = [
        &length[..],
        &checksum(&length).to_le_bytes(),
        data,
        &checksum(data).to_le_bytes(),
    ];
    parts.concat()
}

/// Returns the masked CRC-32C (rotated, plus a constant): an unmasked one would be weak on data that contains
/// checksums.
fn checksum(data: &[u8]) -> u32 {
    crc32c::crc32c(data)
        .rotate_right(15)
        .wrapping_add(0xa282_ead8)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    /// Output of the `tensorboard` package's `RecordWriter` and protocol buffers for the events below.
    const EXPECTED: &str = concat!(
        "1800000000000000a37f4b220900000040fc54d9411a0d627261696e2e4576656e743a32eced8f9d",
        "100000000000000095fbfe180900000040fc54d94110ad023a020801b57333463200000000000000",
        "241956ec0900004040fc54d94110ad022a240a110a0a747261696e2f6c6f7373150000803e0a0f0a",
        "0876616c2f6d496f55150000c0bf83cdcf0c",
    );

    fn at(seconds: u64) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(seconds)
    }

    #[test]
    fn the_bytes_are_those_of_tensorboard() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut file = EventFile::start(folder.path(), 301, at(1_700_000_000)).expect("a file");
        let figures = [("train/loss", 0.25), ("val/mIoU", -1.5)];
        file.scalars(301, at(1_700_000_001), figures).expect("room");
        let bytes = fs::read(file.path()).expect("the file");
        let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hex, EXPECTED);
    }

    #[test]
    fn files_sort_by_start_whatever_the_clock_says() {
        let folder = tempfile::tempdir().expect("a folder");
        let names = [500, 500, 20, 900].map(|now| {
            let file = EventFile::start(folder.path(), 0, at(now)).expect("a file");
            let name = file.path().file_name().expect("a name");
            name.to_string_lossy().into_owned()
        });
        let numbers = [500, 501, 502, 900];
        assert_eq!(names, numbers.map(|n| format!("{PREFIX}{n:010}.s4eca")));
    }

    #[test]
    fn a_missing_folder_is_named() {
        let folder = tempfile::tempdir().expect("a folder");
        let error = EventFile::start(&folder.path().join("no"), 0, at(1)).expect_err("no folder");
        assert!(error.to_string().contains("no"), "{error}");
    }
}
