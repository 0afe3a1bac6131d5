//! BERT and CLIP's text tower under all their naming schemes: each value must be in the right place.

use crate::stored::{Case, Named, check, check_turned};

const WIDTH: usize = 48;

#[test]
fn bert_and_the_models_built_on_it() {
    let case = Case::load("bert");
    let (found, report) = case.import_named(&case.named()).expect("BERT");
    assert_eq!(report.unused_groups(), ["pooler.* (2)"]);
    let words = case.values("embeddings.word_embeddings.weight");
    check(&found, "words", &[600, WIDTH], |index| words[index]);
    let position = case.values("embeddings.position_embeddings.weight");
    let kind = case.values("embeddings.token_type_embeddings.weight");
    check(&found, "text.position", &[24, WIDTH], |index| {
        position[index] + kind[index % WIDTH]
    });
    let stacked = |part: &str| {
        ["query", "key", "value"]
            .map(|name| case.values(&format!("encoder.layer.2.attention.self.{name}.{part}")))
            .concat()
    };
    let name = "text.blocks.2.attention.qkv";
    let weight = stacked("weight");
    check_turned(
        &found,
        &format!("{name}.weight"),
        [WIDTH, 3 * WIDTH],
        &weight,
    );
    let bias = stacked("bias");
    check(&found, &format!("{name}.bias"), &[3 * WIDTH], |index| {
        bias[index]
    });
    for (name, from) in [
        ("text.norm.gamma", "embeddings.LayerNorm.weight"),
        (
            "text.blocks.0.norm1.beta",
            "encoder.layer.0.attention.output.LayerNorm.bias",
        ),
        (
            "text.blocks.0.norm2.gamma",
            "encoder.layer.0.output.LayerNorm.weight",
        ),
        (
            "text.blocks.0.attention.out.bias",
            "encoder.layer.0.attention.output.dense.bias",
        ),
        (
            "text.blocks.0.fc2.bias",
            "encoder.layer.0.output.dense.bias",
        ),
    ] {
        let stored = case.values(from);
        check(&found, name, &[WIDTH], |index| stored[index]);
    }
    let stored = case.values("encoder.layer.0.intermediate.dense.weight");
    check_turned(&found, "text.blocks.0.fc1.weight", [WIDTH, 96], &stored);

    for prefix in ["bert.", "0.auto_model.", "module.bert."] {
        let longer = case.renamed(|name| Some(format!("{prefix}{name}")));
        let (again, _) = case.import_named(&longer).expect(prefix);
        assert!(again == found, "{prefix}");
    }
    // In the form of the first checkpoints that were converted from TensorFlow.
    let old = case.renamed(|name| {
        let name = name.replace("LayerNorm.weight", "LayerNorm.gamma");
        Some(name.replace("LayerNorm.bias", "LayerNorm.beta"))
    });
    let (again, _) = case.import_named(&old).expect("gamma and beta");
    assert!(again == found);
}

#[test]
fn clip_from_transformers() {
    let case = Case::load("clip");
    let (found, _) = case.import_named(&case.named()).expect("CLIP");
    check_clip(&case, &found);
    for prefix in ["clip.", "model."] {
        let longer = case.renamed(|name| Some(format!("{prefix}{name}")));
        let (again, report) = case.import_named(&longer).expect(prefix);
        assert!(again == found, "{prefix}");
        assert_eq!(report.prefix, prefix);
    }
    let shorter = case.renamed(|name| Some(name.replace("text_model.", "")));
    let (again, _) = case.import_named(&shorter).expect("no text_model");
    assert!(again == found);
    // The picture's tower of a whole CLIP is left.
    let mut whole = case.named();
    for name in [
        "vision_model.embeddings.class_embedding",
        "vision_model.post_layernorm.bias",
    ] {
        whole.insert(name.to_owned(), (vec![WIDTH], vec![0.5; WIDTH]));
    }
    let (again, report) = case.import_named(&whole).expect("a whole CLIP");
    assert!(again == found);
    assert_eq!(report.unused_groups(), ["vision_model.* (2)"]);
}

#[test]
fn clip_under_its_own_names() {
    let case = Case::load("clip");
    let (wanted, _) = case.import_named(&case.named()).expect("CLIP");
    let original = original_names(&case);
    let (found, _) = case.import_named(&original).expect("OpenAI's names");
    assert!(found == wanted);
    check_clip(&case, &found);
    let longer = original
        .into_iter()
        .map(|(name, tensor)| (format!("text.{name}"), tensor));
    let (again, _) = case
        .import_named(&longer.collect())
        .expect("open_clip's names");
    assert!(again == wanted);
}

#[test]
fn clip_without_its_projection_says_where_it_is() {
    let case = Case::load("clip");
    for prefix in ["text_model.", ""] {
        let tower = case.renamed(|name| {
            let name = name.strip_prefix("text_model.")?;
            Some(format!("{prefix}{name}"))
        });
        let error = case
            .import_named(&tower)
            .expect_err("no projection")
            .to_string();
        assert!(error.contains("has no text_projection.weight"), "{error}");
        assert!(
            error.contains("take the file of the whole CLIPModel"),
            "{error}"
        );
    }
}

fn check_clip(case: &Case, found: &Named) {
    assert_eq!(found.len(), 2 + 2 + 1 + 3 * 12);
    let tower = |name: &str| case.values(&format!("text_model.{name}"));
    let words = tower("embeddings.token_embedding.weight");
    check(found, "words", &[600, WIDTH], |index| words[index]);
    let position = tower("embeddings.position_embedding.weight");
    check(found, "text.position", &[32, WIDTH], |index| {
        position[index]
    });
    let projection = case.values("text_projection.weight");
    check_turned(found, "text.projection.weight", [WIDTH, WIDTH], &projection);
    let norm = tower("final_layer_norm.bias");
    check(found, "text.norm.beta", &[WIDTH], |index| norm[index]);
    let norm = tower("encoder.layers.1.layer_norm2.weight");
    check(found, "text.blocks.1.norm2.gamma", &[WIDTH], |index| {
        norm[index]
    });
    let weights = ["q_proj", "k_proj", "v_proj"]
        .map(|part| tower(&format!("encoder.layers.1.self_attn.{part}.weight")))
        .concat();
    let name = "text.blocks.1.attention.qkv.weight";
    check_turned(found, name, [WIDTH, 3 * WIDTH], &weights);
    let weight = tower("encoder.layers.1.mlp.fc2.weight");
    check_turned(found, "text.blocks.1.fc2.weight", [96, WIDTH], &weight);
}

/// The same tower in the form in which OpenAI stores it.
fn original_names(case: &Case) -> Named {
    let mut named = case.renamed(|name| {
        let name = name.strip_prefix("text_model.")?;
        if name.contains("_proj.") && !name.contains("out_proj.") {
            return None;
        }
        let mut name = name.to_owned();
        for (theirs, ours) in [
            ("embeddings.token_embedding", "token_embedding"),
            (
                "embeddings.position_embedding.weight",
                "positional_embedding",
            ),
            ("encoder.layers", "transformer.resblocks"),
            ("self_attn", "attn"),
            ("mlp.fc1", "mlp.c_fc"),
            ("mlp.fc2", "mlp.c_proj"),
            ("final_layer_norm", "ln_final"),
            ("layer_norm", "ln_"),
        ] {
            name = name.replace(theirs, ours);
        }
        Some(name)
    });
    for index in 0..3 {
        for (part, shape) in [
            ("weight", vec![3 * WIDTH, WIDTH]),
            ("bias", vec![3 * WIDTH]),
        ] {
            let values = ["q_proj", "k_proj", "v_proj"].map(|name| {
                let layer = format!("text_model.encoder.layers.{index}.self_attn");
                case.values(&format!("{layer}.{name}.{part}"))
            });
            let name = format!("transformer.resblocks.{index}.attn.in_proj_{part}");
            named.insert(name, (shape, values.concat()));
        }
    }
    // A parameter that is multiplied from the left: inputs first.
    let projection = case.values("text_projection.weight");
    let turned = (0..WIDTH * WIDTH).map(|index| projection[index % WIDTH * WIDTH + index / WIDTH]);
    let tensor = (vec![WIDTH, WIDTH], turned.collect());
    named.insert("text_projection".to_owned(), tensor);
    named
}
