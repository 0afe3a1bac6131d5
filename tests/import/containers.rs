//! The same tensors in every container that torch and transformers write (tests/reference/checkpoints.py
//! wrote the files).

use std::path::Path;

use half::{bf16, f16};

use crate::stored::{Case, Named, fixtures};

#[test]
fn every_pytorch_file_gives_the_same_numbers() {
    let case = Case::load("small-original");
    let (wanted, _) = case.import_named(&case.named()).expect("safetensors");
    assert_eq!(wanted.len(), 48);
    for (file, prefix) in [
        ("zip.pth", ""),
        ("legacy.pth", ""),
        ("views.pth", ""),
        ("nested-model.pth", "model."),
        ("nested-teacher.pth", "teacher.backbone."),
        ("nested-state-dict.pth", "state_dict.module."),
        ("harmful.pth", "model."),
        ("harmful-legacy.pth", "model."),
    ] {
        let path = fixtures().join("files").join(file);
        let (found, report) = case.import(&path).expect(file);
        assert!(found == wanted, "{file}: other numbers");
        assert_eq!(report.prefix, prefix, "{file}");
        assert_eq!(report.loaded, 48, "{file}");
        let token = format!("{prefix}mask_token");
        assert!(report.unused.contains(&token), "{file}: {report}");
    }
    // The file that unpickling either of the two harmful files would have created.
    assert!(!Path::new("executed-by-unpickling").exists());
}

#[test]
fn half_precision_is_widened() {
    let case = Case::load("small-original");
    let (wanted, _) = case.import_named(&case.named()).expect("safetensors");
    let rounded = |round: fn(f32) -> f32| -> Named {
        let tensors = wanted.iter().map(|(name, (shape, values))| {
            let values = values.iter().map(|&value| round(value)).collect();
            (name.clone(), (shape.clone(), values))
        });
        tensors.collect()
    };
    let files = fixtures().join("files");
    let (found, _) = case.import(&files.join("float16.pth")).expect("f16");
    assert!(found == rounded(|value| f16::from_f32(value).to_f32()));
    let (found, _) = case.import(&files.join("bfloat16.pth")).expect("bf16");
    assert!(found == rounded(|value| bf16::from_f32(value).to_f32()));
}

#[test]
fn every_hugging_face_folder_gives_the_same_numbers() {
    let case = Case::load("small-hf");
    let (wanted, _) = case.import_named(&case.named()).expect("safetensors");
    assert_eq!(wanted.len(), 48);
    for folder in [
        "hf",
        "hf-sharded",
        "hf-new-names",
        "hf-bin",
        "hf-bin-sharded",
    ] {
        let (found, report) = case
            .import(&fixtures().join("files").join(folder))
            .expect(folder);
        assert!(found == wanted, "{folder}: other numbers");
        assert_eq!(report.unused, ["embeddings.mask_token"], "{folder}");
    }
}

#[test]
fn a_cache_folder_and_a_link_lead_to_the_weights() {
    let case = Case::load("small-hf");
    let cache = tempfile::tempdir().expect("a folder");
    let snapshot = cache.path().join("snapshots/0123abcd");
    let blob = cache.path().join("blobs/4567");
    std::fs::create_dir_all(&snapshot).expect("a folder");
    std::fs::create_dir_all(cache.path().join("blobs")).expect("a folder");
    crate::stored::write(&blob, &case.named());
    #[cfg(unix)]
    std::os::unix::fs::symlink(&blob, snapshot.join("model.safetensors")).expect("a link");
    #[cfg(not(unix))]
    std::fs::copy(&blob, snapshot.join("model.safetensors")).expect("a copy");
    case.import(cache.path()).expect("the only revision");
    case.import(&blob).expect("a file without an extension");

    std::fs::create_dir_all(cache.path().join("snapshots/89ef")).expect("a folder");
    let error = case
        .import(cache.path())
        .expect_err("two revisions")
        .to_string();
    assert!(error.contains("cache with 2 revisions"), "{error}");
}

#[test]
fn of_several_encoders_the_evaluated_one_is_taken() {
    let case = Case::load("small-original");
    let (wanted, _) = case.import_named(&case.named()).expect("safetensors");
    for (taken, left) in [
        ("teacher.backbone.", "student.backbone."),
        ("teacher.backbone.", "model."),
        ("model_ema.", "model."),
        ("model.", "student."),
        ("", "schema.semantic."),
    ] {
        let mut both = case.renamed(|name| Some(format!("{taken}{name}")));
        for (name, (shape, values)) in case.named() {
            let values = values.iter().map(|value| value + 1.0).collect();
            both.insert(format!("{left}{name}"), (shape, values));
        }
        let (found, report) = case.import_named(&both).expect(taken);
        assert_eq!(report.prefix, taken);
        assert!(found == wanted, "{taken} and {left}");
        assert_eq!(report.unused.len(), 1 + case.tensors.len());
    }
}

#[test]
fn the_report_says_what_was_left() {
    let case = Case::load("small-original");
    let path = fixtures().join("files/nested-teacher.pth");
    let (_, report) = case.import(&path).expect("a checkpoint");
    assert_eq!(
        report.unused_groups(),
        [
            "teacher.dino_head.last_layer.weight",
            "teacher.backbone.mask_token"
        ]
    );
    let text = report.to_string();
    assert!(
        text.starts_with(
            "a DINOv2 ViT/14 (width 16, 3 blocks): 48 tensors loaded, from teacher.backbone.*"
        ),
        "{text}"
    );
    let json = serde_json::to_value(&report).expect("JSON");
    assert_eq!(json["loaded"], 48);
    assert_eq!(json["unused"].as_array().map(Vec::len), Some(2));
}
