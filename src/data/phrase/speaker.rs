//! The kinds of phrases about a scene, and their proportions.

use rand::{Rng, RngExt};

use crate::things::class::Class;

use super::choice::{Choice, interest, interest_in_all};
use super::view::View;
use super::words::Form;
use super::{Referring, absent, attempt, has_only_houses, say_all};

/// Share of the phrases that name something absent.
const ABSENT_SHARE: f32 = 0.13;
/// Share of the phrases that name a class and nothing else.
const WHOLE_SHARE: f32 = 0.40;
/// How often a scene is used if only phrases for absent things can be made for it.
const DENIALS_ALONE: f64 = 0.25;
/// Attempts at a phrase for a class before another class is tried: in dense scenes most phrases are ambiguous.
const TRIES: usize = 12;
/// Classes to try before another topic is tried.
const CLASSES: usize = 3;

/// What a phrase is about.
#[derive(Clone, Copy)]
enum Topic {
    /// All of a class.
    All,
    /// Some things of a class.
    Some,
    /// Something absent.
    Nothing,
}

/// Makes phrases for a scene, seldom for the same class twice.
pub struct Speaker<'v, 's> {
    view: &'v View<'s>,
    house: bool,
    all: Vec<Choice>,
    some: Vec<Choice>,
    missing: Vec<Choice>,
    lacking: Vec<Choice>,
}

impl<'v, 's> Speaker<'v, 's> {
    /// A speaker that has not said anything yet.
    pub fn new(view: &'v View<'s>) -> Self {
        let classes = |weigh: fn(&View, Class) -> Option<f32>| -> Vec<Choice> {
            let weighed = |class: Class| {
                weigh(view, class).map(|weight| Choice {
                    class,
                    weight,
                    used: 0,
                })
            };
            Class::ALL.into_iter().filter_map(weighed).collect()
        };
        let some = classes(interest);
        Self {
            view,
            house: has_only_houses(view),
            all: classes(interest_in_all),
            missing: classes(absent::interest),
            lacking: some.clone(),
            some,
        }
    }

    /// Up to `count` different phrases. If too few statements are possible, the same ones are repeated in other words.
    pub fn phrases(&mut self, count: usize, rng: &mut (impl Rng + ?Sized)) -> Vec<Referring> {
        let mut found: Vec<Referring> = Vec::new();
        if self.all.is_empty() && self.some.is_empty() {
            let denial = rng
                .random_bool(DENIALS_ALONE)
                .then(|| self.say(Topic::Nothing, rng));
            return denial.flatten().into_iter().take(count).collect();
        }
        for _ in 0..count {
            let topics: &[Topic] = match rng.random::<f32>() {
                x if x < ABSENT_SHARE => &[Topic::Nothing, Topic::Some, Topic::All],
                x if x < ABSENT_SHARE + WHOLE_SHARE => &[Topic::All, Topic::Some],
                _ => &[Topic::Some, Topic::All],
            };
            let tries = topics.iter().flat_map(|&topic| [topic; CLASSES]);
            let is_new = |made: &Referring| {
                let same =
                    |other: &Referring| other.phrase == made.phrase || other.query == made.query;
                !found.iter().any(same)
            };
            let made = { tries }.find_map(|topic| self.say(topic, rng).filter(is_new));
            found.extend(made);
        }
        for _ in 0..2 * count {
            if found.len() >= count {
                break;
            }
            let topic = match rng.random_bool(0.5) {
                true => Topic::All,
                false => Topic::Some,
            };
            let made = self.say(topic, rng);
            let is_new = |made: &Referring| !found.iter().any(|other| other.phrase == made.phrase);
            let made = made.filter(is_new);
            found.extend(made);
        }
        found
    }

    fn say(&mut self, topic: Topic, rng: &mut (impl Rng + ?Sized)) -> Option<Referring> {
        let (view, house) = (self.view, self.house);
        let form = Form::draw(rng);
        match topic {
            Topic::All => {
                let class = Choice::draw(&mut self.all, rng)?;
                Some(say_all(view, class, form, house, rng))
            }
            Topic::Some => {
                let class = Choice::draw(&mut self.some, rng)?;
                (0..TRIES).find_map(|_| attempt(view, class, form, house, rng))
            }
            Topic::Nothing => {
                let (missing, lacking) = (&mut self.missing, &mut self.lacking);
                absent::attempt(view, missing, lacking, (form, house), rng)
            }
        }
    }
}
