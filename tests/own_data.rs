//! One's own data from the command line: checked, trained on beside another set, measured.

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
    // Half of the phrases are held out, and one image is not whole.
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
    assert!(said.contains("left out"), "{said}");
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
        error.matches("passing over").count(),
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
