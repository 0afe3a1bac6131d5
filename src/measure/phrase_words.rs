//! Word lists for `phrase_kinds`: each is words separated by single spaces.

/// Colours, and words that announce one.
pub(super) const COLOURS: &str = "\
    white whitish grey gray greyish grayish black blackish dark red reddish orange brown \
    brownish yellow yellowish green greenish blue bluish purple pink beige silver golden tan \
    turquoise cyan colour color coloured colored colourful colorful";

/// Sizes and comparisons of sizes.
pub(super) const SIZES: &str = "\
    large larger largest big bigger biggest small smaller smallest tiny little huge giant \
    enormous vast massive medium size sized long longer longest short shorter shortest wide \
    wider widest narrow narrower narrowest tall taller tallest thin slender broad";

/// Positions in the image, unless they are relative to something.
pub(super) const DIRECTIONS: &str = "\
    left right top bottom upper lower middle center centre central mid leftmost rightmost \
    topmost bottommost uppermost lowermost north south east west northern southern eastern \
    western northeast northwest southeast southwest corner edge border margin";

/// Words between a direction and what it refers to: "the left *side* of".
pub(super) const PARTS: &str = "\
    side part parts area areas section sections portion region half quadrant third hand end \
    position most and";

/// Words for the image itself, or that precede such a word: "the *aerial* image".
pub(super) const PICTURES: &str = "\
    image images picture photo photograph scene frame view screen aerial satellite whole entire \
    given";

/// Words that always form a relation.
pub(super) const RELATIONS: &str = "\
    next beside adjacent alongside between among amongst behind above below under underneath \
    beneath over across surrounded surrounding inside outside opposite facing parallel \
    perpendicular connected connecting attached beyond neighbouring neighboring nearby through";

/// Words that form a relation if a thing follows, as in "near the dam", but not if a part of the image follows, as in
/// "near the top".
pub(super) const NEAR: &str = "\
    near nearest close closer closest around within from away towards toward on in at by along";

/// Words between a preposition and its object.
pub(super) const FILLERS: &str = "\
    the a an this that its to of very far extreme exact more most slightly just almost rather \
    located placed situated positioned from near closer closest close towards toward";

/// Words after "in" and similar prepositions that do not form a relation: "in use", "in a row", "at least".
pub(super) const ABSTRACT: &str = "\
    shape row rows line lines use total motion detail general length width shaped least \
    construction appearance form terms pairs group groups it which other another each others \
    alignment vertical horizontal";

/// Participles that state where something is: "parked by".
pub(super) const PLACED: &str = "\
    parked located situated positioned placed built moored docked stopped";

/// Nouns such as "colour" in "in white colour" and "size" in "in small size", after which "in" is not a relation.
pub(super) const QUALITIES: &str = "color colour size length shape";

/// Words that cannot be the thing in "near the left *thing*".
pub(super) const NO_THING: &str = "\
    is are was with has have having and which where while as for";
