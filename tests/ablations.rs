//! Every row of the ablation table from the command line: ten steps of training, and their results.

mod common;

use std::path::Path;

use s4eca::study::ABLATIONS;

/// Trains `micro` for ten steps with additional arguments.
fn train(run: &Path, more: &[&str]) {
    let mut arguments = vec![
        "train",
        "--preset",
        "micro",
        "--encoders",
        "random",
        "weights/tiny",
        "--device",
        "cpu",
        "--steps",
        "10",
        "--batch",
        "4",
        "--validation-samples",
        "4",
        "--run",
        common::text(run),
    ];
    arguments.extend(more);
    common::succeed(&arguments);
}

#[test]
fn every_row_trains_ten_steps() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut all = Vec::new();
    for row in ABLATIONS {
        let run = folder.path().join(row.name);
        train(&run, &["--ablate", row.name]);
        let losses = common::losses(&run);
        assert_eq!(losses.len(), 10, "{}", row.name);
        assert!(
            losses.iter().all(|loss| loss.is_finite()),
            "{}: {losses:?}",
            row.name
        );
        all.push((row.name, losses));
    }
    // No two rows are the same network.
    for (index, (name, one)) in all.iter().enumerate() {
        for (other, two) in &all[index + 1..] {
            // This preset has no second textual adapter, so there is no chain to omit.
            let same = *name == "s4eca" && *other == "no-proxy-chain";
            assert_eq!(one == two, same, "{name} and {other}");
        }
    }
}

#[test]
fn low_rank_factors_end_up_in_the_bundle() {
    let folder = tempfile::tempdir().expect("a folder");
    let (run, bundle) = (folder.path().join("run"), folder.path().join("bundle"));
    train(
        &run,
        &[
            "--ablate",
            "lora",
            "--learning-rate",
            "0.01",
            "--warmup",
            "1",
        ],
    );
    common::succeed(&[
        "quantize",
        "--run",
        common::text(&run),
        "--out",
        common::text(&bundle),
    ]);
    let mask = folder.path().join("mask.png");
    common::succeed(&[
        "segment",
        "--reading",
        "network",
        "www/samples/street.jpg",
        "--text",
        "the road",
        "--device",
        "cpu",
        "--weights",
        common::text(&bundle),
        "--out",
        common::text(&mask),
    ]);
    assert!(mask.is_file());
}

#[test]
fn every_way_of_tuning_resumes_to_the_same_losses() {
    let folder = tempfile::tempdir().expect("a folder");
    for name in ["s4eca", "detris", "lora", "full", "head-only"] {
        let run = folder.path().join(name);
        train(&run, &["--ablate", name, "--checkpoint-every", "5"]);
        let unbroken = common::losses(&run);
        // As if killed after the checkpoint of step 5.
        let last = run.join("checkpoints/step-00000010.ckpt");
        std::fs::remove_file(&last).expect("the last checkpoint");
        common::succeed(&[
            "train",
            "--resume",
            "--device",
            "cpu",
            "--run",
            common::text(&run),
        ]);
        assert!(last.is_file(), "{name}");
        assert_eq!(common::losses(&run), unbroken, "{name}");
    }
}

#[test]
fn checkpointing_gives_the_same_losses() {
    let folder = tempfile::tempdir().expect("a folder");
    let (plain, saving) = (folder.path().join("plain"), folder.path().join("saving"));
    train(&plain, &[]);
    train(&saving, &["--checkpointing"]);
    assert_eq!(common::losses(&plain), common::losses(&saving));
}

#[test]
fn a_budget_sizes_the_adapters() {
    let said = common::succeed(&["inspect", "base", "--adapter-budget", "1.2%"]);
    let share = said
        .lines()
        .find_map(|line| line.trim().strip_prefix("adapters / backbones: "))
        .and_then(|rest| rest.strip_suffix(" %"))
        .expect("a share");
    let share: f64 = share.parse().expect("a number");
    assert!((1.18..=1.2).contains(&share), "{said}");
}

#[test]
fn the_table_has_every_row_and_the_papers_share() {
    let said = common::succeed(&["inspect", "base", "--ablations"]);
    for row in ABLATIONS {
        assert!(said.contains(&format!("| {} |", row.name)), "{said}");
    }
    assert!(said.contains("| s4eca | S4ECA as it is | "), "{said}");
    let memory = common::succeed(&["inspect", "base", "--train", "--batch", "4"]);
    assert!(memory.contains("peak"), "{memory}");
}

#[test]
fn wrong_names_say_which_there_are() {
    for (arguments, words) in [
        (
            &["inspect", "huge"][..],
            &["huge", "micro, tiny, small, base"][..],
        ),
        (
            &["inspect", "base", "--ablate", "nothing"],
            &["no ablation", "head-only"],
        ),
        (
            &["inspect", "base", "--visual-encoder", "resnet50"],
            &["dinov2-b14-reg"],
        ),
        (&["inspect", "base", "--text-encoder", "gpt"], &["clip-b16"]),
        (
            &["inspect", "base", "--adapter-budget", "95%"],
            &["give between"],
        ),
        (&["inspect", "base", "--adapter-budget", "some"], &["2.4%"]),
        (
            &["inspect", "base", "--side", "450"],
            &["multiples of 56", "504"],
        ),
        (&["import", "--out", "x"], &["give --visual FILE"]),
        (
            &["train", "--preset", "base", "--run", "x"],
            &["s4eca import --preset base"],
        ),
        (&["encode", "--out", "x"], &["give --image FILE"]),
        (
            &["encode", "--out", "x", "--image", "y", "--adapters"],
            &["--text PHRASE"],
        ),
        (
            &[
                "encode",
                "--out",
                "x",
                "--text",
                "a car",
                "--weights",
                "src",
            ],
            &["neither"],
        ),
        (
            &[
                "encode",
                "--out",
                "x",
                "--image",
                "www/samples/street.jpg",
                "--size",
                "100x64",
            ],
            &["multiples of 32"],
        ),
        (
            &["encode", "--out", "x", "--image", "y", "--size", "wide"],
            &["HEIGHTxWIDTH"],
        ),
    ] {
        let error = common::fail(arguments);
        for word in words {
            assert!(error.contains(word), "{arguments:?}: {error}");
        }
    }
}
