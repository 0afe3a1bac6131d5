//! Executes a request on the maps of its things.

use std::cell::RefCell;
use std::rc::Rc;

use crate::reading::{Condition, Number, Request};
use crate::sorting::sort_by;
use crate::things::class::Class;

use super::anchor::Anchor;
use super::chosen::{ChoiceProblem, Chosen};
use super::crossings::Crossings;
use super::objects::{MOST_OBJECTS, Objects, objects};
use super::options::ObjectOptions;
use super::presence::{doubt_small, is_noise, likelihoods, whole_things};
use super::scores::Clip;
use super::target::{Kind, Target, other_of};

/// An object whose lowest score does not exceed this certainly does not fit.
const FLOOR: f32 = 0.25;

/// An object is the closest match only if its scores by its own features (colour, position, size) exceed this. With
/// this limit, 2 of 27 phrases for absent objects got a mask on zanzibar, instead of 10, and 7 of 90 on synthetic
/// scenes, instead of 12.
const CLOSEST: f32 = 0.15;

/// An object is a near-tie if its product of scores reaches this share of the best one.
const NEAR_TIE: f32 = 0.9;

/// If no object meets all conditions, those that reach this share of the best product form the best group.
const GROUP: f32 = 0.8;

/// Maximum depth of nested requests.
const DEEPEST: usize = 8;

/// Executes a request: finds the objects in the map of its things and chooses among them.
///
/// - A bare request keeps the whole map.
/// - If all objects of a class are far too small or too faint for that class, nothing is chosen.
/// - `All` chooses every object that meets all conditions (every score at least 0.5). If there is none, it chooses the
///   best group: objects with at least 80 % of the best product of scores, unless they certainly do not fit.
/// - `One` chooses the likeliest of the objects whose scores all exceed 0.25: the best product of scores and of the
///   network's certainty. Objects within 90 % of its product of scores are near-ties. Colours are soft: an object that
///   merely resembles the colour scores up to 0.35. If every object has a score of 0.25 or less, nothing is chosen.
///   With [`ObjectOptions::settle`], the likeliest object is chosen in that case, if its own colour, place and size
///   score more than 0.15.
/// - `Exactly` chooses that number of the best.
/// - A rank orders what `All` would choose. If these are too few, [`ObjectOptions::settle`] adds what `One` considers.
pub fn choose(request: &Request, target: Target, options: &ObjectOptions) -> Chosen {
    let chooser = Chooser {
        target,
        options: *options,
        crossings: Crossings::of(request, target.maps, target.width, options.look),
        found: RefCell::default(),
        anchors: RefCell::default(),
    };
    let chosen = chooser.execute(request, 0);
    Chosen {
        crossings: chooser.crossings,
        ..chosen
    }
}

/// Maps and what has been found in them so far.
pub struct Chooser<'a> {
    pub(super) target: Target<'a>,
    options: ObjectOptions,
    /// What stands in place of the maps of things that cross water.
    crossings: Crossings,
    found: RefCell<Vec<(Kind, Rc<Objects>)>>,
    anchors: RefCell<Vec<(Request, Rc<Anchor>)>>,
}

/// A choice among the objects of one map.
struct Pick {
    objects: Rc<Objects>,
    chosen: Vec<usize>,
    near_ties: Vec<usize>,
    clips: Vec<(usize, Clip)>,
    problem: Option<ChoiceProblem>,
    whole: bool,
    /// Whether everything above the threshold in the map is noise.
    noise: bool,
}

impl Chooser<'_> {
    fn execute(&self, request: &Request, depth: usize) -> Chosen {
        let count = self.target.width * self.target.height;
        let mut result = match self.pick(request, depth) {
            Ok(pick) => self.draw(request, pick),
            Err(problem) => Chosen {
                problem: Some(problem),
                width: self.target.width,
                map: vec![0; count],
                keep: vec![false; count],
                ..Chosen::default()
            },
        };
        if depth == 0 {
            for other in request.conditions.iter().flat_map(Condition::others) {
                let anchor = self.anchor(other, 1);
                result
                    .anchors
                    .extend(anchor.iter().flat_map(|anchor| anchor.regions().cloned()));
            }
            if let Some(other) = request.rank.as_ref().and_then(|rank| other_of(&rank.key))
                && let Ok(anchor) = self.anchor(other, 1)
            {
                result.anchors.extend(anchor.regions().cloned());
            }
        }
        if depth >= DEEPEST {
            return result;
        }
        for more in &request.and {
            result.add(self.execute(more, depth + 1));
        }
        for less in &request.except {
            result.take(&self.execute(less, depth + 1), self.options.threshold);
        }
        result
    }

    /// The objects of a request's things, found once.
    fn objects(&self, request: &Request) -> Result<Rc<Objects>, ChoiceProblem> {
        let kind = Kind::of(request);
        if let Some((_, found)) = self.found.borrow().iter().find(|(other, _)| *other == kind) {
            return Ok(Rc::clone(found));
        }
        let map = self.map(request)?;
        let found = Rc::new(objects(
            map,
            self.target.width,
            is_countable(request),
            &self.options,
        ));
        self.found.borrow_mut().push((kind, Rc::clone(&found)));
        Ok(found)
    }

    fn map(&self, request: &Request) -> Result<&[u8], ChoiceProblem> {
        let crossing = self.crossings.get(request);
        let map = crossing.map(|crossing| crossing.map.as_slice());
        map.or_else(|| self.target.maps.get(request))
            .filter(|map| map.len() == self.target.width * self.target.height)
            .ok_or_else(|| ChoiceProblem::NoMap {
                noun: request.thing.noun.clone(),
            })
    }

    /// What a relation refers to.
    pub(super) fn anchor(
        &self,
        request: &Request,
        depth: usize,
    ) -> Result<Rc<Anchor>, ChoiceProblem> {
        if let Some((_, known)) = self
            .anchors
            .borrow()
            .iter()
            .find(|(other, _)| other == request)
        {
            return Ok(Rc::clone(known));
        }
        let missing = || ChoiceProblem::AnchorMissing {
            noun: request.thing.noun.clone(),
        };
        let pick = match self.pick(request, depth + 1) {
            Err(ChoiceProblem::NothingFits { .. } | ChoiceProblem::TooFew { .. }) => {
                return Err(missing());
            }
            other => other?,
        };
        if pick.chosen.is_empty() {
            return Err(missing());
        }
        let anchor = Rc::new(Anchor::new(pick.objects, pick.chosen));
        self.anchors
            .borrow_mut()
            .push((request.clone(), Rc::clone(&anchor)));
        Ok(anchor)
    }

    /// Chooses among the objects of a request's things, ignoring "and" and "except".
    fn pick(&self, request: &Request, depth: usize) -> Result<Pick, ChoiceProblem> {
        if depth >= DEEPEST {
            return Err(ChoiceProblem::TooDeep);
        }
        let objects = self.objects(request)?;
        let noun = || request.thing.noun.clone();
        let count = objects.candidates.len();
        let cut = objects.cut.then(|| ChoiceProblem::TooMany {
            noun: noun(),
            kept: MOST_OBJECTS,
        });
        let mut pick = Pick {
            objects: Rc::clone(&objects),
            chosen: (0..count).collect(),
            near_ties: Vec::new(),
            clips: Vec::new(),
            problem: cut,
            whole: true,
            noise: self.is_noise(request, &objects),
        };
        if pick.noise {
            pick.chosen.clear();
            pick.whole = is_bare(request);
            pick.problem = (count > 0).then(|| ChoiceProblem::TooSmall { noun: noun() });
            return Ok(pick);
        }
        if is_bare(request) {
            let keep = whole_things(&objects.candidates, request, is_countable(request));
            pick.whole = keep.len() == count;
            pick.chosen = keep;
            return Ok(pick);
        }
        pick.whole = false;
        let mut scores = self.scores(request, &objects, depth)?;
        doubt_small(&mut scores.product, &objects.candidates, request);
        pick.clips = scores.clips;
        pick.problem = pick.problem.take().or(scores.problem);
        // Best first; then by area, so that specks come last.
        let mut best: Vec<usize> = (0..count)
            .filter(|&place| scores.least[place] > FLOOR)
            .collect();
        let likely = likelihoods(&scores.product, &objects.candidates, request);
        let by_likelihood = |a: &usize, b: &usize| likely[*a].total_cmp(&likely[*b]);
        sort_by(&mut best, |a, b| {
            let by_area = objects.candidates[*b]
                .area
                .cmp(&objects.candidates[*a].area);
            by_likelihood(b, a).then(by_area)
        });
        if best.is_empty() && self.options.settle && request.number == Number::One {
            best.extend(
                (0..count)
                    .filter(|&place| scores.own[place] > CLOSEST)
                    .max_by(by_likelihood),
            );
            pick.problem = (!best.is_empty()).then(|| ChoiceProblem::Closest { noun: noun() });
        }
        let Some(&top) = best.first() else {
            pick.chosen.clear();
            pick.problem = Some(ChoiceProblem::NothingFits { noun: noun() });
            return Ok(pick);
        };
        let near = |place: usize, share: f32| scores.product[place] >= share * scores.product[top];
        let mut fitting: Vec<usize> = (0..count)
            .filter(|&place| scores.least[place] >= 0.5)
            .collect();
        if fitting.is_empty() {
            fitting = best
                .iter()
                .copied()
                .filter(|&place| near(place, GROUP))
                .collect();
        }
        if let Some(rank) = &request.rank {
            let wanted = rank.count.max(1) as usize;
            let mut ranked = self.rank(rank, &objects, &fitting, depth)?;
            if ranked.chosen.len() < wanted && self.options.settle && best.len() > fitting.len() {
                // "The second white one" was asked for, but only one is certainly white: the others may be white too.
                ranked = self.rank(rank, &objects, &best, depth)?;
                pick.problem = Some(ChoiceProblem::Closest { noun: noun() });
            }
            let found = ranked.chosen.len();
            if found < wanted {
                pick.problem = Some(ChoiceProblem::TooFew {
                    noun: noun(),
                    wanted: wanted + rank.place.max(1) as usize - 1,
                    found: fitting.len(),
                });
            }
            pick.chosen = ranked.chosen;
            pick.near_ties = ranked.near_ties;
            return Ok(pick);
        }
        match request.number {
            Number::All => pick.chosen = fitting,
            Number::One => {
                pick.chosen = vec![top];
                pick.near_ties = best[1..]
                    .iter()
                    .copied()
                    .filter(|&place| near(place, NEAR_TIE))
                    .collect();
            }
            Number::Exactly(wanted) => {
                let wanted = wanted as usize;
                let taken = wanted.min(best.len());
                pick.chosen = best[..taken].to_vec();
                if taken < wanted {
                    pick.problem = Some(ChoiceProblem::TooFew {
                        noun: noun(),
                        wanted,
                        found: taken,
                    });
                } else if let Some(&last) = pick.chosen.last() {
                    let share = NEAR_TIE * scores.product[last];
                    let close = best[taken..].iter().copied();
                    pick.near_ties = close
                        .filter(|&place| scores.product[place] >= share)
                        .collect();
                }
            }
        }
        Ok(pick)
    }

    fn is_noise(&self, request: &Request, objects: &Objects) -> bool {
        let largest = objects.candidates.iter().map(|object| object.area).max();
        let class = request.thing.class;
        class.is_some_and(|class| {
            is_noise(class, largest.unwrap_or(0), objects.peak, self.options.look)
        })
    }

    /// The map restricted to the chosen objects.
    fn draw(&self, request: &Request, pick: Pick) -> Chosen {
        let width = self.target.width;
        let source = self.map(request).unwrap_or(&[]);
        let mut is_chosen = vec![false; pick.objects.candidates.len() + 1];
        is_chosen[0] = pick.whole;
        pick.chosen
            .iter()
            .for_each(|&place| is_chosen[place + 1] = true);
        let mut clips: Vec<Vec<&Clip>> = vec![Vec::new(); is_chosen.len()];
        pick.clips
            .iter()
            .for_each(|(place, clip)| clips[place + 1].push(clip));
        let keep: Vec<bool> = pick
            .objects
            .labels
            .iter()
            .enumerate()
            .map(|(at, &label)| {
                let left = |clip: &&Clip| clip.leaves(at % width, at / width);
                let is_speck = pick.noise && source.get(at) >= Some(&self.options.threshold);
                is_chosen[label as usize]
                    && !is_speck
                    && (pick.whole || clips[label as usize].iter().all(left))
            })
            .collect();
        let masked = source
            .iter()
            .zip(&keep)
            .map(|(&value, &keep)| if keep { value } else { 0 });
        Chosen {
            map: masked.collect(),
            count: pick.chosen.len(),
            objects: pick.objects.candidates.clone(),
            chosen: pick.chosen,
            near_ties: pick.near_ties,
            problem: pick.problem,
            width,
            keep,
            whole: pick.whole,
            anchors: Vec::new(),
            crossings: Crossings::default(),
        }
    }
}

/// Whether a request names a kind of thing without anything that chooses among its objects.
pub fn is_bare(request: &Request) -> bool {
    let chooses = |condition: &Condition| !matches!(condition, Condition::Material(_));
    let exactly = matches!(request.number, Number::Exactly(_));
    request.rank.is_none() && !exactly && !request.conditions.iter().any(chooses)
}

/// Whether touching objects of a request are separated. The cars on a parking lot break its outline, so narrow passes
/// mean nothing there.
fn is_countable(request: &Request) -> bool {
    let whole = |class: Class| class.is_ground() || class == Class::ParkingLot;
    !request.thing.mass && !request.thing.class.is_some_and(whole)
}
