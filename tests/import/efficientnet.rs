//! EfficientNet-Lite: every batch norm folded into the convolution before it.

use s4eca::import::ImportError;

use crate::stored::{Case, Named};

const EPSILON: f64 = 1e-3;

fn case() -> (Case, Named) {
    let case = Case::load("efficientnet");
    let named = case.named();
    (case, named)
}

/// The factor by which the norm multiplies output `index`.
fn factor(named: &Named, norm: &str, index: usize) -> f64 {
    let of = |part: &str| f64::from(named[&format!("{norm}.{part}")].1[index]);
    of("weight") / (of("running_var") + EPSILON).sqrt()
}

#[test]
fn norms_are_folded_and_outputs_come_last() {
    let (case, named) = case();
    let (found, report) = case.import_named(&named).expect("an EfficientNet");
    assert!(
        report.unused.is_empty() && report.missing.is_empty(),
        "{report}"
    );
    // Target, convolution, norm; whether the outputs stay first.
    for (target, convolution, norm, first) in [
        ("stem", "_conv_stem", "_bn0", true),
        (
            "blocks.0.depthwise",
            "_blocks.0._depthwise_conv",
            "_blocks.0._bn1",
            false,
        ),
        (
            "blocks.3.expand",
            "_blocks.3._expand_conv",
            "_blocks.3._bn0",
            false,
        ),
        (
            "blocks.3.depthwise",
            "_blocks.3._depthwise_conv",
            "_blocks.3._bn1",
            false,
        ),
        (
            "blocks.3.project",
            "_blocks.3._project_conv",
            "_blocks.3._bn2",
            false,
        ),
    ] {
        let (shape, stored) = &named[&format!("{convolution}.weight")];
        let outputs = shape[0];
        let each = stored.len() / outputs;
        let (_, weight) = &found[&format!("vision.{target}.weight")];
        assert_eq!(weight.len(), stored.len(), "{target}");
        for (index, value) in weight.iter().enumerate() {
            let (output, input) = match first {
                true => (index / each, index % each),
                false => (index % outputs, index / outputs),
            };
            let wanted = f64::from(stored[output * each + input]) * factor(&named, norm, output);
            assert_eq!(*value, wanted as f32, "{target} {index}");
        }
        let (shape, bias) = &found[&format!("vision.{target}.bias")];
        assert_eq!(shape, &[outputs]);
        for (index, value) in bias.iter().enumerate() {
            let of = |part: &str| f64::from(named[&format!("{norm}.{part}")].1[index]);
            let wanted = of("bias") - of("running_mean") * factor(&named, norm, index);
            assert_eq!(*value, wanted as f32, "{target} {index}");
        }
    }
    assert_eq!(found["vision.stem.weight"].0, [32, 3, 3, 3]);
    assert_eq!(found["vision.blocks.3.depthwise.weight"].0, [5, 5, 24]);
    assert_eq!(found["vision.blocks.3.expand.weight"].0, [8, 24]);
    assert!(!found.contains_key("vision.blocks.0.expand.weight"));
}

#[test]
fn another_network_is_refused() {
    let (case, named) = case();
    let mut squeezing = named.clone();
    let squeeze = "_blocks.0._se_reduce.weight".to_owned();
    squeezing.insert(squeeze, (vec![8, 32, 1, 1], vec![0.0; 256]));
    let mut shorter = named.clone();
    shorter.retain(|name, _| !name.starts_with("_blocks.10."));
    let mut broken = named.clone();
    let variance = broken.get_mut("_blocks.2._bn1.running_var");
    variance.expect("a norm").1[3] = -0.5;
    for (tensors, part) in [
        (&squeezing, "squeeze-and-excitation"),
        (&shorter, "10 blocks, the preset has 11"),
        (&broken, "_blocks.2._bn1.running_var: a variance below 0"),
    ] {
        let error = case.import_named(tensors).expect_err(part);
        assert!(error.to_string().contains(part), "{error}");
    }
    let error = Case::load("dinov2").import_named(&named);
    let error = error.expect_err("no ViT").to_string();
    assert!(error.contains("an EfficientNet"), "{error}");
    let vit = Case::load("dinov2").named();
    let error = case.import_named(&vit).expect_err("no EfficientNet");
    assert!(matches!(error, ImportError::Family { .. }), "{error}");
}
