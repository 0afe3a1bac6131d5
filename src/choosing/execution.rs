//! A request executed on maps of any size, whose result can then be changed manually.

use crate::reading::{Number, Request, is_known_noun};
use crate::things::region::Region;
use crate::vision::LOWEST_PROBABILITY;
use crate::vision::image::RgbImage;

use super::chooser::{choose, is_bare};
use super::chosen::{ChoiceProblem, Chosen};
use super::crossing::Crossing;
use super::flood::neighbours;
use super::grid::{GridBuilder, MOST_PIXELS, complement, decimate};
use super::options::ObjectOptions;
use super::outcome::{Outcome, is_mass, joined, relation_to};
use super::owners::Owners;
use super::target::{Maps, Target, parts};

/// A request, the maps of its things, and what is chosen among them.
pub struct Execution {
    request: Request,
    width: usize,
    height: usize,
    factor: usize,
    options: ObjectOptions,
    /// The maps on the grid, each with its prompt.
    maps: Vec<(String, Vec<u8>)>,
    /// What stands in place of the maps with these numbers, and the number of the map of the water that is crossed.
    crossings: Vec<(usize, usize, Crossing)>,
    image: Option<RgbImage>,
    chosen: Chosen,
    owners: Owners,
    picked: Vec<usize>,
    /// `[rows, columns]`: 0, or one more than the number of the map that the pixel takes its values from.
    sources: Vec<u8>,
}

impl Execution {
    /// Creates an execution with nothing chosen. `width` and `height` are the size of the full maps; sizes in `options`
    /// are in their pixels too.
    pub fn new(request: Request, width: usize, height: usize, options: ObjectOptions) -> Self {
        let factor = GridBuilder::new(width, height, MOST_PIXELS).finish().factor;
        Self {
            request,
            width,
            height,
            factor,
            options: options.on_grid(factor),
            maps: Vec::new(),
            crossings: Vec::new(),
            image: None,
            chosen: Chosen::default(),
            owners: Owners::default(),
            picked: Vec::new(),
            sources: Vec::new(),
        }
    }

    /// Side length of a grid cell in map pixels.
    pub fn factor(&self) -> usize {
        self.factor
    }

    /// Size of the grid: columns and rows.
    pub fn grid(&self) -> (usize, usize) {
        let along = |side: usize| side.div_ceil(self.factor);
        (along(self.width), along(self.height))
    }

    /// Takes the full map that answers a prompt, bytes `[height, width]`. A map of any other size is ignored.
    pub fn add(&mut self, prompt: &str, map: &[u8]) {
        if map.len() == self.width * self.height {
            let grid = decimate(map, self.width, MOST_PIXELS);
            self.maps.retain(|(known, _)| known != prompt);
            self.maps.push((prompt.to_owned(), grid.map));
        }
    }

    /// Takes the pixels of the same target, of any size, to measure colours and tones.
    pub fn see(&mut self, image: RgbImage) {
        self.image = Some(image);
    }

    /// Chooses by the rules.
    ///
    /// # Errors
    /// Returns the first prompt that has no map.
    pub fn run(&mut self) -> Result<(), String> {
        let (width, height) = self.grid();
        let maps = Maps::of(&self.request, |part| {
            let prompt = part.prompt();
            let found = self.maps.iter().find(|(known, _)| *known == prompt);
            found.map(|(_, map)| map.clone()).ok_or(prompt)
        })?;
        let target = Target {
            width,
            height,
            image: self.image.as_ref(),
            maps: &maps,
        };
        self.chosen = choose(&self.request, target, &self.options);
        self.crossings = self.shown_crossings();
        let union = self.union(width * height);
        let objects = &self.chosen.objects;
        self.owners = Owners::of(objects, &union, width, self.options.low);
        self.picked = sorted(&self.chosen.chosen);
        self.draw();
        Ok(())
    }

    /// Puts these objects into the mask instead of those that the rules chose.
    pub fn pick(&mut self, picked: &[usize]) {
        let count = self.chosen.objects.len();
        self.picked = sorted(picked);
        self.picked.retain(|&place| place < count);
        self.draw();
    }

    /// Puts the objects that the rules chose into the mask.
    pub fn reset(&mut self) {
        self.picked = sorted(&self.chosen.chosen);
        self.draw();
    }

    /// Copies into `into` the values that the mask takes from the full map of a prompt; both are bytes `[height,
    /// width]`. Other pixels become [`LOWEST_PROBABILITY`] where the map has data and `into` is 0. The map of crossed
    /// water raises the values of decks.
    pub fn fill(&self, prompt: &str, from: &[u8], into: &mut [u8]) {
        let columns = self.grid().0;
        let Some(number) = self.maps.iter().position(|(known, _)| known == prompt) else {
            return;
        };
        let source = number as u8 + 1;
        let over = self
            .crossings
            .iter()
            .filter(|(_, water, _)| *water == number);
        let over: Vec<(u8, &Crossing)> = over
            .map(|(thing, _, crossing)| (*thing as u8 + 1, crossing))
            .collect();
        let width = self.width.max(1);
        for (y, (from, into)) in from.chunks(width).zip(into.chunks_mut(width)).enumerate() {
            let row = y / self.factor * columns;
            for (x, (&value, place)) in from.iter().zip(into).enumerate() {
                let cell = row + x / self.factor;
                let taken = self.sources.get(cell).copied().unwrap_or(0);
                let is_deck =
                    |(thing, crossing): &(u8, &Crossing)| *thing == taken && crossing.is_deck(cell);
                if taken == source {
                    *place = value.max(*place);
                } else if over.iter().any(is_deck) {
                    *place = Crossing::value(*place, value);
                } else {
                    *place = (*place).max(value.min(LOWEST_PROBABILITY));
                }
            }
        }
    }

    /// Whether everything but the chosen objects is in the mask.
    pub fn is_complement(&self) -> bool {
        self.request.complement
    }

    /// Completes a map after [`Self::fill`] with all of [`Self::own_prompts`]: turns it into that of everything else if
    /// that is asked for.
    pub fn finish(&self, into: &mut [u8]) {
        if self.request.complement {
            complement(into);
        }
    }

    /// Prompts of the maps that the mask takes its values from.
    pub fn own_prompts(&self) -> Vec<String> {
        let mut prompts = self.object_prompts();
        for water in self.own().into_iter().filter_map(Request::crossed) {
            if !prompts.contains(&water.prompt()) {
                prompts.push(water.prompt());
            }
        }
        prompts
    }

    /// Prompts of the maps in which objects are found.
    fn object_prompts(&self) -> Vec<String> {
        self.own().into_iter().map(Request::prompt).collect()
    }

    /// What stands in place of the maps of requested things that cross water, with the numbers of their map and of that
    /// of the water.
    fn shown_crossings(&self) -> Vec<(usize, usize, Crossing)> {
        let number = |part: &Request| {
            let prompt = part.prompt();
            self.maps.iter().position(|(known, _)| *known == prompt)
        };
        let own = self.own();
        let of = |part: &Request| {
            let (thing, water) = (number(part)?, number(part.crossed()?)?);
            let crossings = &self.chosen.crossings;
            let crossing = crossings.shown(part, &own, &self.maps[thing].1)?;
            Some((thing, water, crossing))
        };
        own.iter().filter_map(|part| of(part)).collect()
    }

    /// The map with this number, in which objects are found.
    fn seen(&self, number: usize) -> &[u8] {
        let crossing = self.crossings.iter().find(|(thing, ..)| *thing == number);
        crossing.map_or(&self.maps[number].1, |(.., crossing)| &crossing.map)
    }

    /// The result so far.
    pub fn outcome(&self) -> Outcome {
        let chosen = &self.chosen;
        let changed = self.picked != sorted(&chosen.chosen);
        let mut problem = chosen.problem.clone().filter(|_| !changed);
        let mut relation = None;
        if let Some(ChoiceProblem::AnchorMissing { noun }) = &mut problem {
            relation = relation_to(&self.request, noun);
            let all = parts(&self.request).into_iter();
            let missing = all.skip(1).find(|part| part.thing.noun == *noun);
            if let Some(missing) = missing {
                *noun = missing.one();
            }
        }
        let own = self.own();
        let single = self.request.number == Number::One && self.request.and.is_empty();
        Outcome {
            noun: joined(own.iter().map(|part| part.several()), " and "),
            one: joined(own.iter().map(|part| part.one()), " or "),
            found: chosen.objects.len(),
            chosen: self.picked.len(),
            near: if changed { 0 } else { chosen.near_ties.len() },
            single: single && !is_bare(&self.request),
            mass: is_mass(&self.request),
            bare: is_bare(&self.request),
            complement: self.request.complement,
            unknown: self.request.thing.class.is_none() && !is_known_noun(&self.request.thing.noun),
            changed,
            problem,
            relation,
        }
    }

    /// All objects that can be chosen; the regions are on the grid.
    pub fn chosen(&self) -> &Chosen {
        &self.chosen
    }

    /// Numbers of the objects in the mask, in ascending order.
    pub fn picked(&self) -> &[usize] {
        &self.picked
    }

    /// `[rows, columns]`: the number of the cell's object plus one, or 0.
    pub fn owners(&self) -> &[u32] {
        self.owners.labels()
    }

    /// Name of each object, as [`Request::one`] gives it.
    pub fn nouns(&self) -> Vec<String> {
        let width = self.grid().0;
        let own = self.own();
        let held = |part: &&&Request, region: &Region| {
            let map = self.map(&part.prompt());
            let sure = |&(x, y): &(usize, usize)| {
                map.is_some_and(|map| map[y * width + x] >= self.options.threshold)
            };
            region.pixels().filter(sure).count() * 2 > region.area()
        };
        let noun = |region: &Region| {
            let part = own.iter().find(|part| held(part, region));
            part.unwrap_or(&own[0]).one()
        };
        let objects = self.chosen.objects.iter();
        objects.map(|object| noun(&object.region)).collect()
    }

    /// Name of pixels that are in the mask but in no object, such as specks; `None` if several kinds are possible.
    pub fn only_noun(&self) -> Option<String> {
        match self.own()[..] {
            [part] => Some(part.one()),
            _ => None,
        }
    }

    fn map(&self, prompt: &str) -> Option<&[u8]> {
        let number = self.maps.iter().position(|(known, _)| known == prompt);
        number.map(|number| self.seen(number))
    }

    /// The request and those added to it with "and".
    fn own(&self) -> Vec<&Request> {
        let mut own = vec![&self.request];
        let mut next = 0;
        while next < own.len() {
            own.extend(&own[next].and);
            next += 1;
        }
        own
    }

    /// Numbers of the maps that the mask takes its values from.
    fn own_maps(&self) -> Vec<usize> {
        let prompts = self.object_prompts();
        let number = |prompt: &String| self.maps.iter().position(|(known, _)| known == prompt);
        prompts.iter().filter_map(number).collect()
    }

    /// The highest value per cell of all maps in which objects were found.
    fn union(&self, count: usize) -> Vec<u8> {
        let mut union = vec![0u8; count];
        for number in self.own_maps() {
            for (most, &value) in union.iter_mut().zip(self.seen(number)) {
                *most = (*most).max(value);
            }
        }
        union
    }

    /// Decides for each grid cell which map the mask takes its values from.
    fn draw(&mut self) {
        let own = self.own_maps();
        let mut is_picked = vec![false; self.chosen.objects.len() + 1];
        self.picked
            .iter()
            .for_each(|&place| is_picked[place + 1] = true);
        let mut is_changed = is_picked.clone();
        for &place in &self.chosen.chosen {
            is_changed[place + 1] = !is_picked[place + 1];
        }
        let seen: Vec<&[u8]> = (0..self.maps.len())
            .map(|number| self.seen(number))
            .collect();
        let value = |number: usize, at: usize| seen[number][at];
        let sources = self.owners.labels().iter().enumerate().map(|(at, &owner)| {
            let owner = owner as usize;
            let source = if !is_changed[owner] {
                let kept = self.chosen.map[at];
                own.iter()
                    .find(|&&number| kept > 0 && value(number, at) == kept)
            } else if is_picked[owner] {
                own.iter().max_by_key(|&&number| value(number, at))
            } else {
                None
            };
            source.map_or(0, |&number| number as u8 + 1)
        });
        self.sources = sources.collect();
        if self.factor > 1 {
            self.widen();
        }
    }

    /// Grows the sources by one grid cell into cells that nothing else uses: edges of an object reach into cells that
    /// are mostly outside of it.
    fn widen(&mut self) {
        let (columns, before) = (self.grid().0, self.sources.clone());
        for at in (0..before.len()).filter(|&at| before[at] > 0) {
            for (near, _) in neighbours(at, columns, before.len()) {
                if before[near] == 0 && self.owners.labels()[near] == 0 {
                    self.sources[near] = before[at];
                }
            }
        }
    }
}

fn sorted(places: &[usize]) -> Vec<usize> {
    let mut places = places.to_vec();
    places.sort_unstable();
    places.dedup();
    places
}

#[cfg(test)]
#[path = "executed_tests.rs"]
mod tests;
