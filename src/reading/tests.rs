//! Requests put into words read back as themselves, and invalid input gets an answer.

use crate::things::class::Class;
use crate::things::colour::Colour;
use crate::things::material::Material;
use crate::things::position::Position;
use crate::things::shape::Shape;
use crate::things::size::Size;
use crate::things::tone::Tone;

use super::nouns::{self, Count};
use super::*;

/// Random numbers without a crate: this module depends on none.
struct Draw(u64);

impl Draw {
    fn below(&mut self, count: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % count
    }

    fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    fn of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }

    fn thing(&mut self, plural: bool) -> Thing {
        const OTHERS: [(&str, &str); 6] = [
            ("stadium", "stadiums"),
            ("wind turbine", "wind turbines"),
            ("abandoned house", "abandoned houses"),
            ("gazebo", "gazebos"),
            ("bridge", "bridges"),
            ("swimming-pool", "swimming-pools"),
        ];
        if self.chance(25) {
            let (one, many) = self.of(&OTHERS);
            let noun = if plural { many } else { one };
            let class = noun.starts_with("swimming").then_some(Class::Pool);
            return Thing {
                noun: noun.to_owned(),
                class,
                mass: false,
            };
        }
        loop {
            let class = self.of(&Class::ALL);
            let (one, many) = self.of(class.names());
            let noun = if plural { many } else { one };
            let count = nouns::noun(noun).expect("a name of a class").count;
            if count != Count::Mass {
                return Thing {
                    noun: noun.to_owned(),
                    class: Some(class),
                    mass: false,
                };
            }
        }
    }

    fn condition(&mut self, kind: usize, depth: usize) -> Condition {
        use Relation::*;
        const RELATIONS: [Relation; 12] = [
            LeftOf,
            RightOf,
            Above,
            Below,
            AboveLeft,
            AboveRight,
            BelowLeft,
            BelowRight,
            NextTo,
            On,
            SurroundedBy,
            FarFrom,
        ];
        const MATERIALS: [Material; 4] = [
            Material::Concrete,
            Material::Tin,
            Material::ClayTiles,
            Material::Thatch,
        ];
        match kind {
            0 => Condition::Size(self.of(&[Size::Large, Size::Small])),
            1 => Condition::Shape(self.of(&Shape::ALL)),
            2 => Condition::Tone(self.of(&[Tone::Light, Tone::Dark])),
            3 => Condition::Colour(self.of(&Colour::ALL)),
            4 => Condition::Material(self.of(&MATERIALS)),
            5 => Condition::Position(self.of(&Position::ALL)),
            6 => Condition::Relation(self.of(&RELATIONS), Box::new(self.request(depth - 1))),
            7 => {
                let kinds = if depth == 0 {
                    [0, 1, 2, 3, 5]
                } else {
                    [3, 5, 5, 6, 8]
                };
                let kind = self.of(&kinds);
                Condition::Not(Box::new(self.condition(kind, depth)))
            }
            _ => {
                let other = self.chance(60).then(|| Box::new(self.request(depth - 1)));
                Condition::Between(Box::new(self.request(depth - 1)), other)
            }
        }
    }

    fn request(&mut self, depth: usize) -> Request {
        let rank = self.chance(30).then(|| self.rank(depth));
        let (number, plural) = match &rank {
            Some(rank) if rank.count > 1 => (Number::All, true),
            Some(_) => (Number::One, false),
            None => match self.below(4) {
                0 => (Number::One, false),
                1 => (Number::All, true),
                2 => (Number::All, false),
                _ => (Number::Exactly(2 + self.below(20) as u32), true),
            },
        };
        let mut thing = self.thing(plural);
        if rank.is_none() && number == Number::All && plural && self.chance(20) {
            thing = Thing {
                noun: "grass".to_owned(),
                class: Some(Class::Grass),
                mass: true,
            };
        }
        let mut conditions: Vec<usize> = (0..9).filter(|_| self.chance(22)).collect();
        conditions.retain(|&kind| depth > 0 || kind != 6 && kind != 8);
        let mut conditions: Vec<Condition> = conditions
            .into_iter()
            .map(|kind| self.condition(kind, depth))
            .collect();
        let all = conditions.clone();
        conditions.retain(|one| !matches!(one, Condition::Not(inner) if all.contains(inner)));
        let mut more = |percent: usize| -> Vec<Request> {
            let count = if depth > 0 && self.chance(percent) {
                1 + self.below(2)
            } else {
                0
            };
            (0..count).map(|_| self.request(depth - 1)).collect()
        };
        let (and, except) = (more(15), more(10));
        Request {
            thing,
            number,
            conditions,
            rank,
            and,
            except,
            complement: false,
        }
    }

    fn rank(&mut self, depth: usize) -> Rank {
        let key = match self.below(if depth == 0 { 8 } else { 10 }) {
            0 => Key::Largest,
            1 => Key::Smallest,
            2 => Key::Longest,
            3 => Key::Leftmost,
            4 => Key::Rightmost,
            5 => Key::Topmost,
            6 => Key::Bottommost,
            7 => Key::MostCentral,
            8 => Key::ClosestTo(Box::new(self.request(depth - 1))),
            _ => Key::FarthestFrom(Box::new(self.request(depth - 1))),
        };
        let place = if self.chance(60) {
            1
        } else {
            2 + self.below(25) as u32
        };
        let count = if self.chance(75) {
            1
        } else {
            2 + self.below(4) as u32
        };
        Rank { key, place, count }
    }
}

/// "The aircraft" can be one or several.
fn is_unclear(request: &Request) -> bool {
    say(request).contains("aircraft")
}

#[test]
fn what_is_said_is_read_as_the_same_request() {
    let mut draw = Draw(7);
    let mut total = 0;
    for round in 0..6_000 {
        let mut request = draw.request(round % 3).sorted();
        request.complement = draw.chance(10);
        if is_unclear(&request) {
            continue;
        }
        let said = say(&request);
        let reading = read(&said);
        let found = reading.request.as_ref().map(say);
        let unread: Vec<String> = reading.unread.into_iter().map(|span| span.text).collect();
        let fault = format!(
            "round {round}: {said}\nas {found:?}\n{unread:?} {:?}",
            reading.problems
        );
        assert!(reading.request == Some(request), "{fault}");
        total += 1;
    }
    assert!(total > 5_000, "{total}");
}

#[test]
fn every_part_can_be_removed_and_replaced() {
    let mut draw = Draw(11);
    for round in 0..1_500 {
        let mut request = draw.request(round % 3).sorted();
        request.complement = draw.chance(10);
        if is_unclear(&request) {
            continue;
        }
        for token in read(&say(&request)).tokens {
            let removed = request.without(&token.path);
            let fixed = matches!(token.role, Role::Thing | Role::Question);
            assert_eq!(removed == request, fixed, "{token:?} of {}", say(&request));
            let others = request.alternatives(&token.path);
            let kinds: Vec<&String> = others.iter().map(|(label, _)| label).collect();
            assert!(
                others.len() <= 8 && others.iter().all(|(_, other)| *other != request),
                "{kinds:?}"
            );
            let ranked = matches!(token.role, Role::Condition | Role::Rank);
            assert_eq!(others.is_empty(), !ranked, "{token:?}");
        }
    }
}

#[test]
fn bad_input_is_answered() {
    for nothing in ["", " ", "?!", ",,, ;", "the", "please"] {
        let reading = read(nothing);
        assert!(reading.request.is_none(), "{nothing:?}");
        assert_eq!(reading.problems, [Problem::NoThing], "{nothing:?}");
    }
    assert_eq!(read("the largest").problems, [Problem::NoThing]);
    for foreign in ["самое большое здание", "最大的建筑物", "the 建筑"] {
        assert_eq!(read(foreign).problems, [Problem::OtherScript]);
    }
    let long = "the red car left of the road ".repeat(40_000);
    assert_eq!(read(&long).problems, [Problem::TooLong]);
    let clauses = format!("the car{}", " near a bus".repeat(41));
    assert!(read(&clauses).problems.contains(&Problem::TooLong));
    let list = format!("the cars{}", ", and the pools".repeat(41));
    assert!(read(&list).problems.contains(&Problem::TooLong));
    let few = format!("the cars{}", ", and the pools".repeat(39));
    assert!(read(&few).request.is_some());
    for markup in [
        "<b>the pool</b>",
        "the pool; DROP TABLE pools",
        "{{pool}}",
        "((((the pool",
        "the pool))",
        "\u{0}\u{1}",
    ] {
        assert!(read(markup).request.is_none(), "{markup:?}");
    }
}

#[test]
fn contradictions_are_named() {
    let cases = [
        ("the largest smallest building", "largest", "smallest"),
        ("the red blue car", "red", "blue"),
        ("the building on the left, on the right", "left", "right"),
        ("the large small building", "large", "small"),
        ("the leftmost rightmost car", "leftmost", "rightmost"),
    ];
    for (phrase, one, other) in cases {
        let reading = read(phrase);
        let wanted = Problem::Contradiction(one.to_owned(), other.to_owned());
        assert_eq!(reading.problems, [wanted], "{phrase}");
        assert!(reading.request.is_none());
    }
}

#[test]
fn what_is_not_understood_is_kept() {
    let reading = read("the largest building with flying saucers");
    let unread: Vec<&str> = reading
        .unread
        .iter()
        .map(|span| span.text.as_str())
        .collect();
    assert_eq!(
        (reading.request, unread),
        (None, vec!["with", "flying", "saucers"])
    );
    assert!(
        reading
            .tokens
            .iter()
            .any(|token| token.label == "largest" && token.role == Role::Rank)
    );
    let phrase = "Show the H\u{e4}user, blorping";
    let reading = read(phrase);
    let span = reading.unread.first().expect("a word is unread");
    assert_eq!(&phrase[span.start..span.end], "blorping");
}

#[test]
fn prompts_name_the_things_alone() {
    let prompts = |phrase: &str| {
        read(phrase)
            .request
            .map(|request| request.prompts())
            .unwrap_or_default()
    };
    assert_eq!(
        prompts("the second largest red house near the river"),
        ["the buildings", "the rivers"]
    );
    assert_eq!(
        prompts("the houses with metal roofs except the sheds"),
        ["the buildings with metal roofs", "the sheds"]
    );
    assert_eq!(
        prompts("all grass and the gazebo between the two pools"),
        ["the grass", "the gazebos", "the swimming pools"]
    );
    assert_eq!(
        prompts("the factory closest to the solar thermal plant"),
        ["the factories", "the solar thermal plants"]
    );
    assert_eq!(
        prompts("the largest sand trap beside the jetty"),
        ["the bunkers", "the docks"]
    );
    assert_eq!(
        prompts("the cars on the railway bridge"),
        ["the cars", "the overpasses", "the water"]
    );
}

#[test]
fn questions_are_told_apart() {
    let asked = |phrase: &str| {
        let reading = read(phrase);
        (
            reading.question,
            reading.request.map(|request| request.number),
        )
    };
    assert_eq!(
        asked("how many pools?"),
        (Question::Count, Some(Number::All))
    );
    assert_eq!(
        asked("count the cars"),
        (Question::Count, Some(Number::All))
    );
    assert_eq!(
        asked("is there a pool?"),
        (Question::Exists, Some(Number::All))
    );
    assert_eq!(
        asked("any tennis courts?"),
        (Question::Exists, Some(Number::All))
    );
    assert_eq!(
        asked("where is the pool?"),
        (Question::Mask, Some(Number::One))
    );
    assert_eq!(
        asked("both pools"),
        (Question::Mask, Some(Number::Exactly(2)))
    );
    assert_eq!(
        asked("vehicle along the road"),
        (Question::Mask, Some(Number::All))
    );
}

#[test]
fn a_shape_that_nothing_measures_is_understood() {
    let reading = read("The gray frustum of a cone large chimney");
    let request = reading.request.expect("understood");
    assert_eq!(
        (request.prompt().as_str(), request.conditions.len()),
        ("the chimneys", 2)
    );
}
