//! Positions in everyday words.

use rand::{Rng, RngExt};

use crate::things::position::Position;

use super::facts::Facts;
use super::style::{Style, draw};

/// Words for one position in one manner of writing. Top and bottom come first, then left and right.
pub struct Place<'a> {
    position: Position,
    facts: &'a Facts,
    style: Style,
}

/// A pattern with its weight. `T`, `U`, `H`, `V` and `C` stand for "top", "upper", "left", "north" and
/// "northern", or their opposites; `M` for "centre".
type Pattern = (u32, &'static str);

const BESIDE: &[Pattern] = &[
    (24, "on the H"),
    (10, "on the H side"),
    (6, "at the H"),
    (5, "to the H"),
    (3, "on the H-hand side"),
    (3, "in the H part"),
    (2, "towards the H"),
    (2, "over on the H"),
    (1, "in the H area"),
    (1, "at the H side"),
];
const ABOVE: &[Pattern] = &[
    (24, "at the T"),
    (10, "near the T"),
    (6, "in the U part"),
    (4, "in the T part"),
    (3, "on the T"),
    (3, "towards the T"),
    (2, "on the U side"),
    (2, "in the U area"),
    (1, "at the U end"),
    (1, "on the T side"),
];
const CORNER: &[Pattern] = &[
    (14, "in the T H"),
    (10, "at the T H"),
    (12, "in the T H corner"),
    (6, "in the T-H corner"),
    (8, "in the U H"),
    (4, "on the U H"),
    (6, "in the U H corner"),
    (3, "in the U-H corner"),
    (2, "at the U H"),
    (2, "in the T H part"),
    (2, "in the U H part"),
    (2, "in the T H area"),
    (2, "in the T H quarter"),
    (1, "in the U H quadrant"),
    (2, "towards the T H"),
    (2, "near the T H corner"),
    (1, "in the T H-hand corner"),
    (1, "at the T on the H"),
    (1, "on the H at the T"),
    (2, "at T H"),
    (2, "in T H corner"),
];
const MIDDLE: &[Pattern] = &[
    (20, "in the middle"),
    (20, "in the M"),
    (8, "at the M"),
    (4, "near the middle"),
    (3, "near the M"),
    (3, "in the central part"),
    (2, "around the M"),
    (1, "in the central area"),
    (2, "in M"),
];
const MID_ABOVE: &[Pattern] = &[
    (6, "at the T M"),
    (4, "in the T middle"),
    (3, "in the U middle"),
    (3, "in the middle at the T"),
    (2, "at the T in the middle"),
    (2, "in the M at the T"),
    (1, "near the middle of the T edge"),
    (1, "halfway along the T"),
];
const MID_BESIDE: &[Pattern] = &[
    (6, "in the middle H"),
    (4, "at the M H"),
    (4, "on the H in the middle"),
    (2, "in the middle on the H"),
    (2, "in the M on the H"),
    (2, "on the mid-H"),
    (1, "near the middle of the H edge"),
    (1, "halfway along the H side"),
];
const HALF_BESIDE: &[Pattern] = &[
    (6, "in the H half"),
    (2, "in the H-hand half"),
    (1, "on the H half"),
];
const HALF_ABOVE: &[Pattern] = &[
    (4, "in the T half"),
    (4, "in the U half"),
    (1, "on the U half"),
];
const COMPASS: &[Pattern] = &[
    (5, "in the V"),
    (3, "in the C part"),
    (3, "on the C side"),
    (2, "to the V"),
    (1, "in the C area"),
    (1, "at the C end"),
];
const COMPASS_CORNER: &[Pattern] = &[
    (5, "in the V"),
    (4, "in the V corner"),
    (2, "in the C part"),
    (1, "in the C corner"),
    (1, "to the V"),
];
const COMPASS_HALF: &[Pattern] = &[(1, "in the C half")];

const FAR_BESIDE: &[Pattern] = &[
    (5, "on the far H"),
    (2, "at the far H"),
    (1, "on the far H side"),
    (1, "on the extreme H"),
];
const FAR_ABOVE: &[Pattern] = &[(5, "at the very T")];
const EDGE_BESIDE: &[Pattern] = &[
    (4, "at the H edge"),
    (3, "near the H edge"),
    (2, "by the H edge"),
    (1, "along the H edge"),
    (1, "at the H border"),
    (1, "at the H margin"),
];
const EDGE_ABOVE: &[Pattern] = &[
    (4, "at the T edge"),
    (3, "near the T edge"),
    (2, "by the T edge"),
    (1, "along the U edge"),
    (1, "at the U border"),
];

impl<'a> Place<'a> {
    /// Words for a position of things about which `facts` are known.
    pub fn new(position: Position, facts: &'a Facts, style: Style) -> Self {
        Self {
            position,
            facts,
            style,
        }
    }

    /// With a preposition: "at the top", "in the north-west of the picture".
    pub fn whereabouts(&self, rng: &mut (impl Rng + ?Sized)) -> String {
        let (above, beside) = self.sides();
        let (half, mid) = (self.position.is_half(), self.position.is_mid_side());
        let patterns = match (above, beside) {
            (None, None) => MIDDLE,
            (Some(_), None) if mid => MID_ABOVE,
            (None, Some(_)) if mid => MID_BESIDE,
            _ if half && self.style.compass => COMPASS_HALF,
            (Some(_), None) if half => HALF_ABOVE,
            (None, Some(_)) if half => HALF_BESIDE,
            (Some(_), Some(_)) if self.style.compass => COMPASS_CORNER,
            (Some(_), Some(_)) => CORNER,
            _ if self.style.compass => COMPASS,
            (Some(up), None) => self.outermost(if up { 2 } else { 3 }, ABOVE, rng),
            (None, Some(left)) => self.outermost(if left { 0 } else { 1 }, BESIDE, rng),
        };
        let pattern = chosen(patterns, rng);
        let words = self.filled(pattern);
        // "Towards the left of the image" and "at top left of the image" are never used.
        let ends = ["to ", "tow", "in T", "at T", "in M", "over"];
        let extends = !ends.iter().any(|start| pattern.starts_with(start));
        if extends && rng.random_bool(0.12) {
            format!("{words} of the {}", self.style.image(rng))
        } else {
            words
        }
    }

    /// The patterns for a side, or for its outer end if all the meant things lie there.
    fn outermost(
        &self,
        side: usize,
        usual: &'static [Pattern],
        rng: &mut (impl Rng + ?Sized),
    ) -> &'static [Pattern] {
        let above = side >= 2;
        if self.facts.at_edge[side] && rng.random_bool(0.25) {
            if above { EDGE_ABOVE } else { EDGE_BESIDE }
        } else if self.facts.far[side] && rng.random_bool(0.2) {
            if above { FAR_ABOVE } else { FAR_BESIDE }
        } else {
            usual
        }
    }

    /// Before a noun: "top-left", "central", "northern"; `None` for halves.
    pub fn adjective(&self, rng: &mut (impl Rng + ?Sized)) -> Option<String> {
        let mid = self.position.is_mid_side();
        let patterns: &[Pattern] = match self.sides() {
            _ if self.position.is_half() => return None,
            (None, None) => &[(3, "middle"), (3, "central"), (1, "M")],
            (Some(_), None) if mid => &[(3, "T middle"), (3, "T-M"), (2, "T M")],
            (None, Some(_)) if mid => &[(3, "middle H"), (3, "M-H"), (2, "mid-H")],
            _ if self.style.compass => &[(1, "C")],
            (Some(_), Some(_)) => &[(4, "T-H"), (5, "T H"), (3, "U H"), (2, "U-H")],
            (Some(_), None) => &[(3, "T"), (3, "U")],
            (None, Some(_)) => &[(7, "H"), (1, "H-hand"), (1, "H side")],
        };
        Some(self.filled(chosen(patterns, rng)))
    }

    /// In the fewest words, as after a noun without a preposition: "top left".
    pub fn short(&self, rng: &mut (impl Rng + ?Sized)) -> String {
        let (half, mid) = (self.position.is_half(), self.position.is_mid_side());
        let patterns: &[Pattern] = match self.sides() {
            (None, None) => &[(3, "middle"), (3, "M"), (1, "in middle")],
            (Some(_), None) if half => &[(1, "T half"), (1, "U half")],
            (None, Some(_)) if half => &[(1, "H half")],
            (Some(_), None) if mid => &[(3, "T middle"), (3, "T M"), (1, "U middle")],
            (None, Some(_)) if mid => &[(3, "middle H"), (3, "M H"), (1, "mid H")],
            _ if self.style.compass => &[(3, "V"), (1, "C part")],
            (Some(_), Some(_)) => &[(6, "T H"), (3, "U H"), (3, "T H corner"), (1, "T-H")],
            (Some(_), None) => &[(4, "T"), (2, "U part"), (2, "at T")],
            (None, Some(_)) => &[(5, "H"), (2, "H side"), (2, "on H")],
        };
        self.filled(chosen(patterns, rng))
    }

    /// Whether it is at the top rather than the bottom, and at the left rather than the right; `None` if neither.
    fn sides(&self) -> (Option<bool>, Option<bool>) {
        match self.position {
            Position::Left | Position::LeftHalf | Position::MiddleLeft => (None, Some(true)),
            Position::Right | Position::RightHalf | Position::MiddleRight => (None, Some(false)),
            Position::Top | Position::TopHalf | Position::TopCentre => (Some(true), None),
            Position::Bottom | Position::BottomHalf | Position::BottomCentre => (Some(false), None),
            Position::TopLeft => (Some(true), Some(true)),
            Position::TopRight => (Some(true), Some(false)),
            Position::BottomLeft => (Some(false), Some(true)),
            Position::BottomRight => (Some(false), Some(false)),
            Position::Centre => (None, None),
        }
    }

    fn filled(&self, pattern: &str) -> String {
        let (above, beside) = self.sides();
        let up = above.unwrap_or(true);
        let left = beside.unwrap_or(true);
        let ns = above.map(|up| if up { "north" } else { "south" });
        let we = beside.map(|left| if left { "west" } else { "east" });
        let joint = match (ns, we) {
            (Some(_), Some(_)) if self.style.british => "-",
            _ => "",
        };
        let compass = format!("{}{joint}{}", ns.unwrap_or(""), we.unwrap_or(""));
        let mut words = String::with_capacity(pattern.len() + 16);
        for letter in pattern.chars() {
            match letter {
                'T' => words.push_str(if up { "top" } else { "bottom" }),
                'U' => words.push_str(if up { "upper" } else { "lower" }),
                'H' => words.push_str(if left { "left" } else { "right" }),
                'V' => words.push_str(&compass),
                'C' => words.push_str(&format!("{compass}ern")),
                'M' => words.push_str(self.style.spelt("centre", "center")),
                other => words.push(other),
            }
        }
        words
    }
}

fn chosen(patterns: &[Pattern], rng: &mut (impl Rng + ?Sized)) -> &'static str {
    let weighed = patterns.iter().map(|(weight, pattern)| (*weight, pattern));
    draw(weighed, rng).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;

    #[test]
    fn words_name_their_sides_and_no_others() {
        let mut rng = ChaCha8Rng::seed_from_u64(3);
        let facts = Facts {
            far: [true; 4],
            at_edge: [true; 4],
            ..Facts::default()
        };
        for round in 0..400 {
            let style = Style {
                british: round % 2 == 0,
                compass: round % 3 == 0,
                terse: false,
            };
            for position in Position::ALL {
                let place = Place::new(position, &facts, style);
                let (above, beside) = place.sides();
                let mut all = vec![place.whereabouts(&mut rng), place.short(&mut rng)];
                all.extend(place.adjective(&mut rng));
                for words in all {
                    assert!(!words.contains(char::is_uppercase), "{words}");
                    let says = |options: &[&str]| options.iter().any(|word| words.contains(word));
                    let up = says(&["top", "upper", "north"]);
                    let down = says(&["bottom", "lower", "south"]);
                    let left = says(&["left", "west"]);
                    let right = says(&["right", "east"]);
                    assert_eq!(
                        (up, down),
                        (above == Some(true), above == Some(false)),
                        "{words}"
                    );
                    assert_eq!(
                        (left, right),
                        (beside == Some(true), beside == Some(false)),
                        "{words}"
                    );
                }
            }
        }
    }
}
