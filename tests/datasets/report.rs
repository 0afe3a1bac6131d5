//! The three forms of a report.

use s4eca::data::check::{Report, draw};
use s4eca::data::referring::Layout;

use crate::trees::{Tree, report};

fn some_report() -> Report {
    let tree = Tree::new();
    let mut lines = String::from("image,phrase,mask,category,split\n");
    for number in 0..24 {
        let split = ["train", "train", "val", "test"][number % 4];
        let class = ["ship", "building <old>", "storage tank", ""][number % 7 % 4];
        lines += &format!("{number}.png,the {number}th,{number}.png,{class},{split}\n");
        tree.picture(&format!("images/{number}.png"), number as u32, 48, 48);
        let side = 1 + 2 * number as u32;
        tree.mask(
            &format!("masks/{number}.png"),
            [48, 48],
            [0, 0, side, side],
            255,
        );
    }
    tree.write("phrases.csv", lines);
    std::fs::remove_file(tree.root().join("images/3.png")).expect("an image");
    report(&tree.open(Layout::Own))
}

#[test]
fn the_table_counts_everything_once() {
    let report = some_report();
    let table = report.to_string();
    for line in [
        "folder: 24 records of 24 images",
        "missing image              1  skipped",
        "line 5: the image is missing",
        "1 of 24 records have a finding",
    ] {
        assert!(table.contains(line), "{line:?} in\n{table}");
    }
    let of_classes: usize = report.classes.iter().map(|class| class.total()).sum();
    let of_areas: usize = report.areas.iter().flat_map(|bin| bin.counts).sum();
    assert_eq!((of_classes, of_areas), (24, 24));
    // 1 of 2304 pixels is 0.043 %.
    assert_eq!(report.areas[2].counts, [1, 0, 0]);
}

#[test]
fn json_comes_back() {
    let report = some_report();
    let json = serde_json::to_string(&report).expect("a report");
    assert!(json.contains("\"kind\":\"missing_image\""), "{json}");
    assert_eq!(
        serde_json::from_str::<Report>(&json).expect("its own form"),
        report
    );
}

#[test]
fn the_picture_names_classes_and_splits() {
    let svg = draw(&some_report()).expect("a picture");
    for text in [
        "storage tank",
        "building &lt;old&gt;",
        "train: 12",
        "test: 6",
        "(none)",
        "</svg>",
    ] {
        assert!(svg.contains(text), "{text} in {svg}");
    }
}
