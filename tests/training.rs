//! The training loop's options from the command line: the effects of each, and the results that it must not change.

mod common;

use std::path::{Path, PathBuf};

/// Trains `micro` for a few steps with additional arguments and returns the losses.
fn train(folder: &Path, name: &str, more: &str) -> Vec<f64> {
    let options = "--device cpu --steps 6 --batch 4 --phrases-per-scene 1 --warmup 1 --validation-samples 4 \
                   --validate-every 3";
    common::train(&folder.join(name), &format!("{options} {more}"))
}

fn rates(run: PathBuf) -> Vec<f64> {
    let rate = |record: &serde_json::Value| record["learning_rate"].as_f64().expect("a rate");
    common::records(&run).iter().map(rate).collect()
}

#[test]
fn threads_and_checkpoints_change_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let plain = train(folder.path(), "plain", "");
    assert_eq!(plain.len(), 6);
    assert_eq!(plain, train(folder.path(), "again", ""));
    assert_eq!(plain, train(folder.path(), "workers", "--workers 5"));
    assert_eq!(plain, train(folder.path(), "average", "--average 0.99"));
    assert_eq!(
        plain,
        train(folder.path(), "kept", "--checkpoint-every 1 --keep 1")
    );
    let kept = std::fs::read_dir(folder.path().join("kept/checkpoints")).expect("a folder");
    assert_eq!(kept.count(), 2, "one, and the best");
    assert_ne!(plain, train(folder.path(), "seed", "--seed 2"));
}

#[test]
fn accumulated_gradients_are_those_of_the_larger_batch() {
    let folder = tempfile::tempdir().expect("a folder");
    let whole = train(folder.path(), "whole", "--batch 4");
    let parts = train(folder.path(), "parts", "--batch 2 --accumulate 2");
    for (whole, parts) in whole.iter().zip(&parts) {
        assert!((whole / parts - 1.0).abs() < 1e-4, "{whole} {parts}");
    }
}

#[test]
fn lanes_give_the_same_up_to_rounding_and_each_number_of_them_the_same_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let one = train(folder.path(), "one", "--lanes 1");
    for lanes in [2, 3, 4] {
        let more = format!("--lanes {lanes}");
        let several = train(folder.path(), &format!("of-{lanes}"), &more);
        for (one, several) in one.iter().zip(&several) {
            assert!(
                (one / several - 1.0).abs() < 1e-4,
                "{lanes}: {one} {several}"
            );
        }
        assert_eq!(
            several,
            train(folder.path(), &format!("again-{lanes}"), &more)
        );
    }
}

#[test]
fn checkpointing_goes_with_everything() {
    let folder = tempfile::tempdir().expect("a folder");
    let more = "--lanes 2 --average 0.9 --accumulate 2";
    let plain = train(folder.path(), "plain", more);
    let saving = train(folder.path(), "saving", &format!("{more} --checkpointing"));
    assert_eq!(plain, saving);
}

#[test]
fn every_option_of_the_loop_has_its_effect() {
    let folder = tempfile::tempdir().expect("a folder");
    let plain = train(folder.path(), "plain", "");
    for more in [
        "--head-rate 0.1",
        "--dice 0",
        "--focal 2",
        "--clip 0.01",
        "--weight-decay 1",
    ] {
        let losses = train(folder.path(), &more.replace(' ', ""), more);
        assert_ne!(plain, losses, "{more}");
        assert!(losses.iter().all(|loss| loss.is_finite()), "{more}");
    }
    train(
        folder.path(),
        "poly",
        "--schedule poly --learning-rate 1e-3",
    );
    let poly = rates(folder.path().join("poly"));
    assert!((poly[3] / 1e-3 - 0.6f64.powf(0.9)).abs() < 1e-9, "{poly:?}");
    train(
        folder.path(),
        "steps",
        "--schedule multi-step --milestones 0.5 --gamma 0.1 --learning-rate 1e-3",
    );
    let steps = rates(folder.path().join("steps"));
    assert!(
        (steps[2] - 1e-3).abs() < 1e-12 && (steps[3] - 1e-4).abs() < 1e-12,
        "{steps:?}"
    );
}

#[test]
fn a_training_without_gain_stops_early() {
    let folder = tempfile::tempdir().expect("a folder");
    let more = "--learning-rate 0 --validate-every 1 --patience 2";
    assert_eq!(train(folder.path(), "patient", more).len(), 3);
    // Resuming takes no further step.
    let run = folder.path().join("patient");
    let resume = ["train", "--resume", "--device", "cpu", "--run"];
    let said = common::succeed(&[&resume[..], &[common::text(&run)]].concat());
    assert!(said.contains("no improvement in the last 2"), "{said}");
    assert_eq!(common::losses(&run).len(), 3);
}

#[test]
fn a_diverging_training_stops_with_the_last_good_checkpoint() {
    let folder = tempfile::tempdir().expect("a folder");
    let run = folder.path().join("run");
    let error = common::fail(&[
        "train",
        "--preset",
        "micro",
        "--encoders",
        "random",
        "weights/tiny",
        "--device",
        "cpu",
        "--steps",
        "60",
        "--batch",
        "2",
        "--warmup",
        "1",
        "--learning-rate",
        "1e30",
        "--clip",
        "1e30",
        "--weight-decay",
        "0",
        "--checkpoint-every",
        "1",
        "--validate-every",
        "1000",
        "--run",
        common::text(&run),
    ]);
    assert!(error.contains("last checkpoint is intact"), "{error}");
    assert!(error.contains("--learning-rate"), "{error}");
    let checkpoints = std::fs::read_dir(run.join("checkpoints")).expect("a folder");
    assert!(checkpoints.count() > 0);
}

#[test]
fn the_dashboard_wants_a_terminal_and_a_program_that_has_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let run = folder.path().join("run");
    let mut arguments: Vec<&str> =
        "train --tui --preset micro --encoders random weights/tiny --device cpu --run"
            .split_whitespace()
            .collect();
    arguments.push(common::text(&run));
    let error = common::fail(&arguments);
    let why = match cfg!(feature = "tui") {
        true => "there is none: omit --tui",
        false => "--features tui",
    };
    assert!(error.contains(why), "{error}");
    assert!(!run.exists());
}

#[test]
fn a_recipe_is_one_word() {
    let folder = tempfile::tempdir().expect("a folder");
    for name in ["s4eca", "detris", "rmsin"] {
        // Epochs have no meaning for endless data, and the program says so.
        let run = folder.path().join(name);
        let error = common::fail(&[
            "train",
            "--recipe",
            name,
            "--encoders",
            "x",
            "--run",
            common::text(&run),
        ]);
        assert!(
            error.contains("give --steps instead of --epochs"),
            "{name}: {error}"
        );
    }
    let error = common::fail(&["train", "--recipe", "none"]);
    assert!(error.contains("detris, rmsin, s4eca"), "{error}");
}

#[test]
fn wrong_data_is_named() {
    for (data, words) in [
        ("coco:/x", "give one of synthetic"),
        ("rrsis-d", "write rrsis-d:PATH"),
        ("rrsis-d:/nowhere", "no folder"),
        ("synthetic:/x", "no path"),
        ("synthetic-moon", "give one of"),
    ] {
        let error = common::fail(&["train", "--data", data, "--run", "/nowhere/run"]);
        assert!(error.contains(words), "{data}: {error}");
    }
    let error = common::fail(&["train", "--mix", "1:2", "--run", "/nowhere/run"]);
    assert!(error.contains("give one for each"), "{error}");
    let error = common::fail(&["train", "--best", "f1", "--steps", "1", "--average", "1.5"]);
    assert!(error.contains("0.999"), "{error}");
}
