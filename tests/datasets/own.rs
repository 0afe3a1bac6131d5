//! A folder of your own images.

use s4eca::data::referring::{Layout, Split};

use crate::trees::{Tree, found, report};

fn pictures(tree: &Tree) {
    tree.picture("images/farm.png", 1, 60, 40);
    tree.picture("images/port.jpg", 2, 60, 40);
    tree.mask("masks/barn.png", [60, 40], [5, 5, 15, 15], 255);
    tree.mask("masks/ship.png", [60, 40], [0, 0, 3, 2], 1);
}

#[test]
fn a_csv_is_read_with_its_faults() {
    let tree = Tree::new();
    pictures(&tree);
    tree.write(
        "phrases.csv",
        "\u{feff}phrase,image,mask,split,category\n\
         \"the barn, left of the road\",farm.png,barn.png,,building\n\
         the ship,port.jpg,ship.png,val,\n\
         \"two\nlines\",farm.png,barn.png,test,\n\
         the pier,port.jpg,,val,\n\
         the quay,port.jpg,barn.png,validation,\n\
         too,few\n\
         the boat,gone.jpg,gone.png,train,boat\n\
         the text,../phrases.csv,barn.png,train,\n",
    );
    let dataset = tree.open(Layout::Own);
    let counts = Split::ALL.map(|split| dataset.indices(split).len());
    assert_eq!(counts, [3, 1, 1]);
    let first = dataset.load(0).expect("an example");
    assert_eq!(first.phrase, "the barn, left of the road");
    assert_eq!(
        (first.category.as_deref(), first.mask.area()),
        (Some("building"), 100)
    );
    assert_eq!(
        dataset.load(1).expect("an example").mask.area(),
        6,
        "ones are a mask"
    );
    assert_eq!(dataset.records()[1].category, None);
    let reasons: Vec<_> = dataset
        .rejected()
        .iter()
        .map(|r| r.reason.as_str())
        .collect();
    assert!(
        reasons[0].contains("line 6: the mask is empty"),
        "{reasons:?}"
    );
    assert!(
        reasons[1].contains("line 7: the split \"validation\""),
        "{reasons:?}"
    );
    assert!(
        reasons[2].contains("line 8: it has 2 columns"),
        "{reasons:?}"
    );
    let report = report(&dataset);
    let expected = [
        ("broken_annotation", vec!["line 6", "line 7", "line 8"]),
        ("missing_image", vec!["line 9"]),
        ("damaged_image", vec!["line 10"]),
        ("missing_mask", vec!["line 9"]),
        ("leak", vec!["line 4"]),
    ];
    assert_eq!(found(&report), expected, "{report}");
}

#[test]
fn json_lines_do_the_same() {
    let tree = Tree::new();
    pictures(&tree);
    tree.write(
        "phrases.jsonl",
        "{\"image\":\"farm.png\",\"phrase\":\"the barn\",\"mask\":\"barn.png\",\"split\":\"val\"}\n\n\
         {\"image\":\"farm.png\",\"phrase\":\"the barn\"}\n\
         {\"image\":\"port.jpg\",\"phrase\":\"the ship\",\"mask\":\"ship.png\",\"by\":\"me\"}\n",
    );
    let dataset = tree.open(Layout::Own);
    let splits: Vec<_> = dataset
        .records()
        .iter()
        .map(|record| record.split)
        .collect();
    assert_eq!(splits, [Split::Val, Split::Train]);
    let reason = &dataset.rejected()[0].reason;
    assert!(
        reason.contains("line 3") && reason.contains("mask"),
        "{reason}"
    );
}

#[test]
fn a_folder_that_is_not_ready_is_explained() {
    let tree = Tree::new();
    assert!(
        tree.message(Layout::Own)
            .contains("phrases.csv or phrases.jsonl")
    );
    tree.write("phrases.csv", "image,text,mask\n");
    let text = tree.message(Layout::Own);
    assert!(text.contains("no column \"phrase\""), "{text}");
    tree.write("phrases.csv", "image,phrase,mask\n");
    assert!(tree.message(Layout::Own).contains("no usable record"));
    tree.write("phrases.jsonl", "{}");
    assert!(tree.message(Layout::Own).contains("remove one of them"));
    std::fs::remove_file(tree.root().join("phrases.csv")).expect("a file");
    let text = tree.message(Layout::Own);
    assert!(text.contains("line 1: missing field `image`"), "{text}");
    tree.write("phrases.jsonl", b"\xff\xfe");
    assert!(tree.message(Layout::Own).contains("not UTF-8"));
}

#[test]
fn ground_resolution_and_place_are_read() {
    let tree = Tree::new();
    pictures(&tree);
    tree.write(
        "phrases.csv",
        "image,phrase,mask,gsd_m,longitude,latitude,scene\n\
         farm.png,the barn,barn.png,0.25,8.5,-47.25,valley.tif\n\
         farm.png,the barns,barn.png,,,,\n\
         farm.png,the shed,barn.png,0,,,\n\
         farm.png,the sheds,barn.png,,8.5,,\n\
         farm.png,the hut,barn.png,,8.5,97,\n\
         farm.png,the huts,barn.png,far,,,\n",
    );
    let dataset = tree.open(Layout::Own);
    let stated: Vec<_> = dataset
        .records()
        .iter()
        .map(|record| record.stated)
        .collect();
    assert_eq!(
        (stated[0].gsd, stated[0].place),
        (Some(0.25), Some([8.5, -47.25]))
    );
    assert_eq!(
        (stated[1].gsd, stated[1].place, stated.len()),
        (None, None, 2)
    );
    let reasons = dataset.rejected().iter().map(|rejected| &rejected.reason);
    for (reason, said) in reasons.zip([
        "line 4: gsd_m is 0",
        "line 5: longitude and latitude are needed together",
        "line 6: there is no place",
        "line 7: ",
    ]) {
        assert!(reason.contains(said), "{reason}");
    }
}
