//! Every row of the ablation table from the command line: ten steps of training, and their results.

mod common;

use std::path::Path;

use burn::tensor::{Bool, Device, Distribution, Tensor};
use s4eca::model::ModelConfig;
use s4eca::network::S4eca;
use s4eca::study::ABLATIONS;

/// Runs a network of `config` once and checks the size of its logits and that they are finite.
fn run(config: &ModelConfig) {
    let device = Device::flex();
    let side = config.input;
    let image = Tensor::random([2, 3, side, side], Distribution::Default, &device);
    let words = Tensor::random([2, 5, config.text.width], Distribution::Default, &device);
    let padding = [[false, false, false, true, true], [false; 5]];
    let padding = Tensor::<2, Bool>::from_data(padding, &device);
    let logits = S4eca::new(config, &device).forward(image, words, padding);
    assert_eq!(logits.dims(), [2, 1, side / 4, side / 4]);
    let values: Vec<f32> = logits.into_data().try_into_vec().expect("floats");
    assert!(values.iter().all(|value| value.is_finite()), "{config:?}");
}

#[test]
fn every_row_runs_on_both_families_of_encoders() {
    for network in [ModelConfig::micro(), common::micro_on(common::micro_vit())] {
        for row in ABLATIONS {
            run(&row.of(&network));
        }
    }
}

#[test]
fn the_other_switches_run_too() {
    for change in [
        |config: &mut ModelConfig| config.adapter.parts.text_feedback = false,
        |config: &mut ModelConfig| config.adapter.parts.proxy_chain = false,
        |config: &mut ModelConfig| config.fusion.detail_width = 0,
    ] {
        let mut config = ModelConfig::micro();
        change(&mut config);
        run(&config);
    }
}

/// Trains `micro` for ten steps with additional options and returns the losses.
fn train(run: &Path, more: &str) -> Vec<f64> {
    let options = "--device cpu --steps 10 --batch 4 --validation-samples 4";
    common::train(run, &format!("{options} {more}"))
}

#[test]
fn every_row_trains_ten_steps() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut all = Vec::new();
    for row in ABLATIONS {
        let run = folder.path().join(row.name);
        let losses = train(&run, &format!("--ablate {}", row.name));
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
    train(&run, "--ablate lora --learning-rate 0.01 --warmup 1");
    common::succeed(&[
        "quantize",
        "--run",
        common::text(&run),
        "--out",
        common::text(&bundle),
    ]);
    let mask = folder.path().join("mask.png");
    let image = Path::new("www/samples/street.jpg");
    let options = common::BY_NETWORK;
    let arguments = common::segment(image, "the road", &mask, &bundle, &options);
    common::succeed(&arguments);
    assert!(mask.is_file());
}

#[test]
fn every_way_of_tuning_resumes_to_the_same_losses() {
    let folder = tempfile::tempdir().expect("a folder");
    for name in ["s4eca", "detris", "lora", "full", "head-only"] {
        let run = folder.path().join(name);
        let unbroken = train(&run, &format!("--ablate {name} --checkpoint-every 5"));
        // The state of a run that was killed after the checkpoint of step 5.
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
    assert_eq!(train(&plain, ""), train(&saving, "--checkpointing"));
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
