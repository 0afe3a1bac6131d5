//! Where the shipped weights are: the default of every `--weights` and `--tokenizer`.

use std::env;
use std::path::{Path, PathBuf};

use crate::bundle::MANIFEST;

/// Environment variable with the folder of a bundle, used in place of the shipped one.
const VARIABLE: &str = "S4ECA_WEIGHTS";
/// The shipped bundle in the project's folder.
const BUNDLE: &str = "weights/tiny";
/// Path of the weights beside an installed program: `bin/s4eca` and `share/s4eca/weights/tiny`.
const SHARE: &str = "../share/s4eca";

/// Returns the folder of the shipped bundle: `$S4ECA_WEIGHTS`; else the first of `weights/tiny` in the current folder,
/// beside the program, in `../share/s4eca` of the program's folder, and in the folder that the program was compiled
/// in. Returns `weights/tiny` if there is none, so that the error names it.
pub fn shipped_weights() -> PathBuf {
    let program = env::current_exe().and_then(|path| path.canonicalize()).ok();
    let program = program.as_deref().and_then(Path::parent);
    let folders = [
        Some(PathBuf::new()),
        program.map(Path::to_path_buf),
        program.map(|folder| folder.join(SHARE)),
        Some(env!("CARGO_MANIFEST_DIR").into()),
    ];
    found(env::var_os(VARIABLE).map(PathBuf::from), folders)
}

fn found(named: Option<PathBuf>, folders: impl IntoIterator<Item = Option<PathBuf>>) -> PathBuf {
    let bundles = folders
        .into_iter()
        .flatten()
        .map(|folder| folder.join(BUNDLE));
    named
        .or_else(|| {
            bundles
                .into_iter()
                .find(|path| path.join(MANIFEST).is_file())
        })
        .unwrap_or_else(|| BUNDLE.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn the_variable_wins_and_the_first_folder_with_a_bundle_follows() {
        let root = tempfile::tempdir().expect("a folder");
        let [empty, full] = ["empty", "full"].map(|name| root.path().join(name));
        fs::create_dir_all(empty.join(BUNDLE)).expect("room");
        fs::create_dir_all(full.join(BUNDLE)).expect("room");
        fs::write(full.join(BUNDLE).join(MANIFEST), "{}").expect("room");
        let folders = || [None, Some(empty.clone()), Some(full.clone())];
        assert_eq!(found(None, folders()), full.join(BUNDLE));
        assert_eq!(found(Some("mine".into()), folders()), Path::new("mine"));
        assert_eq!(found(None, [Some(empty.clone())]), Path::new(BUNDLE));
    }
}
