//! Sentence forms: text with slots for the parts of a query.
//!
//! The forms are in `forms/*.txt`, one per line: its grammatical numbers, its weight, its text. `(a|b)` is one of
//! several texts, `[a]` is optional, `{slot}` is filled with what the query says.

use super::said::Said;

/// Grammatical numbers, as bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grammar(u8);

impl Grammar {
    /// One thing.
    pub const ONE: Self = Self(1);
    /// Several things.
    pub const MANY: Self = Self(2);
    /// A mass noun: "the water is".
    pub const MASS: Self = Self(4);

    /// Whether the two have a number in common.
    pub fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    fn parse(text: &str) -> Option<Self> {
        if text == "*" {
            return Some(Self(7));
        }
        text.chars().try_fold(Self(0), |bits, letter| {
            let bit = match letter {
                '1' => Self::ONE,
                'n' => Self::MANY,
                'm' => Self::MASS,
                _ => return None,
            };
            Some(Self(bits.0 | bit.0))
        })
    }
}

/// A slot, written in braces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Slot {
    /// A noun phrase with its article, which states all parts that the rest of the form omits.
    NounPhrase,
    /// Adjectives and noun.
    Thing,
    /// Adjectives and noun in the plural.
    Things,
    /// The noun.
    Class,
    /// The noun in the singular, however many are meant.
    Singular,
    /// The noun in the singular with "a".
    One,
    /// A size: "small".
    Size,
    /// A colour, also after "is": "light grey".
    Hue,
    /// A shape: "round".
    Shape,
    /// "a red roof", "red roofs".
    Roof,
    /// "roof", "roofs".
    Roofs,
    /// A position: "at the top".
    Where,
    /// A position before a noun: "top-left".
    Side,
    /// A position in the fewest words: "top left".
    Corner,
    /// A relation: "next to the road".
    Relation,
    /// A superlative before a noun: "largest".
    Most,
    /// A superlative after a noun: "furthest to the left".
    Extreme,
    /// "closest to the road".
    Near,
    /// "closest".
    Nearest,
    /// What follows [`Slot::Nearest`]: "to the road".
    To,
    /// An ordinal: "second", "second largest".
    Nth,
    /// What an ordinal counts from: "from the left"; nothing for sizes.
    From,
    /// Like [`Slot::From`], but only for ordinals that count from a side.
    Counted,
    /// "two".
    Count,
    /// "both".
    Both,
    /// "a" or "an" in the singular, nothing otherwise.
    A,
    /// "is" or "are".
    Is,
    /// "has" or "have".
    Has,
    /// "looks" or "look".
    Looks,
    /// "it" or "they".
    It,
    /// "it" or "them".
    Them,
    /// A word for the image.
    Image,
    /// "colour" or "color".
    ColourWord,
    /// "coloured" or "colored".
    Coloured,
    /// "digitise" or "digitize".
    Digitise,
}

impl Slot {
    /// Every slot with its name.
    pub const NAMES: [(&'static str, Slot); 35] = [
        ("np", Slot::NounPhrase),
        ("thing", Slot::Thing),
        ("things", Slot::Things),
        ("class", Slot::Class),
        ("singular", Slot::Singular),
        ("one", Slot::One),
        ("size", Slot::Size),
        ("hue", Slot::Hue),
        ("shape", Slot::Shape),
        ("roof", Slot::Roof),
        ("roofs", Slot::Roofs),
        ("where", Slot::Where),
        ("side", Slot::Side),
        ("corner", Slot::Corner),
        ("rel", Slot::Relation),
        ("most", Slot::Most),
        ("extreme", Slot::Extreme),
        ("near", Slot::Near),
        ("nearest", Slot::Nearest),
        ("to", Slot::To),
        ("nth", Slot::Nth),
        ("from", Slot::From),
        ("counted", Slot::Counted),
        ("count", Slot::Count),
        ("both", Slot::Both),
        ("a", Slot::A),
        ("is", Slot::Is),
        ("has", Slot::Has),
        ("looks", Slot::Looks),
        ("it", Slot::It),
        ("them", Slot::Them),
        ("image", Slot::Image),
        ("colourword", Slot::ColourWord),
        ("coloured", Slot::Coloured),
        ("digitise", Slot::Digitise),
    ];

    /// The part of a query that it states.
    fn says(self) -> Said {
        match self {
            Slot::Size => Said::SIZE,
            Slot::Shape => Said::SHAPE,
            Slot::Hue | Slot::Roof => Said::COLOUR,
            Slot::Where | Slot::Side | Slot::Corner => Said::POSITION,
            Slot::Relation => Said::RELATION,
            Slot::Most | Slot::Extreme => Said::MOST,
            Slot::Near | Slot::Nearest => Said::NEAREST,
            Slot::Nth => Said::ORDINAL,
            _ => Said::NOTHING,
        }
    }
}

/// A piece of a form.
#[derive(Debug, Clone, PartialEq)]
pub enum Piece {
    /// Text that is used unchanged.
    Text(String),
    /// Filled in.
    Slot(Slot),
    /// One of several texts.
    Choice(Vec<String>),
}

/// A sentence form.
#[derive(Debug, Clone, PartialEq)]
pub struct Template {
    /// How often it is drawn, relative to others.
    pub weight: u32,
    /// The grammatical numbers that it is for.
    pub grammar: Grammar,
    /// Its pieces, in order.
    pub pieces: Vec<Piece>,
    /// The parts that its slots state, besides those in [`Slot::Thing`] and [`Slot::NounPhrase`].
    pub says: Said,
}

impl Template {
    /// Reads a line of a file of forms.
    ///
    /// # Errors
    /// Returns what is wrong with the line.
    pub fn parse(line: &str) -> Result<Self, String> {
        let mut fields = line.splitn(3, ' ');
        let mut field = || fields.next().filter(|field| !field.is_empty());
        let (Some(numbers), Some(weight), Some(text)) = (field(), field(), field()) else {
            return Err(format!("{line:?} lacks a number, a weight or a text"));
        };
        let grammar =
            Grammar::parse(numbers).ok_or_else(|| format!("no numbers {numbers:?} in {line:?}"))?;
        let weight = weight
            .parse()
            .map_err(|_| format!("no weight {weight:?} in {line:?}"))?;
        let pieces = pieces(text).ok_or_else(|| format!("no form: {line:?}"))?;
        let says = pieces
            .iter()
            .fold(Said::NOTHING, |said, piece| match piece {
                Piece::Slot(slot) => said.with(slot.says()),
                _ => said,
            });
        Ok(Self {
            weight,
            grammar,
            pieces,
            says,
        })
    }

    /// Whether it has the slot.
    pub fn has(&self, slot: Slot) -> bool {
        self.pieces.contains(&Piece::Slot(slot))
    }

    /// Whether it states exactly `said`.
    pub fn covers(&self, said: Said) -> bool {
        let Some(rest) = said.without(self.says) else {
            return false;
        };
        if self.has(Slot::NounPhrase) {
            // "The largest building is on the left" means the largest of all buildings.
            return !(self.states() && rest.singles_out());
        }
        let adjectives = self.has(Slot::Thing) || self.has(Slot::Things);
        rest.is_nothing() || adjectives && rest.is_adjectives()
    }

    /// Whether it states something about its noun phrase, as "{np} is at the top" does.
    pub fn states(&self) -> bool {
        self.has(Slot::NounPhrase) && !self.says.is_nothing()
    }
}

/// The pieces of a text. Returns `None` if the text is empty, a bracket is not closed or a slot is unknown.
fn pieces(text: &str) -> Option<Vec<Piece>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(['{', '(', '[']) {
        if at > 0 {
            pieces.push(Piece::Text(rest[..at].to_owned()));
        }
        let close = match rest.as_bytes()[at] {
            b'{' => '}',
            b'(' => ')',
            _ => ']',
        };
        let end = at + rest[at..].find(close)?;
        let inner = &rest[at + 1..end];
        pieces.push(match close {
            '}' => {
                let (_, slot) = Slot::NAMES.iter().find(|(name, _)| *name == inner)?;
                Piece::Slot(*slot)
            }
            ')' => Piece::Choice(inner.split('|').map(str::to_owned).collect()),
            _ => Piece::Choice(vec![inner.to_owned(), String::new()]),
        });
        rest = &rest[end + 1..];
    }
    if !rest.is_empty() {
        pieces.push(Piece::Text(rest.to_owned()));
    }
    (!pieces.is_empty()).then_some(pieces)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_read() {
        let form = Template::parse("1n 4 (find|show) {np} {where} [now]").expect("a form");
        assert_eq!((form.weight, form.says), (4, Said::POSITION));
        assert!(form.grammar.meets(Grammar::MANY) && !form.grammar.meets(Grammar::MASS));
        assert_eq!(form.pieces.len(), 7);
        for wrong in ["1 4", "x 4 a", "1 y a", "1 4 {wherever}", "1 4 {np", "1 4 "] {
            assert!(Template::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_form_says_exactly_what_it_has_slots_for() {
        let form = |text: &str| Template::parse(&format!("* 1 {text}")).expect("a form");
        let red = Said::COLOUR;
        assert!(form("{thing} {where}").covers(Said::POSITION.with(red)));
        assert!(!form("{class} {where}").covers(Said::POSITION.with(red)));
        assert!(!form("{thing} {where}").covers(red));
        assert!(!form("{thing}").covers(Said::POSITION));
        assert!(form("find {np}").covers(Said::POSITION.with(Said::MOST)));
        assert!(form("{np} is {where}").covers(Said::POSITION.with(red)));
        assert!(!form("{np} is {where}").covers(Said::POSITION.with(Said::MOST)));
    }
}
