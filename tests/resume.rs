//! A training that is killed and resumed gives the same losses as an uninterrupted one.

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

    // Without --resume nothing in the run may be overwritten.
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
fn killed_ten_times_at_random_it_still_ends_the_same() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = |name: &str| folder.path().join(name).display().to_string();
    // The run uses everything that has its own state: the average, the best validation, accumulated gradients.
    let more = "--checkpoint-every 2 --validate-every 3 --average 0.9 --accumulate 2 --workers 3 \
                --steps 30";
    let with = |run: &str| {
        let mut all = arguments(&path(run));
        all.extend(more.split_whitespace().map(str::to_owned));
        all
    };
    let whole = with("whole");
    succeed(&whole.iter().map(String::as_str).collect::<Vec<_>>());
    let broken = with("broken");
    let mut broken: Vec<&str> = broken.iter().map(String::as_str).collect();
    let mut seed = 0x2545_F491_4F6C_DD1D_u64;
    for _ in 0..10 {
        let mut child = command(&broken).spawn().expect("the program starts");
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        std::thread::sleep(Duration::from_millis(100 + seed % 700));
        let _ = child.kill(); // SIGKILL; it may already have ended
        child.wait().expect("an ended child");
        if folder.path().join("broken/config.json").is_file() && broken.last() != Some(&"--resume")
        {
            broken.push("--resume");
        }
    }
    if broken.last() != Some(&"--resume") {
        broken.push("--resume");
    }
    succeed(&broken);
    let (expected, found) = (path("whole"), path("broken"));
    assert_eq!(losses(Path::new(&found)), losses(Path::new(&expected)));
    // Both checkpoints hold the same weights, including the averaged ones.
    for checkpoint in ["last", "best"] {
        let shard = |run: &str| {
            let out = format!("{run}-{checkpoint}");
            succeed(&[
                "quantize",
                "--run",
                run,
                "--checkpoint",
                checkpoint,
                "--out",
                &out,
            ]);
            fs::read(Path::new(&out).join("weights-01.bpk")).expect("a shard")
        };
        assert!(shard(&expected) == shard(&found), "{checkpoint}");
    }
}

#[test]
fn other_data_is_refused_unless_forced() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let run = folder.path().join("run");
    let all = arguments(&run.display().to_string());
    let mut all: Vec<&str> = all.iter().map(String::as_str).collect();
    succeed(&all);
    let config = run.join("config.json");
    let json = fs::read_to_string(&config).expect("the config");
    let changed = json.replace("generator of ", "generator before ");
    assert_ne!(json, changed);
    fs::write(&config, changed).expect("room");
    all.push("--resume");
    let message = fail(&all);
    assert!(message.contains("has changed since the start"), "{message}");
    assert!(message.contains("--force"), "{message}");
    all.push("--force");
    succeed(&all);
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
