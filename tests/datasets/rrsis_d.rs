//! RRSIS-D.

use std::fs;
use std::path::Path;

use s4eca::data::check::{Finding, Purpose};
use s4eca::data::referring::{Dataset, DatasetError, Layout, Split};

use crate::rrsis_d_tree::{broken, item, write};
use crate::trees::{Tree, found, report};

#[test]
fn it_is_read_with_its_counts_masks_and_faults() {
    let tree = broken();
    let dataset = tree.open(Layout::RrsisD);
    assert_eq!(dataset.records().len(), 12);
    assert_eq!(dataset.rejected().len(), 3);
    let counts = Split::ALL.map(|split| dataset.indices(split).len());
    assert_eq!(counts, [7, 2, 3]);
    let first = dataset.load(0).expect("an example");
    assert_eq!(first.phrase, "A vehicle on the left");
    assert_eq!(first.category.as_deref(), Some("class-1"));
    assert_eq!(
        (first.mask.area(), first.mask.bounding_box()),
        (600, Some((10, 20, 30, 50)))
    );
    assert_eq!(first.resized_from, None);
    // 80 x 78: rows 20 to 50 of 80 become rows 19 to 49 of 78 (19.5 / 78 is 20 / 80).
    let third = dataset.load(2).expect("an example");
    assert_eq!(third.resized_from, Some((80, 80)));
    assert_eq!((third.mask.width(), third.mask.height()), (80, 78));
    assert_eq!(third.mask.bounding_box(), Some((10, 19, 30, 49)));
    let two_parts = dataset.load(11).expect("an example");
    assert_eq!(two_parts.mask.width(), 120);
    assert_eq!(two_parts.mask.bounding_box(), Some((15, 30, 45, 75)));

    let report = report(&dataset);
    let expected = [
        ("broken_annotation", vec!["8", "9", "13"]),
        ("missing_image", vec!["11"]),
        ("damaged_image", vec!["6"]),
        ("damaged_mask", vec!["7"]),
        ("empty_mask", vec!["5", "12"]),
        ("size_mismatch", vec!["3", "15"]),
        ("leak", vec!["14"]),
        ("near_leak", vec!["15"]),
        // The area of an empty mask differs from the box's too.
        ("wrong_box", vec!["10"]),
        ("wrong_area", vec!["4", "5", "12"]),
    ];
    assert_eq!(found(&report), expected, "{report}");
    let mismatch = Finding::SizeMismatch {
        image: [80, 78],
        mask: [80, 80],
    };
    assert!(report.entries.iter().any(|entry| entry.finding == mismatch));
    let leak = Finding::Leak {
        other: "1".to_owned(),
        other_split: Split::Train,
    };
    assert!(report.entries.iter().any(|entry| entry.finding == leak));
    assert_eq!(
        report.notes.len(),
        3,
        "the counts are not the published ones"
    );
}

#[test]
fn a_class_may_have_either_name_or_both() {
    let tree = Tree::new();
    let area = [10, 20, 30, 50];
    let items = [
        item(3, "train", area).with_category(3),
        item(4, "val", area).renamed(),
        item(5, "test", area),
    ];
    write(&tree, &items);
    let dataset = tree.open(Layout::RrsisD);
    assert!(dataset.rejected().is_empty(), "{:?}", dataset.rejected());
    let classes: Vec<_> = dataset
        .records()
        .iter()
        .map(|record| record.category.as_deref())
        .collect();
    assert_eq!(classes, [Some("class-3"), Some("class-4"), Some("class-5")]);
    assert!(found(&report(&dataset)).is_empty(), "no finding");

    let other = Tree::new();
    write(
        &other,
        &[
            item(3, "train", area).with_category(7),
            item(4, "val", area),
        ],
    );
    let dataset = other.open(Layout::RrsisD);
    assert_eq!(dataset.records().len(), 2);
    let report = report(&dataset);
    assert_eq!(found(&report), [("two_classes", vec!["3"])]);
    let text = report.entries[0].finding.to_string();
    assert!(text.contains("categories_id 3 and category_id 7"), "{text}");
}

#[test]
fn what_cannot_be_used_is_left_out_and_said() {
    let tree = broken();
    let dataset = tree.open(Layout::RrsisD);
    let report = report(&dataset);
    let training = report
        .usable(&dataset, Split::Train, Purpose::Training)
        .expect("its own report");
    assert_eq!(training.indices, [0, 1, 2, 3]);
    let reasons: Vec<_> = training.left_out.iter().map(|(index, _)| *index).collect();
    assert_eq!(reasons, [4, 5, 6]);
    assert!(
        training.left_out[0].1.contains("no pixel"),
        "{:?}",
        training.left_out
    );
    for &index in &training.indices {
        assert!(dataset.load(index).expect("an example").mask.area() > 0);
    }
    let test = report
        .usable(&dataset, Split::Test, Purpose::Evaluation)
        .expect("its own report");
    assert_eq!(
        test.indices,
        [9, 10, 11],
        "an empty mask counts in an evaluation"
    );
    let other = Tree::new();
    write(&other, &[item(1, "train", [1, 1, 5, 5])]);
    let error = report
        .usable(&other.open(Layout::RrsisD), Split::Train, Purpose::Training)
        .expect_err("a report of other data");
    assert!(matches!(error, DatasetError::OtherReport { .. }), "{error}");
}

#[test]
fn a_broken_record_says_what_is_wrong_with_it() {
    let tree = broken();
    let dataset = tree.open(Layout::RrsisD);
    let message = |index| {
        dataset
            .load(index)
            .expect_err("a broken record")
            .to_string()
    };
    assert!(
        message(5).contains("truncated or damaged"),
        "{}",
        message(5)
    );
    assert!(message(6).contains("the mask of 7"), "{}", message(6));
    assert!(message(8).contains("there is no file"), "{}", message(8));
    assert!(
        message(99).contains("in a dataset of 12"),
        "{}",
        message(99)
    );
    let reasons: Vec<_> = dataset
        .rejected()
        .iter()
        .map(|r| r.reason.as_str())
        .collect();
    assert!(reasons[0].contains("no annotation 8"), "{reasons:?}");
    assert!(
        reasons[1].contains("annotation 9 in instances.json"),
        "{reasons:?}"
    );
    assert!(reasons[2].contains("testA"), "{reasons:?}");
}

#[test]
fn pickles_of_every_protocol_hold_the_same_refs() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/refs");
    for protocol in 0..=5 {
        let tree = Tree::new();
        let items = [7, 2934, 70_001].map(|number| item(number, "train", [1, 2, 3, 4]));
        write(&tree, &items);
        let bytes = fs::read(fixtures.join(format!("protocol-{protocol}.p"))).expect("a fixture");
        tree.write("rrsisd/refs(unc).p", bytes);
        let dataset = tree.open(Layout::RrsisD);
        assert!(
            dataset.rejected().is_empty(),
            "{protocol}: {:?}",
            dataset.rejected()
        );
        let phrases: Vec<_> = dataset
            .records()
            .iter()
            .map(|record| record.phrase.as_str())
            .collect();
        let expected = [
            "The baseball field on the top",
            "A ship – the white one, by the quay of Plön",
            "the vehicle behind\ta \"small\" one's \\ trailer",
        ];
        assert_eq!(phrases, expected, "protocol {protocol}");
        let splits: Vec<_> = dataset
            .records()
            .iter()
            .map(|record| record.split)
            .collect();
        assert_eq!(splits, Split::ALL);
        assert_eq!(dataset.records()[2].id, "70001");
        assert_eq!(dataset.load(2).expect("an example").mask.area(), 4);
    }
}

#[test]
fn wrong_folders_and_files_are_explained() {
    let tree = Tree::new();
    assert!(
        tree.message(Layout::RrsisD)
            .contains("has no rrsisd/refs(unc).p")
    );
    let nowhere = Dataset::open(Layout::RrsisD, &tree.root().join("no")).expect_err("no folder");
    assert!(
        nowhere.to_string().contains("there is no folder"),
        "{nowhere}"
    );
    write(&tree, &[item(1, "train", [1, 1, 5, 5])]);
    tree.write("rrsisd/refs(unc).p", b"cos\nsystem\n(S'true'\ntR.");
    let text = tree.message(Layout::RrsisD);
    assert!(text.contains("run Python code (os.system"), "{text}");
    tree.write("rrsisd/refs(unc).p", b"\x80\x04}.");
    assert!(
        tree.message(Layout::RrsisD)
            .contains("a dict where a list should be")
    );
    tree.write("rrsisd/refs(unc).p", b"version https://git-lfs");
    assert!(tree.message(Layout::RrsisD).contains("not a pickle"));
    tree.write("rrsisd/refs(unc).p", b"\x80\x04].");
    assert!(tree.message(Layout::RrsisD).contains("no usable record"));
    tree.write("rrsisd/instances.json", "{\"annotations\": [");
    let text = tree.message(Layout::RrsisD);
    assert!(
        text.contains("instances.json") && text.contains("again"),
        "{text}"
    );
}

#[test]
fn the_fingerprint_is_of_the_content() {
    let (a, b, c) = (Tree::new(), Tree::new(), Tree::new());
    write(&a, &[item(1, "train", [1, 1, 5, 5])]);
    write(&b, &[item(1, "train", [1, 1, 5, 5])]);
    write(&c, &[item(1, "train", [1, 1, 5, 6])]);
    let print = |tree: &Tree| tree.open(Layout::RrsisD).fingerprint();
    assert_eq!(print(&a), print(&b));
    assert_ne!(print(&a), print(&c));
    assert_eq!(print(&a).len(), 64);
}
