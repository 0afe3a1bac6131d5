//! TIFFs with every way to store pixels, compared with the pixels that GDAL reads, and the advice for refused ones.
//! `tests/scenes/stored.py` makes them. Without GDAL's Python bindings the tests are reported as skipped.

mod common;

use std::fs;
use std::path::Path;
use std::process::Command;

use s4eca::raster::RasterSource;
use s4eca::vision::Window;
use serde::Deserialize;

#[derive(Deserialize)]
struct Entry {
    file: String,
    twins: Vec<String>,
    most: u8,
}

/// Runs a script of `tests/scenes` that fills `folder`; returns false if this system has no GDAL for Python.
fn made_by(script: &str, folder: &Path) -> bool {
    let chosen = std::env::var("PYTHON").ok().filter(|name| !name.is_empty());
    let names = chosen.iter().map(String::as_str);
    for python in names.chain(["python3", "/usr/bin/python3"]) {
        let has_gdal = Command::new(python)
            .args(["-c", "import numpy, PIL; from osgeo import gdal"])
            .output()
            .is_ok_and(|output| output.status.success());
        if has_gdal {
            let output = Command::new(python)
                .arg(Path::new("tests/scenes").join(script))
                .arg(folder)
                .env("PYTHONDONTWRITEBYTECODE", "1")
                .output()
                .expect("the interpreter");
            let errors = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "{script}: {errors}");
            return true;
        }
    }
    common::skip("TIFFs that GDAL makes: Python here has no GDAL, NumPy and Pillow");
    false
}

/// All pixels of a version, RGBA.
fn pixels(path: &Path, level: usize) -> Vec<u8> {
    let read = RasterSource::open(path).and_then(|mut source| {
        let (width, height) = source.level_size(level);
        source.rgba(level, Window::all(width, height))
    });
    read.unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn every_way_to_store_pixels_gives_the_pixels_that_gdal_reads() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let folder = folder.path();
    if !made_by("stored.py", folder) {
        return;
    }
    let list = fs::read_to_string(folder.join("stored.json")).expect("the list");
    let list: Vec<Entry> = serde_json::from_str(&list).expect("a list");
    assert!(list.len() > 100, "{} files", list.len());
    if !list.iter().any(|entry| entry.file.starts_with("jxl-")) {
        common::skip("TIFFs in JPEG XL: there is no cjxl and djxl (libjxl-tools)");
    }
    for Entry { file, twins, most } in list {
        let path = folder.join(&file);
        let source = RasterSource::open(&path).unwrap_or_else(|error| panic!("{error}"));
        let overviews = source.facts().expect("a TIFF").overviews;
        assert_eq!(overviews + 1, twins.len(), "{file}");
        for (level, twin) in twins.iter().enumerate() {
            let own = pixels(&path, level);
            let expected = pixels(&folder.join(twin), 0);
            assert_eq!(own.len(), expected.len(), "{file}, level {level}");
            let differences = own.iter().zip(&expected).map(|(a, b)| a.abs_diff(*b));
            let largest = differences.max().unwrap_or(0);
            assert!(largest <= most, "{file}, level {level}: {largest} levels");
            let hidden = |rgba: &[u8]| rgba.chunks(4).map(|pixel| pixel[3]).collect::<Vec<_>>();
            assert_eq!(hidden(&own), hidden(&expected), "{file}, level {level}");
        }
    }
}

/// The arguments of the command that a message advises.
fn advised(message: &str) -> Option<Vec<&str>> {
    let (_, command) = message.split_once("gdal_translate ")?;
    Some(command.split_whitespace().collect())
}

#[test]
fn the_advised_command_makes_a_refused_file_readable() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let folder = folder.path();
    if !made_by("refused.py", folder) {
        return;
    }
    if Command::new("gdal_translate")
        .arg("--version")
        .output()
        .is_err()
    {
        eprintln!("skipped: there is no gdal_translate");
        return;
    }
    let list = fs::read_dir(folder).expect("the folder");
    let target = tempfile::tempdir().expect("a temporary folder");
    let mut count = 0;
    for path in list.map(|entry| entry.expect("a file").path()) {
        let error = match RasterSource::open(&path) {
            Err(error) => error.to_string(),
            Ok(_) => panic!("{} is read", path.display()),
        };
        assert!(error.contains("not supported"), "{error}");
        // Inks: GDAL has no conversion, and the message names another program.
        let Some(arguments) = advised(&error) else {
            assert!(error.contains("CMYK"), "{error}");
            continue;
        };
        let rewritten = target.path().join(path.file_name().expect("a name"));
        let output = Command::new("gdal_translate")
            .args(&arguments)
            .args([&path, &rewritten])
            .output()
            .expect("gdal_translate");
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{error}: {errors}");
        assert!(!pixels(&rewritten, 0).is_empty());
        count += 1;
    }
    assert!(count >= 4, "{count} files");
}
