//! RISBench.

use s4eca::data::referring::{Layout, Split};
use serde_json::json;

use crate::trees::{Tree, found, report, runs};

#[test]
fn json_lines_are_read_with_their_counts_masks_and_faults() {
    let tree = Tree::new();
    let line = |split: &str, file: &str, phrase: &str, area| {
        let segmentation = runs(64, 48, area);
        json!({"split": split, "image_id": file, "sent": phrase, "file_name": file, "segmentation": segmentation})
            .to_string()
    };
    let train = [
        line(
            "train",
            "a.png",
            "The small vehicle in the top center",
            [1, 2, 5, 8],
        ),
        line(
            "train",
            "a.png",
            "the  small vehicle in the top center ",
            [1, 2, 5, 9],
        ),
        line("train", "b.png", "A ship", [0, 0, 64, 48]),
        "{\"split\": \"train\", \"sent\": 5}".to_owned(),
        line("train", "b.png", " ", [1, 1, 2, 2]),
    ];
    tree.write("datainfo/risbench_train.jsonl", train.join("\n"));
    // A record with a list of run lengths and a class but no split, and with the image of a training record.
    let mut several =
        serde_json::from_str::<serde_json::Value>(&line("", "c.png", "it", [3, 3, 4, 9]))
            .expect("its own line");
    several["segmentation"] = json!([several["segmentation"]]);
    several["category_name"] = json!("dam");
    several.as_object_mut().expect("an object").remove("split");
    let test = [
        several.to_string(),
        line("test", "a.png", "a harbor", [5, 5, 6, 6]),
    ];
    tree.write("datainfo/risbench_test.jsonl", test.join("\r\n") + "\n");
    for (number, name) in ["a", "b", "c"].into_iter().enumerate() {
        tree.picture(&format!("img_rgb/{name}.png"), number as u32, 64, 48);
    }

    let dataset = tree.open(Layout::RisBench);
    // Files in the order of their names: test before train.
    let ids: Vec<_> = dataset
        .records()
        .iter()
        .map(|record| record.id.as_str())
        .collect();
    assert_eq!(ids, ["c.png", "a.png", "a.png#2", "a.png#3", "b.png"]);
    let counts = Split::ALL.map(|split| dataset.indices(split).len());
    assert_eq!(counts, [3, 0, 2]);
    let first = dataset.load(0).expect("an example");
    assert_eq!(
        (first.mask.area(), first.category.as_deref()),
        (6, Some("dam"))
    );
    assert_eq!(dataset.load(4).expect("an example").mask.area(), 64 * 48);
    let report = report(&dataset);
    let expected = [
        (
            "broken_annotation",
            vec![
                "risbench_train.jsonl, line 4",
                "risbench_train.jsonl, line 5",
            ],
        ),
        ("leak", vec!["a.png"]),
        ("duplicate_phrase", vec!["a.png#3"]),
    ];
    assert_eq!(found(&report), expected, "{report}");
    assert_eq!(report.images, 3);
    assert!(report.notes.is_empty());
}

#[test]
fn the_original_form_has_lists_and_pictures() {
    let tree = Tree::new();
    tree.write(
        "output_phrase_val.txt",
        "00001.png The airplane on the right\n00001.png the bridge\n",
    );
    tree.picture("img_rgb/00001.png", 1, 64, 64);
    // A mask of ones: here every value except 0 counts.
    tree.mask("mask/00001.png", [64, 64], [4, 4, 8, 10], 1);
    let dataset = tree.open(Layout::RisBench);
    assert_eq!(dataset.indices(Split::Val), [0, 1]);
    let second = dataset.load(1).expect("an example");
    assert_eq!(
        (second.id.as_str(), second.category.as_deref()),
        ("00001.png#2", Some("bridge"))
    );
    assert_eq!(second.mask.area(), 24);
    assert!(report(&dataset).entries.is_empty());
}
