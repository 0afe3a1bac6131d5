//! Good checkpoints of the wrong encoder: the error says what the file is and what would fit.

use std::fs;

use s4eca::import::ImportError;

use crate::stored::{Case, Named, Stored, write};

/// The error's text, which must have all the parts.
fn expect(error: &ImportError, parts: &[&str]) {
    let text = error.to_string();
    for part in parts {
        assert!(text.contains(part), "{part:?} is not in: {text}");
    }
}

/// Tensors of the given names and shapes.
fn named(tensors: &[(&str, &[usize])]) -> Named {
    let tensors = tensors.iter().map(|(name, shape)| {
        let stored = Stored::new(name, shape);
        (stored.name.clone(), (stored.shape.clone(), stored.values()))
    });
    tensors.collect()
}

#[test]
fn another_family_is_named() {
    let dinov2 = Case::load("dinov2-original");
    let bert = Case::load("bert");
    for (found, tensors) in [
        (
            "a CLIP with a text and a visual tower",
            named(&[
                ("token_embedding.weight", &[9, 8]),
                ("ln_final.weight", &[8]),
                ("visual.class_embedding", &[8]),
            ]),
        ),
        (
            "a CLIP visual tower",
            named(&[("vision_model.embeddings.class_embedding", &[8])]),
        ),
        (
            "a ResNet",
            named(&[("layer1.0.conv1.weight", &[8, 3, 3, 3]), ("fc.bias", &[8])]),
        ),
        (
            "a Segment Anything (SAM)",
            named(&[
                ("image_encoder.pos_embed", &[1, 4, 4, 8]),
                ("image_encoder.patch_embed.proj.weight", &[8, 3, 2, 2]),
                ("mask_decoder.mask_tokens.weight", &[4, 8]),
            ]),
        ),
        (
            "a Swin transformer",
            named(&[(
                "layers.0.blocks.0.attn.relative_position_bias_table",
                &[9, 3],
            )]),
        ),
        (
            "no known network (its first tensors are a.b, c)",
            named(&[("a.b", &[1]), ("c", &[2, 2])]),
        ),
        ("a BERT", bert.named()),
        ("a DINOv3", Case::load("dinov3").named()),
    ] {
        let error = dinov2.import_named(&tensors).expect_err(found);
        let wanted = "expected: a DINOv2 ViT/14 (width 48, 3 blocks)";
        expect(&error, &[&format!("looks like {found};"), wanted]);
    }
    let error = bert.import_named(&dinov2.named()).expect_err("a DINOv2");
    expect(
        &error,
        &[
            "looks like a DINOv2;",
            "expected: a BERT (width 48, 3 blocks, 600 words)",
        ],
    );
    let error = Case::load("dinov3")
        .import_named(&dinov2.named())
        .expect_err("a DINOv2");
    expect(
        &error,
        &[
            "looks like a DINOv2;",
            "expected: a DINOv3 ViT/16 with 4 registers",
        ],
    );
}

#[test]
fn a_siglip_is_no_clip() {
    let case = Case::load("clip");
    let mut tensors = case.named();
    let head = "text_model.head.weight".to_owned();
    tensors.insert(head, (vec![2], vec![0.0; 2]));
    let error = case.import_named(&tensors).expect_err("SigLIP");
    expect(&error, &["looks like a SigLIP;"]);
}

#[test]
fn all_misfits_come_in_one_error() {
    // A ViT-S for a preset with a ViT-B, cut to a few blocks to be quick.
    let mut case = Case::load("dinov2-b14-reg4");
    let config = case.vit();
    config.registers = 0;
    let small = Case::load("dinov2-original-reg");
    let error = case.import_named(&small.named()).expect_err("too small");
    expect(
        &error,
        &[
            "is a DINOv2 ViT/14 with 4 registers (width 48, 3 blocks); the preset expects a DINOv2 \
             ViT-B/14 (width 768, 12 blocks): choose the encoder with --preset, --visual-encoder or \
             --text-encoder. ",
            " problems:",
            "3 blocks, the preset has 12",
            "4 register tokens, the preset has 0",
            "patch_embed.proj.weight: [48, 3, 14, 14], expected [768, 3, 14, 14]",
            "\n  and ",
        ],
    );
    let ImportError::Mismatch { problems, .. } = &error else {
        panic!("{error}");
    };
    assert!(problems.contains(&"blocks.11.norm1.weight: missing".to_owned()));
    assert!(problems.contains(&"cls_token: [1, 1, 48], expected [1, 1, 768]".to_owned()));
    assert_eq!(error.to_string().lines().count(), 1 + 8 + 1);
}

#[test]
fn what_shapes_do_not_show_is_refused() {
    // A gate that would be left out in silence.
    let gated = Case::load("dinov3-gated");
    let plain = Case::load("dinov3");
    let error = plain.import_named(&gated.named()).expect_err("a gate");
    expect(&error, &["it has a SwiGLU, the preset does not"]);
    let error = gated.import_named(&plain.named()).expect_err("no gate");
    expect(&error, &["it does not have a SwiGLU, the preset does"]);

    let mut fewer = Case::load("dinov2");
    fewer.vit().depth = 2;
    let error = fewer
        .import_named(&fewer.named())
        .expect_err("a block too many");
    expect(&error, &["1 problem:", "3 blocks, the preset has 2"]);

    let mut bare = Case::load("dinov2");
    bare.vit().layer_scale = false;
    let error = bare.import_named(&bare.named()).expect_err("LayerScale");
    expect(&error, &["it has LayerScale, the preset does not"]);
}

#[test]
fn a_hole_is_named() {
    let case = Case::load("dinov2");
    let hole = "encoder.layer.1.attention.attention.value.bias";
    let tensors = case.renamed(|name| (name != hole).then(|| name.to_owned()));
    let error = case.import_named(&tensors).expect_err("a hole");
    expect(
        &error,
        &[
            "as the preset expects, but does not match it. 1 problem:",
            hole,
            ": missing",
        ],
    );
}

#[test]
fn config_json_tells_what_tensors_do_not() {
    let vision = Case::load("dinov2");
    let clip = Case::load("clip");
    for (case, config, expected) in [
        (
            &vision,
            r#"{"num_attention_heads": 6}"#,
            "config.json: num_attention_heads is 6, the preset has 3",
        ),
        (
            &clip,
            r#"{"text_config": {"hidden_act": "gelu"}}"#,
            r#"config.json: hidden_act is "gelu", the preset has "quick_gelu""#,
        ),
    ] {
        let folder = tempfile::tempdir().expect("a folder");
        let weights = folder.path().join("model.safetensors");
        write(&weights, &case.named());
        let path = folder.path().join("config.json");
        fs::write(&path, config).expect("room");
        for path in [folder.path(), &weights] {
            expect(&case.import(path).expect_err(config), &[expected]);
        }
        // A config.json without settings, and one that is not JSON, are no obstacle.
        for harmless in ["{}", "none"] {
            fs::write(&path, harmless).expect("room");
            case.import(folder.path()).expect(harmless);
        }
    }
}
