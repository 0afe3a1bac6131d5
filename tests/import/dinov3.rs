//! DINOv3 under both of its naming schemes: each value must be in the right place.

use s4eca::model::FeedForward;

use crate::stored::{Case, Stored, check, check_side_by_side};

const HIDDEN: usize = 96;
const WIDTH: usize = 48;

#[test]
fn the_gate_comes_before_the_value() {
    let gated = Case::load("dinov3-gated");
    let (found, _) = gated.import_named(&gated.named()).expect("gate_proj");
    let names = ["gate_proj", "up_proj"].map(|part| format!("layer.1.mlp.{part}"));
    check_side_by_side(&gated, &found, "fc1", &names);
}

#[test]
fn dinov3_from_transformers_has_no_bias_of_the_keys() {
    let case = Case::load("dinov3");
    let (found, report) = case.import_named(&case.named()).expect("DINOv3");
    assert!(!found.contains_key("vision.position"));
    let missing: Vec<_> = (0..3)
        .map(|index| format!("layer.{index}.attention.k_proj.bias"))
        .collect();
    assert_eq!(report.missing, missing);
    let query = case.values("layer.2.attention.q_proj.bias");
    let value = case.values("layer.2.attention.v_proj.bias");
    let name = "vision.blocks.2.attention.qkv.bias";
    check(&found, name, &[3 * WIDTH], |index| match index / WIDTH {
        0 => query[index],
        1 => 0.0,
        _ => value[index - 2 * WIDTH],
    });
    // transformers 5 in memory.
    let longer = case.renamed(|name| {
        Some(match name.strip_prefix("layer.") {
            Some(rest) => format!("model.layer.{rest}"),
            None => name.to_owned(),
        })
    });
    let (again, _) = case.import_named(&longer).expect("transformers 5");
    assert!(again == found);
}

#[test]
fn dinov3_under_its_own_names_masks_the_bias_of_the_keys() {
    let case = dinov3_original();
    let mut named = case.named();
    let mask: Vec<f32> = (0..3 * WIDTH)
        .map(|index| if index / WIDTH == 1 { 0.0 } else { 1.0 })
        .collect();
    for index in 0..3 {
        let name = format!("blocks.{index}.attn.qkv.bias_mask");
        named.insert(name, (vec![3 * WIDTH], mask.clone()));
    }
    let period = |base: f32| [1.0, base.powf(0.25), base.powf(0.5), base.powf(0.75)].to_vec();
    named.insert("rope_embed.periods".to_owned(), (vec![4], period(100.0)));
    let (found, report) = case.import_named(&named).expect("DINOv3");
    assert_eq!(
        report.unused,
        ["local_cls_norm.bias", "local_cls_norm.weight", "mask_token"]
    );
    let stored = case.values("blocks.1.attn.qkv.bias");
    let name = "vision.blocks.1.attention.qkv.bias";
    check(&found, name, &[3 * WIDTH], |index| {
        stored[index] * mask[index]
    });
    let stored = case.values("storage_tokens");
    check(&found, "vision.registers", &[1, 4, WIDTH], |index| {
        stored[index]
    });

    named.insert("rope_embed.periods".to_owned(), (vec![4], period(50.0)));
    let error = case
        .import_named(&named)
        .expect_err("another base")
        .to_string();
    assert!(
        error.contains("rope_embed.periods: not those of the preset's base 100"),
        "{error}"
    );
    named.insert(
        "rope_embed.periods".to_owned(),
        (vec![3], vec![1.0, 4.0, 21.0]),
    );
    let error = case
        .import_named(&named)
        .expect_err("other heads")
        .to_string();
    assert!(
        error.contains("3 periods, the preset's 3 heads of width 16 have 4"),
        "{error}"
    );
}

/// The original DINOv3's names, with the encoder of the fixture dinov3 as the preset.
fn dinov3_original() -> Case {
    let mut case = Case::load("dinov3");
    let config = case.vision().vit().expect("a ViT");
    assert_eq!(config.feed_forward, FeedForward::Gelu);
    let mut tensors = vec![
        Stored::new("cls_token", &[1, 1, WIDTH]),
        Stored::new("storage_tokens", &[1, 4, WIDTH]),
        Stored::new("mask_token", &[1, WIDTH]),
        Stored::new("patch_embed.proj.weight", &[WIDTH, 3, 16, 16]),
        Stored::new("patch_embed.proj.bias", &[WIDTH]),
        Stored::new("norm.weight", &[WIDTH]),
        Stored::new("norm.bias", &[WIDTH]),
        Stored::new("local_cls_norm.weight", &[WIDTH]),
        Stored::new("local_cls_norm.bias", &[WIDTH]),
    ];
    for index in 0..3 {
        for (name, shape) in [
            ("norm1.weight", vec![WIDTH]),
            ("norm1.bias", vec![WIDTH]),
            ("norm2.weight", vec![WIDTH]),
            ("norm2.bias", vec![WIDTH]),
            ("attn.qkv.weight", vec![3 * WIDTH, WIDTH]),
            ("attn.qkv.bias", vec![3 * WIDTH]),
            ("attn.proj.weight", vec![WIDTH, WIDTH]),
            ("attn.proj.bias", vec![WIDTH]),
            ("ls1.gamma", vec![WIDTH]),
            ("ls2.gamma", vec![WIDTH]),
            ("mlp.fc1.weight", vec![HIDDEN, WIDTH]),
            ("mlp.fc1.bias", vec![HIDDEN]),
            ("mlp.fc2.weight", vec![WIDTH, HIDDEN]),
            ("mlp.fc2.bias", vec![WIDTH]),
        ] {
            tensors.push(Stored::new(&format!("blocks.{index}.{name}"), &shape));
        }
    }
    case.tensors = tensors;
    case
}
