//! Trees in the layout of RRSIS-D.

use std::fs;

use serde_json::{Value, json};

use crate::pickler::Py;
use crate::trees::{Tree, runs};

const SIDE: usize = 80;

/// One item of the list and its annotation.
pub struct Item {
    number: i64,
    split: &'static str,
    phrase: &'static str,
    annotation: Value,
}

/// An item whose mask is a box, all numbers right.
pub fn item(number: i64, split: &'static str, area: [usize; 4]) -> Item {
    let [x0, y0, x1, y1] = area;
    Item {
        number,
        split,
        phrase: "A vehicle on the left",
        annotation: json!({
            "id": number, "image_id": number, "categories_id": number % 20, "bbox": area,
            "area": (x1 - x0) * (y1 - y0), "segmentation": [runs(SIDE, SIDE, area)],
        }),
    }
}

impl Item {
    /// The item with the class also under RefCOCO's name, with this number.
    pub fn with_category(mut self, category: i64) -> Self {
        self.annotation["category_id"] = json!(category);
        self
    }

    /// The item with only RefCOCO's name of the class.
    pub fn renamed(mut self) -> Self {
        let class = self.annotation["categories_id"].take();
        self.annotation["category_id"] = class;
        self
    }
}

fn file(number: i64) -> String {
    format!("images/rrsisd/JPEGImages/{number:05}.jpg")
}

/// Writes the annotations, and 80 x 80 images that do not exist yet.
pub fn write(tree: &Tree, items: &[Item]) {
    let refs = items.iter().map(|item| {
        let sentence = Py::Dict(vec![
            (
                "tokens",
                Py::List(item.phrase.split(' ').map(Py::from).collect()),
            ),
            ("raw", item.phrase.into()),
            ("sent_id", Py::Int(item.number)),
            ("sent", item.phrase.into()),
        ]);
        Py::Dict(vec![
            ("image_id", Py::Int(item.number)),
            ("split", item.split.into()),
            ("sentences", Py::List(vec![sentence])),
            ("file_name", Py::Text(format!("{:05}.jpg", item.number))),
            ("category_id", Py::Int(item.number % 20)),
            ("ann_id", Py::Int(item.number)),
            ("sent_ids", Py::List(vec![Py::Int(item.number)])),
            ("ref_id", Py::Int(item.number)),
        ])
    });
    tree.write("rrsisd/refs(unc).p", Py::List(refs.collect()).pickled());
    let images = items.iter().map(|item| {
        json!({"file_name": format!("{:05}.jpg", item.number), "height": SIDE, "width": SIDE, "id": item.number})
    });
    let annotations = items.iter().filter(|item| !item.annotation.is_null());
    let categories = (0..20).map(|id| json!({"id": id, "name": format!("class-{id}")}));
    let instances = json!({
        "images": images.collect::<Vec<_>>(),
        "annotations": annotations.map(|item| &item.annotation).collect::<Vec<_>>(),
        "categories": categories.collect::<Vec<_>>(),
    });
    tree.write("rrsisd/instances.json", instances.to_string());
    for item in items {
        if !tree.root().join(file(item.number)).exists() {
            tree.picture(
                &file(item.number),
                item.number as u32,
                SIDE as u32,
                SIDE as u32,
            );
        }
    }
}

/// Fifteen items. Most of them are broken, each in a different way.
pub fn broken() -> Tree {
    let tree = Tree::new();
    let mut items: Vec<_> = (1..=15)
        .map(|number| {
            let split = match number {
                1..=9 => "train",
                10..=11 => "val",
                _ => "test",
            };
            item(number, split, [10, 20, 30, 50])
        })
        .collect();
    // 1, 2 and 10 are valid. 3 is 80 x 78 with a mask of 80 x 80, like 01072.jpg, which is 800 x 787.
    tree.picture(&file(3), 3, 80, 78);
    items[3].annotation["area"] = json!(279_213);
    items[4].annotation["segmentation"] = json!([runs(SIDE, SIDE, [0; 4])]);
    tree.picture(&file(6), 6, 80, 80);
    tree.truncate(&file(6), 60);
    items[6].annotation["segmentation"][0]["counts"] = json!("`ac45e?7H7K");
    items[7].annotation = Value::Null;
    items[8].annotation["segmentation"] = json!([[1.0, 2.0, 3.0, 4.0]]);
    // An empty mask in the test split, where it is kept.
    items[11].annotation["segmentation"] = json!([runs(SIDE, SIDE, [0; 4])]);
    items[12].split = "testA";
    // The same pixels as number 1 of the training split, and nearly the same as number 2.
    tree.picture(&file(14), 1, 80, 80);
    tree.picture(&file(15), 2, 120, 120);
    // This mask consists of two boxes.
    items[14].annotation["segmentation"] = json!([
        runs(SIDE, SIDE, [10, 20, 30, 40]),
        runs(SIDE, SIDE, [10, 30, 30, 50])
    ]);
    items[9].annotation["bbox"] = json!([50, 60, 79, 79]);
    items[1].annotation["bbox"] = json!([11.0, 20, 30, 49]);
    write(&tree, &items);
    fs::remove_file(tree.root().join(file(11))).expect("an image");
    tree
}
