//! Several devices that train together give the same result as one.

mod common;

use std::path::Path;

/// Trains `micro` for a few steps and returns the losses.
fn train(folder: &Path, name: &str, more: &str) -> Vec<f64> {
    let options = "--steps 5 --batch 4 --phrases-per-scene 1 --warmup 1 --checkpoint-every 5 \
                   --validation-samples 4 --validate-every 5";
    common::train(&folder.join(name), &format!("{options} {more}"))
}

fn near(expected: &[f64], found: &[f64], tolerance: f64) {
    assert_eq!(expected.len(), found.len());
    for (expected, found) in expected.iter().zip(found) {
        let apart = (found / expected - 1.0).abs();
        println!("{expected} {found}, {apart:.1e} apart");
        assert!(apart < tolerance, "{expected} {found}");
    }
}

#[test]
fn a_device_named_twice_is_two_lanes_on_it() {
    let folder = tempfile::tempdir().expect("a folder");
    for more in ["", "--accumulate 2 --average 0.9 --checkpointing"] {
        let name = more.len();
        let lanes = format!("--device cpu --lanes 2 {more}");
        let lanes = train(folder.path(), &format!("lanes-{name}"), &lanes);
        let devices = format!("--device cpu,cpu {more}");
        let devices = train(folder.path(), &format!("devices-{name}"), &devices);
        assert_eq!(lanes, devices, "{more}");
        let one = format!("--device cpu --lanes 1 {more}");
        near(
            &train(folder.path(), &format!("one-{name}"), &one),
            &lanes,
            1e-5,
        );
    }
}

#[test]
fn the_cpu_and_a_gpu_together_give_what_the_cpu_gives() {
    if common::vulkan("training on two devices").is_none() {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    // Every device draws different random weights; those of the first one are used.
    for (first, second) in [("cpu", "vulkan"), ("vulkan", "cpu")] {
        let one = format!("--device {first} --lanes 1");
        let one = train(folder.path(), first, &one);
        let both = format!("--device {first},{second} --checkpointing");
        let both = train(folder.path(), &format!("{first}-both"), &both);
        near(&one, &both, 1e-5);
    }
}

#[test]
fn more_devices_than_parts_are_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let run = folder.path().join("run");
    let run = common::text(&run);
    let fail = |device: &str, lanes: &str| {
        common::fail(&[
            "train",
            "--preset",
            "micro",
            "--encoders",
            "random",
            "weights/tiny",
            "--device",
            device,
            "--lanes",
            lanes,
            "--run",
            run,
        ])
    };
    let error = fail("cpu,cpu,cpu", "2");
    assert!(error.contains("--lanes 3"), "{error}");
    let error = fail("cpu:0", "1");
    assert!(error.contains("only cuda and vulkan"), "{error}");
}
