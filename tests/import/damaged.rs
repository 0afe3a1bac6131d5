//! Truncated or changed files, and numbers that no encoder accepts: each gives an error, never a panic.

use std::fs;

use s4eca::import::ImportError;

use crate::broken::{error_of, expect};
use crate::stored::{Case, fixtures};

/// A safetensors file with this header, then `data` zeros.
fn safetensors(header: &str, data: usize) -> Vec<u8> {
    let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
    bytes.extend(header.as_bytes());
    bytes.resize(bytes.len() + data, 0);
    bytes
}

#[test]
fn a_damaged_safetensors_file_is_refused() {
    let name = "model.safetensors";
    let whole = fs::read(fixtures().join("files/hf/model.safetensors")).expect("the fixture");
    let cut = &whole[..whole.len() - 100];
    expect(
        name,
        cut,
        &[
            "damaged or cut off (the tensor ",
            "ends at byte",
            "download it again",
        ],
    );
    expect(
        name,
        &whole[..1000],
        &["its header claims", "the whole file has 1000"],
    );
    let mut absurd = whole.clone();
    absurd[4..8].fill(0xff);
    expect(name, &absurd, &["more than the format allows"]);
    expect(
        name,
        &safetensors("{nonsense}", 0),
        &["its header is not JSON"],
    );
    let entry = r#"{"a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 4]}}"#;
    expect(
        name,
        &safetensors(entry, 4),
        &["the tensor a, F32 [2], is stored in the bytes 0 to 4"],
    );
    let entry = r#"{"a": {"dtype": "F32", "shape": [1], "data_offsets": [8, 4]}}"#;
    expect(
        name,
        &safetensors(entry, 8),
        &["the tensor a, F32 [1], is stored in the bytes 8 to 4"],
    );
    let entry =
        r#"{"a": {"dtype": "F32", "shape": [18446744073709551615, 8], "data_offsets": [0, 8]}}"#;
    expect(
        name,
        &safetensors(entry, 8),
        &["is stored in the bytes 0 to 8"],
    );
    let entry = r#"{"a": {"dtype": "F32"}}"#;
    expect(
        name,
        &safetensors(entry, 0),
        &["the header's entry a: missing field"],
    );
    expect(
        name,
        &safetensors("{}", 0),
        &["looks like no known network"],
    );
}

#[test]
fn a_damaged_pytorch_file_is_refused() {
    for file in ["zip.pth", "legacy.pth"] {
        let whole = fs::read(fixtures().join("files").join(file)).expect("the fixture");
        for length in (20..whole.len()).step_by(997) {
            let error = error_of("cut.pth", &whole[..length]);
            let text = error.to_string();
            assert!(
                matches!(error, ImportError::Damaged { .. }),
                "{file} at {length}: {text}"
            );
        }
        // Flips one bit at a time, spread over the file: the result is an error or other values, never a panic.
        for position in (0..whole.len()).step_by(211) {
            let mut bytes = whole.clone();
            bytes[position] ^= 0x10;
            let folder = tempfile::tempdir().expect("a folder");
            let path = folder.path().join("flipped.pth");
            fs::write(&path, bytes).expect("room");
            let _ = Case::load("small-original").import(&path);
        }
    }
}

#[test]
fn numbers_that_are_none_are_refused() {
    let case = Case::load("small-original");
    for bad in [f32::NAN, f32::INFINITY] {
        let mut tensors = case.named();
        let (_, values) = tensors
            .get_mut("blocks.1.mlp.fc2.weight")
            .expect("a weight");
        values[7] = bad;
        let error = case
            .import_named(&tensors)
            .expect_err("not finite")
            .to_string();
        assert!(
            error.contains("the tensor blocks.1.mlp.fc2.weight in"),
            "{error}"
        );
        assert!(error.contains("not finite (NaN or infinity)"), "{error}");
        // In a part that is not read, it does no harm.
        let mut tensors = case.named();
        let (_, values) = tensors.get_mut("mask_token").expect("a token");
        values[0] = bad;
        case.import_named(&tensors).expect("an unused tensor");
    }
}

#[test]
fn integers_are_listed_and_never_taken() {
    let header = r#"{"cls_token": {"dtype": "I64", "shape": [1, 1, 16], "data_offsets": [0, 128]},
        "pos_embed": {"dtype": "F8_E4M3", "shape": [1, 17, 16], "data_offsets": [128, 400]},
        "patch_embed.proj.weight": {"dtype": "F32", "shape": [0], "data_offsets": [400, 400]}}"#;
    let error = error_of("model.safetensors", &safetensors(header, 400));
    let ImportError::Mismatch { problems, .. } = &error else {
        panic!("{error}");
    };
    let has = |problem: &str| assert!(problems.contains(&problem.to_owned()), "{problems:?}");
    has("cls_token: numbers of type I64, expected floats");
    has("pos_embed: numbers of type F8_E4M3, expected floats");
}
