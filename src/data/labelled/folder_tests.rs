//! Tests of reading a folder.

use crate::things::material::Material;

use super::*;

/// A folder with one blue 8 x 8 scene, and `line` as its list of scenes.
fn folder(line: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = |name: &str| folder.path().join(name);
    fs::create_dir(path("images")).expect("a folder for images");
    image::RgbImage::from_pixel(8, 8, image::Rgb([40, 90, 200]))
        .save(path("images/a.png"))
        .expect("an image");
    let map = image::GrayImage::from_fn(8, 8, |x, _| image::Luma([if x < 3 { 3 } else { 5 }]));
    map.save(path("images/map.png")).expect("a label map");
    let classes = r#"["background","building","road","water","vegetation","land"]"#;
    fs::write(path("classes.json"), classes).expect("the classes");
    fs::write(path("scenes.jsonl"), line).expect("the scenes");
    folder
}

const OUTLINE: &str = r#"{"id":"a","source":"banepa","split":"train","image":"images/a.png",
        "width":8,"height":8,"gsd_m":0.13,"labels":null,"instances":[{"class":"building","polygon":
        [[1,1],[5,1],[5,4],[1,4]],"truncated":false,"attributes":{"roof_material":"concerte"}}]}"#;

fn one_line(text: &str) -> String {
    text.replace('\n', " ")
}

#[test]
fn outlines_become_buildings_on_unknown_ground() {
    let folder = folder(&one_line(OUTLINE));
    let data = LabelledFolder::open(folder.path()).expect("a good folder");
    assert_eq!((data.count(Split::Train), data.count(Split::Val)), (1, 0));
    let scene = &data.scenes(Split::Train).expect("its scene")[0].scene;
    assert_eq!(scene.objects.len(), 1);
    let object = &scene.objects[0];
    assert_eq!(object.region.bounding_box(), (1, 1, 5, 4));
    assert_eq!(object.material, Some(Material::Concrete));
    assert_eq!(
        object.colours.certain(),
        Some(crate::things::colour::Colour::Blue)
    );
    assert_eq!(scene.labels[0], OTHER);
    assert!(scene.complete.contains(Class::Building) && !scene.complete.contains(Class::Road));
    assert!(matches!(
        data.scenes(Split::Val),
        Err(LabelledError::Empty { .. })
    ));
}

#[test]
fn dense_labels_become_regions() {
    let line = one_line(OUTLINE).replace("null", "\"images/map.png\"");
    let line = line
        .split("\"instances\"")
        .next()
        .map(|start| format!("{start}\"instances\":[]}}"));
    let line = line.expect("a line");
    let folder = folder(&line);
    let data = LabelledFolder::open(folder.path()).expect("a good folder");
    let scene = &data.scenes(Split::Train).expect("its scene")[0].scene;
    assert_eq!(scene.objects.len(), 1);
    assert_eq!(scene.objects[0].class, Class::Water);
    assert_eq!(scene.objects[0].region.area(), 24);
    assert!(!scene.countable.contains(Class::Building));
}

#[test]
fn truth_is_yes_no_or_unknown_for_each_class() {
    let line = one_line(OUTLINE).replace("null", "\"images/map.png\"");
    let line = line
        .split("\"instances\"")
        .next()
        .map(|start| format!("{start}\"instances\":[]}}"));
    let folder = folder(&line.expect("a line"));
    let classes = r#"{"classes":{"0":"neither plant nor pool","1":"tree","3":"tree or grass, not told apart",
            "4":"swimming pool","5":"neither plant nor pool","255":"unknown"},
            "complete":["vegetation (1, 2 and 4 together)"]}"#;
    fs::write(folder.path().join("classes.json"), classes).expect("the classes");
    let data = LabelledFolder::open(folder.path()).expect("a good folder");
    let scene = &data.scenes(Split::Train).expect("its scene")[0].scene;
    assert_eq!(
        (scene.labels[0], scene.labels[7]),
        (Class::Vegetation.id(), OTHER)
    );
    // Vegetation and pools are fully known. Pixels that are either tree or grass are unknown for trees. Nothing is
    // known about roads.
    assert_eq!(scene.known(Class::Vegetation), None);
    assert_eq!(scene.known(Class::Pool), None);
    let area = |class: Class| scene.known(class).map(|known| known.area());
    assert_eq!((area(Class::Tree), area(Class::Road)), (Some(40), Some(0)));
    assert!(scene.complete.contains(Class::Vegetation) && !scene.complete.contains(Class::Tree));
    assert!(scene.ruled_out().contains(Class::Grass) && !scene.ruled_out().contains(Class::Road));
}

#[test]
fn a_scene_has_its_own_complete_classes_and_what_lies_on_top_wins() {
    let line = one_line(OUTLINE).replace(
            "\"instances\":[",
            r#""complete":["car","road","truck"],"instances":[{"class":"car","polygon":[[2,2],[4,2],[4,3],[2,3]]},
            {"class":"road","polygon":[[0,0],[8,0],[8,4],[0,4]]},{"class":"tree","shape":"box","polygon":
            [[0,6],[2,6],[2,8],[0,8]]},{"class":"railway","polygon":[[6,6],[8,6],[8,8],[6,8]]},"#,
        );
    let folder = folder(&one_line(&line));
    let data = LabelledFolder::open(folder.path()).expect("a good folder");
    let scene = &data.scenes(Split::Train).expect("its scene")[0].scene;
    let at = |x: usize, y: usize| scene.labels[y * 8 + x];
    assert_eq!(
        (at(2, 2), at(0, 0), at(1, 1)),
        (Class::Car.id(), Class::Road.id(), Class::Building.id())
    );
    assert_eq!((at(0, 7), at(7, 7)), (UNKNOWN, OTHER));
    assert!(scene.complete.contains(Class::Vehicle) && !scene.complete.contains(Class::Building));
    assert!(scene.countable.contains(Class::Car) && !scene.countable.contains(Class::Road));
}

#[test]
fn a_place_has_a_weight_of_one_unless_its_collection_has_its_own() {
    let scene = |id: &str, source: &str, place: &str| {
        let line = one_line(OUTLINE).replace("\"a\"", &format!("\"{id}\""));
        let line = line.replace("banepa", source);
        match place {
            "" => line,
            _ => line.replace(
                "\"split\"",
                &format!("\"split_group\":\"{place}\",\"split\""),
            ),
        }
    };
    let lines = [
        scene("a", "banepa", "one"),
        scene("b", "banepa", "one"),
        scene("c", "kampala", ""),
        scene("d", "kampala", ""),
    ];
    let folder = folder(&lines.join("\n"));
    let data = LabelledFolder::open(folder.path()).expect("a good folder");
    let weights = |data: &LabelledFolder| -> Vec<f32> {
        let scenes = data.scenes(Split::Train).expect("its scenes");
        scenes.iter().map(|scene| scene.weight).collect()
    };
    assert_eq!(weights(&data), [0.5, 0.5, 1.0, 1.0]);
    let data = data.with_weights(&BTreeMap::from([("kampala".to_owned(), 0.15)]));
    assert_eq!(weights(&data), [0.5, 0.5, 0.15, 0.15]);
}

#[test]
fn errors_name_the_file_and_the_line() {
    let message = |result: Result<LabelledFolder, LabelledError>| match result {
        Err(error) => error.to_string(),
        Ok(data) => match data.scenes(Split::Train) {
            Err(error) => error.to_string(),
            Ok(_) => String::new(),
        },
    };
    let missing = message(LabelledFolder::open("/nowhere/at/all"));
    assert!(
        missing.contains("/nowhere/at/all/scenes.jsonl"),
        "{missing}"
    );
    let good = one_line(OUTLINE);
    let broken = folder(&format!("{good}\n{{\"id\": 3\n"));
    let text = message(LabelledFolder::open(broken.path()));
    assert!(text.contains("scenes.jsonl, line 2"), "{text}");
    let split = folder(&good.replace("train", "test"));
    let text = message(LabelledFolder::open(split.path()));
    assert!(
        text.contains("line 1") && text.contains("not train or val"),
        "{text}"
    );
    let gone = folder(&good.replace("a.png", "b.png"));
    let text = message(LabelledFolder::open(gone.path()));
    assert!(text.contains("b.png"), "{text}");
    let size = folder(&good.replace("\"width\":8", "\"width\":9"));
    let text = message(LabelledFolder::open(size.path()));
    assert!(
        text.contains("8 x 8 pixels, but scenes.jsonl says 9 x 8"),
        "{text}"
    );
    let truncated = folder(&good);
    let path = truncated.path().join("images/a.png");
    let bytes = fs::read(&path).expect("the image");
    fs::write(&path, &bytes[..30]).expect("half an image");
    let text = message(LabelledFolder::open(truncated.path()));
    assert!(text.contains("cannot be read as an image"), "{text}");
}
