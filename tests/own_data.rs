//! A user's own data from the command line: checked, trained on together with another set, measured.

mod common;

use std::fs;

#[test]
fn a_folder_is_checked_trained_on_and_measured() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name);
    let (own, report, run, out) = (path("own"), path("report"), path("run"), path("measured"));
    common::succeed(&[
        "synth",
        "--kind",
        "plots",
        "--count",
        "10",
        "--phrases",
        "2",
        "--side",
        "96",
        "--out",
        common::text(&own),
    ]);
    // Half of the phrases are held out, and one image file is truncated.
    let phrases = own.join("phrases.jsonl");
    let lines = fs::read_to_string(&phrases).expect("phrases");
    let count = lines.lines().count();
    let split: Vec<String> = lines
        .lines()
        .enumerate()
        .map(|(index, line)| {
            let name = if index < count / 2 { "train" } else { "val" };
            line.replacen('{', &format!("{{\"split\":\"{name}\","), 1) + "\n"
        })
        .collect();
    fs::write(&phrases, split.concat()).expect("room");
    let broken = own.join("images/scene-0001.png");
    let bytes = fs::read(&broken).expect("an image");
    fs::write(&broken, &bytes[..bytes.len() / 2]).expect("room");

    let data = format!("folder:{}", own.display());
    let said = common::succeed(&["check", &data, "--out", common::text(&report)]);
    assert!(said.contains("skipped"), "{said}");
    for name in ["report.json", "findings.csv", "histogram.svg"] {
        assert!(report.join(name).is_file(), "{name}");
    }
    let findings = fs::read_to_string(report.join("findings.csv")).expect("findings");
    assert!(findings.contains("scene-0001.png"), "{findings}");

    let train = [
        "train",
        "--preset",
        "micro",
        "--encoders",
        "random",
        "weights/tiny",
        "--device",
        "cpu",
        "--data",
        &data,
        "--data",
        "synthetic-plots",
        "--mix",
        "3:1",
        "--epochs",
        "2",
        "--batch",
        "4",
        "--phrases-per-scene",
        "1",
        "--validation-samples",
        "0",
        "--workers",
        "2",
        "--run",
        common::text(&run),
    ];
    let output = common::s4eca(&train);
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{error}");
    assert_eq!(
        error.matches("skipping line").count(),
        2,
        "each broken record once: {error}"
    );

    let said = common::succeed(&[
        "eval",
        "--run",
        common::text(&run),
        "--checkpoint",
        "best",
        "--data",
        &data,
        "--split",
        "val",
        "--samples",
        "0",
        "--protocol",
        "rmsin",
        "detris",
        "--device",
        "cpu",
        "--out",
        common::text(&out),
    ]);
    assert!(said.contains("rmsin") && said.contains("detris"), "{said}");
    for name in [
        "report.json",
        "report.md",
        "row.tex",
        "scores.jsonl",
        "index.html",
    ] {
        assert!(out.join("folder-rmsin").join(name).is_file(), "{name}");
    }
    let scores = fs::read_to_string(out.join("folder-detris/scores.jsonl")).expect("scores");
    assert_eq!(scores.lines().count(), count - count / 2);
}

#[test]
fn samples_are_streamed_for_other_programs() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, split: &str, threads: &str| {
        let path = folder.path().join(name);
        common::succeed(&[
            "samples",
            "--data",
            "synthetic-plots",
            "--split",
            split,
            "--side",
            "64",
            "--count",
            "4",
            "--phrases-per-scene",
            "2",
            "--labels",
            "--threads",
            threads,
            "--out",
            common::text(&path),
        ]);
        fs::read(path).expect("a stream")
    };
    let stream = write("a", "train", "1");
    assert_eq!(stream, write("b", "train", "3"), "threads change nothing");
    assert_ne!(stream, write("c", "val", "1"));
    // Four records of 64 px with labels, each of the length that it states.
    let (mut at, mut records) = (0, 0);
    while at < stream.len() {
        let word =
            |place: usize| u32::from_le_bytes(stream[place..place + 4].try_into().expect("a word"));
        assert_eq!(word(at), 0x5334_4531);
        assert_eq!(stream[at + 8..at + 11], [64, 0, 1]);
        at += 8 + word(at + 4) as usize;
        records += 1;
    }
    assert_eq!((at, records), (stream.len(), 4));
}

#[test]
fn whoever_reads_samples_may_stop() {
    let endless = [
        "samples",
        "--data",
        "synthetic-plots",
        "--side",
        "64",
        "--threads",
        "2",
    ];
    let mut child = common::command(&endless)
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .expect("the program");
    let mut start = [0; 4096];
    let mut output = child.stdout.take().expect("its output");
    std::io::Read::read_exact(&mut output, &mut start).expect("samples without end");
    drop(output);
    let ended = child.wait_with_output().expect("its end");
    assert!(
        ended.status.success(),
        "{}",
        String::from_utf8_lossy(&ended.stderr)
    );
    assert!(ended.stderr.is_empty());
}

#[test]
fn what_is_held_out_for_good_is_not_trained_on() {
    let folder = tempfile::tempdir().expect("a folder");
    let line = r#"{"image":"a_4","phrase":"the ship","polygons":[],"holes":[],"kind":"absent","class":"ship"}"#;
    fs::write(folder.path().join("phrases.jsonl"), line).expect("room");
    let data = format!("naip-phrases:{}", folder.path().display());
    let said = common::fail(&["samples", "--data", &data, "--count", "1"]);
    assert!(said.contains("for evaluation only"), "{said}");
}
