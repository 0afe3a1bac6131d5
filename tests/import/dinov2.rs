//! DINOv2 under all its naming schemes: each value must be in the right place.

use crate::stored::{Case, Named, check, check_side_by_side, check_turned};

const HIDDEN: usize = 96;
const WIDTH: usize = 48;

#[test]
fn dinov2_under_its_own_names() {
    let case = Case::load("dinov2-original-reg");
    let (found, report) = case.import_named(&case.named()).expect("DINOv2");
    assert_eq!(found.len(), 7 + 3 * 14);
    assert_eq!(report.unused, ["mask_token"]);

    // The convolution's kernel for one output becomes a column.
    let kernel = case.values("patch_embed.proj.weight");
    check_turned(&found, "vision.patch.weight", [588, WIDTH], &kernel);
    for (name, from, shape) in [
        ("vision.class_token", "cls_token", vec![1, 1, WIDTH]),
        ("vision.registers", "register_tokens", vec![1, 4, WIDTH]),
        ("vision.position", "pos_embed", vec![1, 82, WIDTH]),
        ("vision.patch.bias", "patch_embed.proj.bias", vec![WIDTH]),
        ("vision.norm.gamma", "norm.weight", vec![WIDTH]),
        ("vision.norm.beta", "norm.bias", vec![WIDTH]),
        (
            "vision.blocks.1.norm1.gamma",
            "blocks.1.norm1.weight",
            vec![WIDTH],
        ),
        (
            "vision.blocks.1.norm2.beta",
            "blocks.1.norm2.bias",
            vec![WIDTH],
        ),
        (
            "vision.blocks.1.attention.qkv.bias",
            "blocks.1.attn.qkv.bias",
            vec![3 * WIDTH],
        ),
        (
            "vision.blocks.1.attention.out.bias",
            "blocks.1.attn.proj.bias",
            vec![WIDTH],
        ),
        ("vision.blocks.1.scale1", "blocks.1.ls1.gamma", vec![WIDTH]),
        ("vision.blocks.1.scale2", "blocks.1.ls2.gamma", vec![WIDTH]),
        (
            "vision.blocks.1.fc1.bias",
            "blocks.1.mlp.fc1.bias",
            vec![HIDDEN],
        ),
        (
            "vision.blocks.1.fc2.bias",
            "blocks.1.mlp.fc2.bias",
            vec![WIDTH],
        ),
    ] {
        let stored = case.values(from);
        check(&found, name, &shape, |index| stored[index]);
    }
    for (name, from, shape) in [
        ("attention.qkv", "attn.qkv", [WIDTH, 3 * WIDTH]),
        ("attention.out", "attn.proj", [WIDTH, WIDTH]),
        ("fc1", "mlp.fc1", [WIDTH, HIDDEN]),
        ("fc2", "mlp.fc2", [HIDDEN, WIDTH]),
    ] {
        let stored = case.values(&format!("blocks.2.{from}.weight"));
        let name = format!("vision.blocks.2.{name}.weight");
        check_turned(&found, &name, shape, &stored);
    }
}

#[test]
fn dinov2_from_transformers() {
    let case = Case::load("dinov2-reg");
    let (found, _) = case.import_named(&case.named()).expect("DINOv2");
    let attention =
        ["query", "key", "value"].map(|part| format!("encoder.layer.1.attention.attention.{part}"));
    check_side_by_side(&case, &found, "attention.qkv", &attention);
    for (name, from, shape) in [
        ("attention.out", "attention.output.dense", [WIDTH, WIDTH]),
        ("fc1", "mlp.fc1", [WIDTH, HIDDEN]),
        ("fc2", "mlp.fc2", [HIDDEN, WIDTH]),
    ] {
        let stored = case.values(&format!("encoder.layer.1.{from}.weight"));
        let name = format!("vision.blocks.1.{name}.weight");
        check_turned(&found, &name, shape, &stored);
    }
    let norm = case.values("layernorm.weight");
    check(&found, "vision.norm.gamma", &[WIDTH], |index| norm[index]);
    let scale = case.values("encoder.layer.1.layer_scale2.lambda1");
    check(&found, "vision.blocks.1.scale2", &[WIDTH], |index| {
        scale[index]
    });

    for prefix in ["dinov2_with_registers.", "backbone.", "model.backbone."] {
        let longer = case.renamed(|name| Some(format!("{prefix}{name}")));
        let (again, report) = case.import_named(&longer).expect(prefix);
        assert!(again == found, "{prefix}");
        assert_eq!(report.prefix, prefix);
    }
}

#[test]
fn swiglu_has_its_gate_first_under_every_name() {
    let joint = Case::load("dinov2-swiglu");
    let (found, _) = joint.import_named(&joint.named()).expect("weights_in");
    let stored = joint.values("encoder.layer.1.mlp.weights_in.weight");
    let name = "vision.blocks.1.fc1.weight";
    check_turned(&found, name, [WIDTH, 2 * HIDDEN], &stored);

    let original = Case::load("dinov2-original-swiglu");
    let (found, _) = original.import_named(&original.named()).expect("w12");
    let stored = original.values("blocks.1.mlp.w12.weight");
    check_turned(&found, name, [WIDTH, 2 * HIDDEN], &stored);
    let stored = original.values("blocks.1.mlp.w3.weight");
    check_turned(
        &found,
        "vision.blocks.1.fc2.weight",
        [HIDDEN, WIDTH],
        &stored,
    );
    // timm's names for the same matrices.
    let timm = original.renamed(|name| {
        Some(
            name.replace("mlp.w12", "mlp.fc1")
                .replace("mlp.w3", "mlp.fc2"),
        )
    });
    let (again, _) = original.import_named(&timm).expect("timm");
    assert!(again == found);
    // The gate and the value as separate tensors, as in DINOv3.
    let mut apart = original.named();
    let parts = split(&mut apart, "mlp.w12", 2);
    apart.extend(parts);
    let (again, _) = original.import_named(&apart).expect("w1 and w2");
    assert!(again == found);
}

/// Replaces every tensor whose name contains `stem` by its `count` parts along the outputs, named w1, w2 and so on.
fn split(tensors: &mut Named, stem: &str, count: usize) -> Named {
    let names: Vec<_> = tensors
        .keys()
        .filter(|name| name.contains(stem))
        .cloned()
        .collect();
    let mut parts = Named::new();
    for name in names {
        let Some((mut shape, values)) = tensors.remove(&name) else {
            continue;
        };
        shape[0] /= count;
        for (part, values) in values.chunks(values.len() / count).enumerate() {
            let name = name.replace(stem, &format!("mlp.w{}", part + 1));
            parts.insert(name, (shape.clone(), values.to_vec()));
        }
    }
    parts
}

#[test]
fn blocks_saved_in_chunks_keep_their_order() {
    let case = Case::load("dinov2-original");
    let (wanted, _) = case.import_named(&case.named()).expect("DINOv2");
    let chunked = case.renamed(|name| {
        let name = name
            .replace("blocks.0.", "blocks.0.0.")
            .replace("blocks.1.", "blocks.0.1.");
        Some(name.replace("blocks.2.", "blocks.1.2."))
    });
    let (found, _) = case.import_named(&chunked).expect("chunks");
    assert!(found == wanted);
}

#[test]
fn timm_stores_no_position_of_the_class_token() {
    let case = Case::load("dinov2-original-reg");
    let mut timm = case.renamed(|name| Some(name.replace("register_tokens", "reg_token")));
    let (shape, values) = timm.get_mut("pos_embed").expect("a position embedding");
    shape[1] -= 1;
    values.drain(..WIDTH);
    let patches = values.clone();
    let (found, _) = case.import_named(&timm).expect("timm");
    check(&found, "vision.position", &[1, 82, WIDTH], |index| {
        index.checked_sub(WIDTH).map_or(0.0, |index| patches[index])
    });
}
