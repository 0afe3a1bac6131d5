use serde_json::json;

use super::*;

fn start(path: &Path) -> RunFolder {
    let command = ["s4eca", "train", "--out", "a b", "it's"].map(str::to_owned);
    RunFolder::create(path, &json!({"steps": 10}), &command, 2).expect("a fresh run")
}

fn save(run: &RunFolder, step: u64) {
    run.write_checkpoint(step, |file| file.write_all(&step.to_le_bytes()))
        .expect("a checkpoint");
}

fn steps(run: &RunFolder) -> Vec<u64> {
    run.checkpoints()
        .expect("a list")
        .iter()
        .map(|(step, _)| *step)
        .collect()
}

fn metrics(run: &RunFolder) -> String {
    fs::read_to_string(run.metrics_path()).expect("the metrics")
}

#[test]
fn a_run_is_started_once_and_then_resumed() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("runs").join("first");
    let resumed = RunFolder::resume(&path, &[], 2);
    assert!(matches!(resumed, Err(RunError::NothingToResume { .. })));
    drop(start(&path));

    let again = RunFolder::create(&path, &json!({}), &[], 2).expect_err("a run is there");
    assert!(matches!(again, RunError::Taken { .. }));
    assert!(again.to_string().contains("--resume"), "{again}");

    let run =
        RunFolder::resume(&path, &["s4eca".to_owned(), "--resume".to_owned()], 2).expect("resumed");
    assert_eq!(
        run.config::<serde_json::Value>().expect("the first one"),
        json!({"steps": 10})
    );
    let commands = fs::read_to_string(path.join(COMMAND)).expect("the commands");
    assert_eq!(
        commands,
        "s4eca train --out 'a b' 'it'\\''s'\ns4eca --resume\n"
    );
}

#[test]
fn a_second_run_into_the_same_folder_is_refused_while_the_first_lives() {
    let folder = tempfile::tempdir().expect("a folder");
    let run = start(folder.path());
    let second = RunFolder::create(folder.path(), &json!({}), &[], 2).expect_err("in use");
    assert!(matches!(second, RunError::Busy { .. }), "{second}");
    let second = RunFolder::resume(folder.path(), &[], 2).expect_err("in use");
    assert!(second.to_string().contains("another training"), "{second}");
    drop(run);
    RunFolder::resume(folder.path(), &[], 2).expect("free again");
}

#[test]
fn the_last_checkpoints_are_kept() {
    let folder = tempfile::tempdir().expect("a folder");
    let run = start(folder.path());
    assert_eq!(run.latest_checkpoint().expect("a list"), None);
    for step in [5, 100, 20] {
        save(&run, step);
    }
    assert_eq!(steps(&run), [5, 20, 100], "only older ones make room");
    for step in [200, 300] {
        save(&run, step);
    }
    assert_eq!(steps(&run), [200, 300]);
    let latest = run.latest_checkpoint().expect("a list").expect("one");
    assert_eq!(fs::read(latest).expect("whole"), 300u64.to_le_bytes());
    fs::write(folder.path().join("checkpoints/notes.txt"), "mine").expect("a stray file");
    assert_eq!(steps(&run), [200, 300]);
}

#[test]
fn a_full_disk_keeps_the_old_checkpoints() {
    let folder = tempfile::tempdir().expect("a folder");
    let run = start(folder.path());
    save(&run, 1);
    save(&run, 2);
    let full = |file: &mut BufWriter<File>| {
        file.write_all(&[1; 50_000])?;
        Err(io::Error::from_raw_os_error(28)) // ENOSPC
    };
    for step in [2, 3] {
        let error = run
            .write_checkpoint(step, full)
            .expect_err("the disk is full");
        assert!(
            matches!(error, RunError::File(FileError::DiskFull { .. })),
            "{error}"
        );
    }
    assert_eq!(steps(&run), [1, 2]);
    let latest = run.latest_checkpoint().expect("a list").expect("one");
    assert_eq!(fs::read(latest).expect("whole"), 2u64.to_le_bytes());
    assert_eq!(
        files(&folder.path().join(CHECKPOINTS))
            .expect("a list")
            .count(),
        2,
        "no part is left"
    );
}

#[test]
fn what_a_killed_process_left_is_cleared_away() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut run = start(folder.path());
    save(&run, 4);
    for step in 1..=6 {
        run.append_metrics(step, &json!({"loss": 0.5}))
            .expect("a line");
    }
    drop(run);
    let part = folder
        .path()
        .join("checkpoints/step-00000006.ckpt.17.partial");
    fs::write(&part, "half").expect("a part");
    let mut text = OpenOptions::new()
        .append(true)
        .open(folder.path().join(METRICS))
        .expect("metrics");
    text.write_all(b"{\"step\":7,\"lo").expect("half a line");

    let mut run = RunFolder::resume(folder.path(), &[], 2).expect("resumed");
    assert!(!part.exists());
    assert_eq!(steps(&run), [4]);
    run.rewind_metrics(4).expect("rewound");
    run.append_metrics(5, &json!({"loss": 0.25}))
        .expect("a line");
    let lines = metrics(&run);
    let found: Vec<serde_json::Value> = lines
        .lines()
        .map(|line| serde_json::from_str(line).expect("whole lines"))
        .collect();
    let found: Vec<_> = found.iter().map(|record| record["step"].as_u64()).collect();
    assert_eq!(found, [Some(1), Some(2), Some(3), Some(4), Some(5)]);
}

#[test]
fn rewinding_to_the_end_repairs_only_a_broken_line() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut run = start(folder.path());
    run.rewind_metrics(0).expect("nothing there yet");
    run.append_metrics(1, &json!({})).expect("a line");
    run.metrics
        .write_all(b"{\"note\":\"no step\"}\n")
        .expect("a line");
    run.metrics
        .write_all(b"{\"step\":1}")
        .expect("a line without its end");
    run.rewind_metrics(9).expect("repaired");
    assert_eq!(metrics(&run), "{\"step\":1}\n{\"note\":\"no step\"}\n");
}

#[test]
fn a_file_where_the_folder_should_be_is_an_error() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("taken");
    fs::write(&path, "a file").expect("a file");
    assert!(matches!(
        RunFolder::create(&path, &json!({}), &[], 1),
        Err(RunError::File(_))
    ));
}
