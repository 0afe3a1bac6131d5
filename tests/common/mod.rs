//! Shared by several tests.
#![allow(dead_code, reason = "each test uses its own part of it")]

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::LazyLock;

use s4eca::cli::{ChosenDevice, DeviceChoice};
use s4eca::model::{FeedForward, ModelConfig, Positions, VitConfig};
use s4eca::vision::Normalisation;

/// A ViT at the size of `micro`, whose own encoder is of another kind.
pub fn micro_vit() -> VitConfig {
    VitConfig {
        width: 64,
        depth: 3,
        heads: 2,
        mlp: 128,
        patch: 16,
        registers: 2,
        layer_scale: true,
        levels: [0, 1, 2],
        positions: Positions::Fitted,
        feed_forward: FeedForward::Gelu,
        norm_epsilon: 1e-6,
        normalisation: Normalisation::ImageNet,
    }
}

/// `micro` with the encoder `vision` instead of its own.
pub fn micro_on(vision: VitConfig) -> ModelConfig {
    let mut config = ModelConfig::micro();
    config.vision = vision.into();
    config.adapter.vision_blocks = vec![1, 2];
    config
}

/// Reports that something was not tested; the test script repeats it at its end. It is written directly to the standard
/// error, because the test harness hides the output of passing tests.
pub fn skip(what: &str) {
    let _ = writeln!(std::io::stderr(), "!!! SKIPPED: {what}");
}

/// The Vulkan device. It is opened once, because a process cannot open it twice. Without one, reports that `what` was
/// not tested.
pub fn vulkan(what: &str) -> Option<&'static ChosenDevice> {
    static OPENED: LazyLock<Result<ChosenDevice, String>> = LazyLock::new(|| {
        let opened = DeviceChoice::Vulkan.open();
        opened.map_err(|error| format!("{error:#}"))
    });
    let opened = OPENED.as_ref();
    opened
        .map_err(|error| skip(&format!("{what}: {error}")))
        .ok()
}

/// Runs the program with `arguments` in the project's folder.
pub fn s4eca(arguments: &[&str]) -> Output {
    command(arguments).output().expect("the program starts")
}

/// The command for the program with `arguments`, not yet started.
pub fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_s4eca"));
    command
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(arguments);
    command
}

/// Runs the program, which must succeed, and returns what it printed.
pub fn succeed(arguments: &[&str]) -> String {
    let output = s4eca(arguments);
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {error}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Runs the program, which must fail without a panic, and returns its message.
pub fn fail(arguments: &[&str]) -> String {
    let output = s4eca(arguments);
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success(), "{arguments:?} succeeded");
    assert!(!error.contains("panicked"), "{arguments:?}: {error}");
    error
}

/// Options of `segment` with which the network answers a phrase, without reading it.
pub const BY_NETWORK: [&str; 2] = ["--reading", "network"];

/// Arguments of `segment` for one phrase on the CPU: the image, the phrase, the mask to write, the folder of the
/// weights, and further options.
pub fn segment<'a>(
    image: &'a Path,
    phrase: &'a str,
    mask: &'a Path,
    weights: &'a Path,
    options: &[&'a str],
) -> Vec<&'a str> {
    let mut arguments = vec!["segment", text(image), "--text", phrase];
    arguments.extend(["--out", text(mask), "--weights", text(weights)]);
    arguments.extend(["--device", "cpu"]);
    arguments.extend(options);
    arguments
}

/// A path as an argument.
pub fn text(path: &Path) -> &str {
    path.to_str().expect("a temporary path is text")
}

/// Trains `micro` from random encoders into the folder `run` with these options and returns the losses.
pub fn train(run: &Path, options: &str) -> Vec<f64> {
    let base = "train --preset micro --encoders random weights/tiny --run";
    let mut arguments: Vec<&str> = base.split_whitespace().collect();
    arguments.push(text(run));
    arguments.extend(options.split_whitespace());
    succeed(&arguments);
    losses(run)
}

/// The lines of a run's metrics, one per step.
pub fn records(run: &Path) -> Vec<serde_json::Value> {
    let metrics = std::fs::read_to_string(run.join("metrics.jsonl")).expect("metrics");
    let parse = |line: &str| serde_json::from_str(line).expect("JSON");
    metrics.lines().map(parse).collect()
}

/// The losses of a run.
pub fn losses(run: &Path) -> Vec<f64> {
    let loss = |record: &serde_json::Value| record["loss"].as_f64().expect("a loss");
    records(run).iter().map(loss).collect()
}

/// A bundle of the `micro` preset with random weights, in `folder`.
pub fn micro_bundle(folder: &Path, precision: &str) -> PathBuf {
    let out = folder.join(format!("micro-{precision}"));
    let path = out.to_str().expect("a temporary path is text");
    succeed(&[
        "quantize",
        "--random",
        "micro",
        "--precision",
        precision,
        "--out",
        path,
    ]);
    out
}
