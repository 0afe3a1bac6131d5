//! A training that is killed and resumed gives the same losses as one that was not.

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use common::{command, fail, succeed};

const STEPS: u64 = 12;

fn arguments(run: &str) -> Vec<String> {
    let fixed = "train --preset micro --encoders random weights/tiny --batch 2 --device cpu \
                 --checkpoint-every 3 --validate-every 6 --validation-samples 4 --warmup 2";
    let mut all: Vec<String> = fixed.split_whitespace().map(str::to_owned).collect();
    all.extend([
        "--steps".to_owned(),
        STEPS.to_string(),
        "--run".to_owned(),
        run.to_owned(),
    ]);
    all
}

fn losses(run: &Path) -> BTreeMap<u64, f64> {
    let Ok(text) = fs::read_to_string(run.join("metrics.jsonl")) else {
        return BTreeMap::new();
    };
    text.lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .filter_map(|line| Some((line.get("step")?.as_u64()?, line.get("loss")?.as_f64()?)))
        .collect()
}

#[test]
fn killed_and_resumed_is_the_same_as_unbroken() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = |name: &str| folder.path().join(name).display().to_string();
    let unbroken = arguments(&path("unbroken"));
    succeed(&unbroken.iter().map(String::as_str).collect::<Vec<_>>());
    let expected = losses(&folder.path().join("unbroken"));
    assert_eq!(expected.len() as u64, STEPS);

    let broken = arguments(&path("broken"));
    let broken: Vec<&str> = broken.iter().map(String::as_str).collect();
    let mut child = command(&broken).spawn().expect("the program starts");
    let began = Instant::now();
    // Somewhere after the first checkpoint and before the end.
    while losses(&folder.path().join("broken")).len() < 4 {
        assert!(
            began.elapsed() < Duration::from_secs(300),
            "the training does not get going"
        );
        std::thread::sleep(Duration::from_millis(20));
    }
    child.kill().expect("a running child"); // SIGKILL
    child.wait().expect("a killed child");

    // Without --resume nothing of it may be overwritten.
    assert!(fail(&broken).contains("--resume"));
    let mut resumed = broken.clone();
    resumed.push("--resume");
    assert!(succeed(&resumed).contains("resuming after step"));
    assert_eq!(losses(&folder.path().join("broken")), expected);

    for made in ["config.json", "curves.svg", "command.txt"] {
        assert!(folder.path().join("broken").join(made).is_file(), "{made}");
    }
}

#[test]
fn a_second_run_into_the_same_folder_is_refused_while_the_first_goes_on() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let run = folder.path().join("run").display().to_string();
    let arguments = arguments(&run);
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let mut child = command(&arguments).spawn().expect("the program starts");
    let began = Instant::now();
    while losses(Path::new(&run)).is_empty() {
        assert!(
            began.elapsed() < Duration::from_secs(300),
            "the training does not get going"
        );
        std::thread::sleep(Duration::from_millis(20));
    }
    let mut second = arguments.clone();
    second.push("--resume");
    let message = fail(&second);
    child.kill().expect("a running child");
    child.wait().expect("a killed child");
    assert!(message.contains("another training"), "{message}");
}
