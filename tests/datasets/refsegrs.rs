//! RefSegRS.

use s4eca::data::referring::{Dataset, Layout, MaskRule, Split};

use crate::trees::{Tree, found, report};

/// Nine records: 101 to 105 train, 201 and 202 val, 301 and 302 test.
fn tree() -> Tree {
    let tree = Tree::new();
    tree.write(
        "output_phrase_train.txt",
        "101 light-duty vehicle driving on the road\r\n102 road marking\n103  sidewalk along with tree\n\
         104 Road marking\n105 van\n106\n\n",
    );
    tree.write("output_phrase_val.txt", "201 building\n202 van\n");
    tree.write("output_phrase_test.txt", "\u{feff}301 car\n302 bus");
    for number in [101, 102, 103, 104, 105, 201, 202, 301, 302] {
        // 104 is the scene of 102.
        let scene = if number == 104 { 102 } else { number };
        tree.picture(&format!("images/{number}.tif"), scene, 64, 64);
        tree.mask(
            &format!("masks/{number}.tif"),
            [64, 64],
            [8, 8, 24, 40],
            255,
        );
    }
    // The same phrase and scene as 102, with a different mask.
    tree.mask("masks/104.tif", [64, 64], [0, 0, 9, 9], 255);
    // Between: above 50, not 255.
    tree.mask("masks/103.tif", [64, 64], [8, 8, 24, 40], 120);
    // A mask of ones, which the rule "above 50" treats as empty.
    tree.mask("masks/105.tif", [64, 64], [8, 8, 24, 40], 1);
    tree.mask("masks/201.tif", [60, 64], [8, 8, 24, 40], 255);
    tree.truncate("masks/202.tif", 50);
    std::fs::remove_file(tree.root().join("masks/302.tif")).expect("a mask");
    tree
}

#[test]
fn it_is_read_with_its_counts_masks_and_faults() {
    let tree = tree();
    let dataset = tree.open(Layout::RefSegRs);
    let counts = Split::ALL.map(|split| dataset.indices(split).len());
    assert_eq!(counts, [5, 2, 2]);
    let first = dataset.load(0).expect("an example");
    assert_eq!(first.phrase, "light-duty vehicle driving on the road");
    assert_eq!(
        (first.id.as_str(), first.category.as_deref()),
        ("101", Some("vehicle"))
    );
    assert_eq!(first.mask.bounding_box(), Some((8, 8, 24, 40)));
    assert_eq!(dataset.records()[2].phrase, "sidewalk along with tree");
    assert_eq!(
        dataset.records()[7].id,
        "301",
        "a byte order mark is no part of it"
    );

    let report = report(&dataset);
    let expected = [
        ("broken_annotation", vec!["106"]),
        ("missing_mask", vec!["302"]),
        ("damaged_mask", vec!["202"]),
        ("empty_mask", vec!["105"]),
        ("size_mismatch", vec!["201"]),
        ("duplicate_phrase", vec!["104"]),
        ("not_binary", vec!["103", "105"]),
    ];
    assert_eq!(found(&report), expected, "{report}");
    let class = report
        .classes
        .iter()
        .find(|class| class.name == "road marking");
    assert_eq!(class.expect("a class").counts, [2, 0, 0]);
    assert!(
        report
            .notes
            .iter()
            .any(|note| note.contains("2172 were published"))
    );
}

#[test]
fn the_rule_of_the_masks_can_be_another() {
    let tree = tree();
    let areas = |rule| {
        let dataset =
            Dataset::open_with(Layout::RefSegRs, tree.root(), Some(rule)).expect("a dataset");
        [0, 2, 4].map(|index| dataset.load(index).expect("an example").mask.area())
    };
    assert_eq!(areas(MaskRule::NonZero), [512, 512, 512]);
    assert_eq!(areas(MaskRule::Above(50)), [512, 512, 0]);
    assert_eq!(areas(MaskRule::Exactly(255)), [512, 0, 0]);
}

#[test]
fn a_folder_without_lists_is_explained() {
    let tree = Tree::new();
    let text = tree.message(Layout::RefSegRs);
    assert!(
        text.contains("output_phrase_train.txt") && text.contains("another layout"),
        "{text}"
    );
    tree.write("output_phrase_test.txt", "1\n2\n");
    let text = tree.message(Layout::RefSegRs);
    assert!(text.contains("line 1: there is no phrase"), "{text}");
}
