//! Paths without weights, files that are not what their names suggest, and hostile files: each gives its own error,
//! which says what to do.

use std::fs;
use std::path::Path;

use s4eca::import::ImportError;

use crate::stored::{Case, fixtures, write};

/// The error about a file of these bytes.
pub fn error_of(name: &str, bytes: &[u8]) -> ImportError {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join(name);
    fs::write(&path, bytes).expect("room");
    let imported = Case::load("small-original").import(&path);
    imported
        .err()
        .unwrap_or_else(|| panic!("{name} was imported"))
}

/// Asserts that the error about these bytes has all the parts.
pub fn expect(name: &str, bytes: &[u8], parts: &[&str]) {
    let text = error_of(name, bytes).to_string();
    for part in [name].iter().chain(parts) {
        assert!(text.contains(part), "{part:?} is not in: {text}");
    }
}

#[test]
fn a_wrong_path_says_what_to_give() {
    let case = Case::load("small-original");
    let error = case
        .import(Path::new("no/such.pth"))
        .expect_err("no file")
        .to_string();
    assert!(
        error.contains("no file or folder no/such.pth: give a .safetensors"),
        "{error}"
    );
    let folder = tempfile::tempdir().expect("a folder");
    let error = case
        .import(folder.path())
        .expect_err("no weights")
        .to_string();
    assert!(
        error.contains("has no weights: it needs model.safetensors"),
        "{error}"
    );
    fs::write(folder.path().join("tf_model.h5"), "x").expect("room");
    let error = case
        .import(folder.path())
        .expect_err("TensorFlow")
        .to_string();
    assert!(error.contains("only in a format of TensorFlow"), "{error}");
    for name in ["a.pth", "b.safetensors"] {
        fs::write(folder.path().join(name), "x").expect("room");
    }
    let error = case
        .import(folder.path())
        .expect_err("two files")
        .to_string();
    assert!(
        error.contains("give one of its files by name: a.pth, b.safetensors"),
        "{error}"
    );
}

#[test]
fn other_files_are_recognised_by_their_content() {
    let name = "model.safetensors";
    expect(name, b"", &["is empty: download it again"]);
    let pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n";
    expect(name, pointer, &["a Git LFS pointer", "git lfs pull"]);
    expect(
        name,
        b"\xff\xd8\xff\xe0\0\x10JFIF",
        &["a JPEG picture, not weights"],
    );
    expect(
        name,
        b"<!DOCTYPE html><html>",
        &["an HTML or XML page", "accept the licence"],
    );
    expect(name, b"\n\n<html>", &["an HTML or XML page"]);
    expect(
        name,
        br#"{"error": "Repository not found"}"#,
        &["a JSON file"],
    );
    expect(name, b"Entry not found", &["is a text file, not weights"]);
    expect(name, b"\x1f\x8b\x08\0\0", &["a gzip archive", "unpack it"]);
    expect(
        name,
        b"\x89HDF\r\n\x1a\n",
        &["an HDF5 file of TensorFlow or Keras"],
    );
    expect(
        name,
        b"\x01\x02\x03\x04\x05\x06\x07\x08\x09",
        &["starts with 01 02 03 04"],
    );
    // An empty zip archive with one name in it.
    let mut zip = b"PK\x03\x04\x14\0\0\0\0\0\0\0\0\0".to_vec();
    zip.extend([0; 12]);
    zip.extend(b"\x01\0\0\0a");
    let directory = zip.len() as u32;
    zip.extend(b"PK\x01\x02\x14\0\x14\0\0\0\0\0\0\0\0\0");
    zip.extend([0; 12]);
    zip.extend(b"\x01\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0a");
    let size = zip.len() as u32 - directory;
    zip.extend(b"PK\x05\x06\0\0\0\0\x01\0\x01\0");
    zip.extend(size.to_le_bytes());
    zip.extend(directory.to_le_bytes());
    zip.extend([0; 2]);
    expect(
        "a.pth",
        &zip,
        &["a zip archive without a PyTorch checkpoint"],
    );
}

#[test]
fn a_pickle_with_code_in_it_is_read_as_data() {
    // os.system("touch executed-by-unpickling") as a pickle of protocol 2.
    let call = b"cposix\nsystem\nX\x1c\0\0\0touch executed-by-unpickling\x85R";
    let root = [b"\x80\x02".as_slice(), call, b"."].concat();
    expect(
        "evil.pth",
        &root,
        &[
            "a Python object (posix.system)",
            "nothing in it was executed",
        ],
    );
    let inside = [b"\x80\x02}X\x01\0\0\0a".as_slice(), call, b"s."].concat();
    expect(
        "evil.pth",
        &inside,
        &["a dictionary without tensors", "nothing in it was executed"],
    );
    assert!(!Path::new("executed-by-unpickling").exists());
}

#[test]
fn torchscript_says_what_to_save() {
    let path = fixtures().join("files/torchscript.pt");
    let error = Case::load("small-original").import(&path);
    let text = error.expect_err("a program").to_string();
    assert!(
        text.contains(
            "is a TorchScript archive, a program with its weights: save its weights alone"
        ),
        "{text}"
    );
}

#[test]
fn a_folder_with_holes_says_which() {
    let case = Case::load("small-hf");
    let source = fixtures().join("files/hf-sharded");
    let folder = tempfile::tempdir().expect("a folder");
    for entry in fs::read_dir(&source).expect("the fixture") {
        let entry = entry.expect("a file");
        fs::copy(entry.path(), folder.path().join(entry.file_name())).expect("room");
    }
    case.import(folder.path()).expect("whole");
    let shard = folder.path().join("model-00002-of-00003.safetensors");
    let error = |what: &str| case.import(folder.path()).expect_err(what).to_string();

    // A shard of another download: one tensor differs from the index.
    let mut other = case.named();
    other.remove("embeddings.cls_token");
    let whole = fs::read(&shard).expect("the shard");
    write(&shard, &other.into_iter().take(1).collect());
    let text = error("another shard");
    assert!(
        text.contains("which does not have it: index and shards are of"),
        "{text}"
    );
    assert!(
        text.contains("in model-00002-of-00003.safetensors"),
        "{text}"
    );
    fs::write(&shard, b"version https://git-lfs.github.com/spec/v1\n").expect("room");
    assert!(error("a pointer").contains("a Git LFS pointer"));
    fs::remove_file(&shard).expect("a file");
    let text = error("a hole");
    assert!(
        text.contains("not beside it: model-00002-of-00003.safetensors; download"),
        "{text}"
    );
    fs::write(&shard, whole).expect("room");
    case.import(folder.path()).expect("whole again");

    let index = folder.path().join("model.safetensors.index.json");
    fs::write(&index, r#"{"weight_map": {"a": "../../secret"}}"#).expect("room");
    assert!(error("a path").contains(r#""../../secret" is not a file name"#));
    fs::write(&index, "{}").expect("room");
    assert!(error("no map").contains("it is not an index of shards"));
}
