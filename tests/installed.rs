//! The program outside the project's folder: an installed copy, run from another folder.

mod common;

use std::ffi::{OsStr, OsString};
use std::fs;
use std::process::Command;

use common::micro_bundle;
use s4eca::files::{read_image, write_png_rgb};
use s4eca::vision::RgbImage;

/// A file name; on Unix one that is not UTF-8.
fn odd_name() -> OsString {
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStrExt;
        OsStr::from_bytes(b"sc\xe8ne.png").into()
    }
    #[cfg(not(unix))]
    OsStr::new("scène.png").into()
}

#[test]
fn an_installed_copy_finds_its_weights_and_takes_any_file_name() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let [bin, work] = ["bin", "work"].map(|name| folder.path().join(name));
    fs::create_dir(&bin).expect("room");
    fs::create_dir(&work).expect("room");
    let program = bin.join("s4eca");
    fs::copy(env!("CARGO_BIN_EXE_s4eca"), &program).expect("room");
    let scene = RgbImage::filled(96, 64, [90, 120, 70]);
    write_png_rgb(&work.join(odd_name()), &scene).expect("room");

    let segment = |weights: Option<&OsStr>, mask: &str| {
        let mut command = Command::new(&program);
        command.current_dir(&work).env_remove("S4ECA_WEIGHTS");
        if let Some(weights) = weights {
            command.env("S4ECA_WEIGHTS", weights);
        }
        command.arg("segment").arg(odd_name());
        command.args(["--text", "the water", "--device", "cpu", "--out", mask]);
        command.output().expect("a program that runs")
    };
    let micro = micro_bundle(folder.path(), "q8");
    for (weights, mask) in [
        (Some(micro.as_os_str()), "micro.png"),
        (None, "shipped.png"),
    ] {
        let output = segment(weights, mask);
        assert!(output.status.success(), "{output:?}");
        let made = read_image(&work.join(mask)).expect("a mask");
        assert_eq!((made.width(), made.height()), (96, 64));
    }
    let output = segment(Some(OsStr::new("nowhere")), "none.png");
    assert!(!output.status.success());
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(error.contains("nowhere"), "{error}");
}
