//! The folder of one training run: configuration, command, metrics and checkpoints. The process can be killed
//! at any moment.
//!
//! ```text
//! config.json     the configuration, as given to the first start
//! command.txt     one line per start: the exact command
//! metrics.jsonl   one JSON object per line, each with its "step"
//! checkpoints/    step-00001000.ckpt: the last few, and best.ckpt, each complete
//! events.out...   the metrics again, for TensorBoard
//! pictures/       step-00001000/: a gallery of predictions
//! run.lock        held by the running process
//! ```

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, BufWriter, ErrorKind, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde::de::DeserializeOwned;
use thiserror::Error;

use crate::files::{FileError, PARTIAL, write_atomic};

const CONFIG: &str = "config.json";
const COMMAND: &str = "command.txt";
const METRICS: &str = "metrics.jsonl";
const CHECKPOINTS: &str = "checkpoints";
const LOCK: &str = "run.lock";
const BEST: &str = "best.ckpt";

/// Why a run folder cannot be used.
#[derive(Debug, Error)]
pub enum RunError {
    /// Another process is using it.
    #[error(
        "another training is using {}: wait for it or stop it, or choose another folder",
        path.display()
    )]
    Busy {
        /// The folder.
        path: PathBuf,
    },
    /// A new run in a folder that already has one.
    #[error(
        "{} already holds a training run: add --resume to resume it, or choose another folder",
        path.display()
    )]
    Taken {
        /// The folder.
        path: PathBuf,
    },
    /// No run to resume.
    #[error("there is no training run to resume in {}: start one without --resume", path.display())]
    NothingToResume {
        /// The folder.
        path: PathBuf,
    },
    /// A JSON file of the folder does not parse, or a record does not serialise.
    #[error("{} is not valid ({source}): restore it, or start again in another folder", path.display())]
    Json {
        /// The file.
        path: PathBuf,
        /// The parser's error.
        source: serde_json::Error,
    },
    /// A file could not be written or read.
    #[error(transparent)]
    File(#[from] FileError),
}

/// An open run folder; no other process can open it until this is dropped or the process ends.
#[derive(Debug)]
pub struct RunFolder {
    path: PathBuf,
    keep: usize,
    metrics: File,
    _lock: File,
}

impl RunFolder {
    /// Starts a run: creates the folder if it does not exist, and writes `config` and the command (the
    /// program and its arguments). The run will keep its last `keep` checkpoints, at least one.
    ///
    /// # Errors
    /// [`RunError::Busy`], [`RunError::Taken`] if the folder already holds a run, and file errors.
    pub fn create(
        path: &Path,
        config: &impl Serialize,
        command: &[String],
        keep: usize,
    ) -> Result<Self, RunError> {
        fs::create_dir_all(path).map_err(|error| FileError::from_io(path, error))?;
        let lock = lock(path)?;
        let taken = [CONFIG, METRICS, CHECKPOINTS]
            .iter()
            .any(|name| path.join(name).exists());
        if taken {
            return Err(RunError::Taken {
                path: path.to_path_buf(),
            });
        }
        let json = serde_json::to_string_pretty(config).map_err(|source| RunError::Json {
            path: path.join(CONFIG),
            source,
        })?;
        // The configuration is written last, so that a start that failed half-way, for instance on a full
        // disk, can simply be repeated.
        fs::write(path.join(COMMAND), command_line(command))
            .map_err(|error| FileError::from_io(&path.join(COMMAND), error))?;
        write_atomic(&path.join(CONFIG), |file| file.write_all(json.as_bytes()))?;
        Self::with_lock(path, keep, lock)
    }

    /// Opens the folder of a run that was killed or has ended. The caller then loads
    /// [`RunFolder::latest_checkpoint`] and calls [`RunFolder::rewind_metrics`] with its step, or with 0 if
    /// there is no checkpoint yet.
    ///
    /// # Errors
    /// [`RunError::Busy`], [`RunError::NothingToResume`], and file errors.
    pub fn resume(path: &Path, command: &[String], keep: usize) -> Result<Self, RunError> {
        if !path.join(CONFIG).is_file() {
            return Err(RunError::NothingToResume {
                path: path.to_path_buf(),
            });
        }
        let lock = lock(path)?;
        let commands = path.join(COMMAND);
        append_whole(&mut open_append(&commands)?, &command_line(command))
            .map_err(|error| FileError::from_io(&commands, error))?;
        Self::with_lock(path, keep, lock)
    }

    fn with_lock(path: &Path, keep: usize, lock: File) -> Result<Self, RunError> {
        let checkpoints = path.join(CHECKPOINTS);
        fs::create_dir_all(&checkpoints)
            .map_err(|error| FileError::from_io(&checkpoints, error))?;
        // Remove partial files of a killed process.
        for folder in [path, &checkpoints] {
            for partial in files(folder)?.filter(|path| path.to_string_lossy().ends_with(PARTIAL)) {
                fs::remove_file(&partial).map_err(|error| FileError::from_io(&partial, error))?;
            }
        }
        let metrics = open_append(&path.join(METRICS))?;
        Ok(Self {
            path: path.to_path_buf(),
            keep: keep.max(1),
            metrics,
            _lock: lock,
        })
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.path
    }

    /// Returns the path of the metrics, one JSON object per line.
    pub fn metrics_path(&self) -> PathBuf {
        self.path.join(METRICS)
    }

    /// Reads the configuration that the run was started with.
    ///
    /// # Errors
    /// Fails if the file cannot be read or parsed.
    pub fn config<T: DeserializeOwned>(&self) -> Result<T, RunError> {
        let path = self.path.join(CONFIG);
        let json = fs::read(&path).map_err(|error| FileError::from_io(&path, error))?;
        serde_json::from_slice(&json).map_err(|source| RunError::Json { path, source })
    }

    /// Returns the folder for the pictures of the validation after `step` steps. It is not created here.
    pub fn pictures(&self, step: u64) -> PathBuf {
        self.path.join("pictures").join(format!("step-{step:08}"))
    }

    /// Appends a line to the metrics: "step" and the fields of `figures`, a map or a struct. On an error the
    /// file is unchanged.
    ///
    /// # Errors
    /// Fails if the figures do not serialise, or if the disk is full.
    pub fn append_metrics(&mut self, step: u64, figures: &impl Serialize) -> Result<(), RunError> {
        let path = self.metrics_path();
        let mut line = match serde_json::to_string(&Record { step, figures }) {
            Ok(line) => line,
            Err(source) => return Err(RunError::Json { path, source }),
        };
        line.push('\n');
        append_whole(&mut self.metrics, &line).map_err(|error| FileError::from_io(&path, error))?;
        Ok(())
    }

    /// Removes metrics of steps after `step`, and incomplete lines. The file of an interrupted run then
    /// equals that of an uninterrupted one.
    ///
    /// # Errors
    /// Fails on file errors; the metrics then stay unchanged.
    pub fn rewind_metrics(&mut self, step: u64) -> Result<(), RunError> {
        let path = self.metrics_path();
        let bytes = fs::read(&path).map_err(|error| FileError::from_io(&path, error))?;
        let keep = |line: &[u8]| match serde_json::from_slice::<serde_json::Value>(line) {
            Ok(record) => record
                .get("step")
                .and_then(serde_json::Value::as_u64)
                .is_none_or(|s| s <= step),
            Err(_) => false,
        };
        let lines = bytes.split_inclusive(|&byte| byte == b'\n');
        let kept: Vec<u8> = lines
            .filter(|line| line.ends_with(b"\n") && keep(line))
            .flatten()
            .copied()
            .collect();
        if kept != bytes {
            write_atomic(&path, |file| file.write_all(&kept))?;
            self.metrics = open_append(&path)?;
        }
        Ok(())
    }

    /// Saves a checkpoint through `write`, then removes all but the last few. If saving fails, all earlier
    /// ones are kept.
    ///
    /// # Errors
    /// Fails if `write` does; returns [`FileError::DiskFull`] on a full disk.
    pub fn write_checkpoint(
        &self,
        step: u64,
        write: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>,
    ) -> Result<PathBuf, RunError> {
        let path = self
            .path
            .join(CHECKPOINTS)
            .join(format!("step-{step:08}.ckpt"));
        write_atomic(&path, write)?;
        let all = self.checkpoints()?;
        // Only older ones count: checkpoints of later steps exist if a run was rewound on purpose.
        let older: Vec<_> = all.iter().filter(|(other, _)| *other < step).collect();
        for (_, old) in &older[..(older.len() + 1).saturating_sub(self.keep)] {
            fs::remove_file(old).map_err(|error| FileError::from_io(old, error))?;
        }
        Ok(path)
    }

    /// Saves the checkpoint of the best validation so far, replacing the previous one.
    ///
    /// # Errors
    /// Same as [`RunFolder::write_checkpoint`].
    pub fn write_best(
        &self,
        write: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>,
    ) -> Result<PathBuf, RunError> {
        let path = self.path.join(CHECKPOINTS).join(BEST);
        write_atomic(&path, write)?;
        Ok(path)
    }

    /// Sets the number of checkpoints to keep, at least one.
    pub fn keeping(mut self, keep: usize) -> Self {
        self.keep = keep.max(1);
        self
    }

    /// Returns the checkpoints with their steps, in the order of steps. If the last one is damaged, an
    /// earlier one can be used.
    ///
    /// # Errors
    /// Fails if the folder cannot be listed.
    pub fn checkpoints(&self) -> Result<Vec<(u64, PathBuf)>, RunError> {
        checkpoints(&self.path)
    }

    /// Returns the checkpoint to resume from.
    ///
    /// # Errors
    /// Fails if the folder cannot be listed.
    pub fn latest_checkpoint(&self) -> Result<Option<PathBuf>, RunError> {
        Ok(self.checkpoints()?.pop().map(|(_, path)| path))
    }
}

/// Returns the newest checkpoint of a run without opening it; the run may still be in progress.
///
/// # Errors
/// Fails if the folder cannot be listed.
pub fn latest_checkpoint(run: &Path) -> Result<Option<PathBuf>, RunError> {
    Ok(checkpoints(run)?.pop().map(|(_, path)| path))
}

/// Returns the checkpoint of a run's best validation, if there is one.
pub fn best_checkpoint(run: &Path) -> Option<PathBuf> {
    let path = run.join(CHECKPOINTS).join(BEST);
    path.is_file().then_some(path)
}

fn checkpoints(run: &Path) -> Result<Vec<(u64, PathBuf)>, RunError> {
    let step = |path: &Path| {
        let name = path.file_name()?.to_str()?;
        name.strip_prefix("step-")?
            .strip_suffix(".ckpt")?
            .parse()
            .ok()
    };
    let mut all: Vec<_> = files(&run.join(CHECKPOINTS))?
        .filter_map(|path| Some((step(&path)?, path)))
        .collect();
    all.sort();
    Ok(all)
}

/// A line of the metrics.
#[derive(Serialize)]
struct Record<'a, T> {
    step: u64,
    #[serde(flatten)]
    figures: &'a T,
}

fn lock(folder: &Path) -> Result<File, RunError> {
    let path = folder.join(LOCK);
    let file = open_append(&path)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(RunError::Busy {
            path: folder.to_path_buf(),
        }),
        // Some network file systems have no locks; training there must still be possible.
        Err(TryLockError::Error(error)) if error.kind() == ErrorKind::Unsupported => Ok(file),
        Err(TryLockError::Error(error)) => Err(FileError::from_io(&path, error).into()),
    }
}

fn open_append(path: &Path) -> Result<File, FileError> {
    let opened = OpenOptions::new()
        .read(true)
        .append(true)
        .create(true)
        .open(path);
    opened.map_err(|error| FileError::from_io(path, error))
}

/// Appends all of `text` or nothing.
fn append_whole(file: &mut File, text: &str) -> io::Result<()> {
    let before = file.seek(SeekFrom::End(0))?;
    file.write_all(text.as_bytes()).inspect_err(|_| {
        // A partial line would merge with the next one. Truncating needs no disk space.
        let _ = file.set_len(before);
    })
}

fn files(folder: &Path) -> Result<impl Iterator<Item = PathBuf>, FileError> {
    let entries = fs::read_dir(folder).map_err(|error| FileError::from_io(folder, error))?;
    Ok(entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.is_file()))
}

/// Returns the command quoted for a shell, with a newline.
fn command_line(command: &[String]) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=,:+@%".contains(c);
    let quoted = command
        .iter()
        .map(|word| match !word.is_empty() && word.chars().all(plain) {
            true => word.clone(),
            false => format!("'{}'", word.replace('\'', r"'\''")),
        });
    quoted.collect::<Vec<_>>().join(" ") + "\n"
}

#[cfg(test)]
#[path = "run_folder_tests.rs"]
mod tests;
