//! The class that a phrase names first, for datasets that state none.

/// The 14 classes of RefSegRS (RSRefSeg2, FIANet).
pub const REFSEGRS: [&str; 14] = [
    "road",
    "vehicle",
    "car",
    "van",
    "building",
    "truck",
    "trailer",
    "bus",
    "road marking",
    "bikeway",
    "sidewalk",
    "tree",
    "low vegetation",
    "impervious surface",
];

/// The 26 classes of RISBench (RSRefSeg2).
pub const RISBENCH: [&str; 26] = [
    "expressway service area",
    "expressway toll station",
    "ground track field",
    "basketball court",
    "container crane",
    "roundabout",
    "windmill",
    "overpass",
    "stadium",
    "bridge",
    "soccer ball field",
    "baseball diamond",
    "train station",
    "golf field",
    "airport",
    "harbor",
    "dam",
    "ship",
    "helipad",
    "vehicle",
    "chimney",
    "airplane",
    "helicopter",
    "tennis court",
    "storage tank",
    "swimming pool",
];

/// The class that the phrase names first, as whole words in the singular or plural. Of several that begin at the
/// same word, the longest is returned.
pub fn first_category(phrase: &str, classes: &[&str]) -> Option<String> {
    let lower = phrase.to_lowercase();
    let words: Vec<_> = lower
        .split(|character: char| !character.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    (0..words.len()).find_map(|start| {
        let named = classes
            .iter()
            .filter(|class| begins_with(&words[start..], class));
        named
            .max_by_key(|class| class.len())
            .map(|class| (*class).to_owned())
    })
}

fn begins_with(words: &[&str], class: &str) -> bool {
    let class: Vec<_> = class.split(' ').collect();
    let Some((last, first)) = class.split_last() else {
        return false;
    };
    let Some(end) = words.get(first.len()) else {
        return false;
    };
    words.starts_with(first)
        && (end == last
            || end
                .strip_prefix(last)
                .is_some_and(|rest| rest == "s" || rest == "es"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_words_count_and_the_longest_of_a_place() {
        for (phrase, class) in [
            ("Road marking beside the road", Some("road marking")),
            ("light-duty vehicles driving on the road", Some("vehicle")),
            ("buses", Some("bus")),
            ("a carpet", None),
            ("sidewalk along with tree", Some("sidewalk")),
            ("", None),
        ] {
            assert_eq!(
                first_category(phrase, &REFSEGRS).as_deref(),
                class,
                "{phrase}"
            );
        }
    }
}
