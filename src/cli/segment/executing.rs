//! Executes phrases: makes the map of the chosen objects from the maps of the things in the phrase.

use anyhow::Context;

use crate::choosing::{
    Answer, Chosen, Grid, GridBuilder, MOST_PIXELS, Maps, ObjectOptions, Restriction, Target,
    choose, complement, keep_data, measures_pixels,
};
use crate::raster::{MapStore, RasterSource};
use crate::reading::{Request, Span, Understood, read_most};
use crate::segment::TilePlan;
use crate::vision::RgbImage;
use crate::vision::Window;

/// The prompts for one phrase.
pub struct Asked {
    answer: Answer,
    /// The prompts, without duplicates.
    pub prompts: Vec<String>,
}

impl Asked {
    /// Collects the prompts of an answer.
    pub fn new(answer: Answer) -> Self {
        let mut prompts = Vec::new();
        for prompt in answer.prompts() {
            if !prompts.contains(&prompt) {
                prompts.push(prompt);
            }
        }
        Self { answer, prompts }
    }

    /// Whether the prompts name things, among which rules choose: such a prompt means the same in any part of a scene.
    pub fn is_executed(&self) -> bool {
        self.answer.is_request()
    }

    /// Makes the map of the phrase from the maps of its prompts; also returns what was chosen for it.
    ///
    /// # Errors
    /// Fails if a map or the scene cannot be read, or there is no room for the result.
    pub fn map(
        &self,
        stores: Vec<MapStore>,
        plan: &TilePlan,
        source: &mut RasterSource,
    ) -> anyhow::Result<(MapStore, Option<Chosen>)> {
        match &self.answer {
            Answer::Phrase(_) => {
                let store = stores
                    .into_iter()
                    .next()
                    .context("every phrase has a map")?;
                Ok((store, None))
            }
            Answer::Request(request) => {
                let (store, chosen) = self.execute(request, stores, plan, source)?;
                Ok((store, Some(chosen)))
            }
        }
    }

    fn execute(
        &self,
        request: &Request,
        mut stores: Vec<MapStore>,
        plan: &TilePlan,
        source: &mut RasterSource,
    ) -> anyhow::Result<(MapStore, Chosen)> {
        let size = plan.map_size();
        let grids = stores
            .iter_mut()
            .map(|store| grid_of(store, size))
            .collect::<anyhow::Result<Vec<Grid>>>()?;
        let place = |part: &Request| {
            let prompt = part.prompt();
            self.prompts.iter().position(|other| *other == prompt)
        };
        let maps = Maps::of(request, |part| {
            let grid = place(part).and_then(|place| grids.get(place));
            grid.map(|grid| grid.map.clone())
                .context("every part has a map")
        })?;
        let first = grids.first().context("a request has a map")?;
        let (width, height, factor) = (first.width, first.height, first.factor);
        let image = picture(request, plan, source, factor)?;
        let target = Target {
            width,
            height,
            image: image.as_ref(),
            maps: &maps,
        };
        let options = ObjectOptions::settling(plan.look_pixels()).on_grid(factor);
        let chosen = choose(request, target, &options);
        let mut result = MapStore::default();
        if factor == 1 {
            let mut map = chosen.map.clone();
            keep_data(&mut map, &first.map);
            if request.complement {
                complement(&mut map);
            }
            result.push(&map)?;
            return Ok((result, chosen));
        }
        // The result comes from the maps of the requested things, not from those of their anchors.
        let own: Vec<&Request> = std::iter::once(request).chain(&request.and).collect();
        let shown: Vec<usize> = own.iter().filter_map(|part| place(part)).collect();
        let taken = |at: usize| shown.iter().any(|&place| grids[place].map[at] >= 128);
        let restriction = Restriction::new(&chosen.keep, taken, width, factor);
        let crossed = own.iter().find_map(|part| part.crossed()).and_then(place);
        let crossing_of = |part: &&Request| {
            let crossing = chosen.crossings.shown(part, &own, maps.get(part)?)?;
            Some((place(part)?, crossing))
        };
        let crossings: Vec<_> = own.iter().filter_map(crossing_of).collect();
        let [mut row, mut other, mut water] = [0u8; 3].map(|zero| vec![zero; size.0]);
        for y in 0..size.1 {
            row.fill(0);
            for &place in &shown {
                stores[place].read((y * size.0) as u64, &mut other)?;
                let crossing = crossings.iter().find(|(crossing, _)| *crossing == place);
                if let (Some((_, crossing)), Some(crossed)) = (crossing, crossed) {
                    stores[crossed].read((y * size.0) as u64, &mut water)?;
                    crossing.apply_row(&mut other, &water, y, factor);
                }
                for (value, &more) in row.iter_mut().zip(&other) {
                    *value = (*value).max(more);
                }
            }
            restriction.apply_row(&mut row, y);
            if request.complement {
                complement(&mut row);
            }
            result.push(&row)?;
        }
        Ok((result, chosen))
    }
}

fn grid_of(store: &mut MapStore, (width, height): (usize, usize)) -> anyhow::Result<Grid> {
    let mut builder = GridBuilder::new(width, height, MOST_PIXELS);
    let mut row = vec![0u8; width];
    for y in 0..height {
        store.read((y * width) as u64, &mut row)?;
        builder.push(&row);
    }
    Ok(builder.finish())
}

/// Reads the scene's pixels under the map, about as fine as the grid of the choice. Returns None if the request has no
/// colour.
fn picture(
    request: &Request,
    plan: &TilePlan,
    source: &mut RasterSource,
    factor: usize,
) -> anyhow::Result<Option<RgbImage>> {
    if !measures_pixels(request) {
        return Ok(None);
    }
    let ((x, y), (across, down)) = (plan.origin(), plan.step());
    let (width, height) = plan.map_size();
    let window = Window::new(
        x.round() as usize,
        y.round() as usize,
        (width as f64 * across).round() as usize,
        (height as f64 * down).round() as usize,
    );
    let piece = source.read(window, across.min(down) * factor as f64)?;
    Ok(Some(piece.image))
}

/// Returns why a phrase is not executed, which part of it is left out, or which of its words only the network can know;
/// None if none of these.
pub fn unread(phrase: &str) -> Option<String> {
    let Understood { reading, rest } = read_most(phrase);
    if let Some(rest) = rest {
        let text = rest.text;
        return Some(format!("{text:?} was not understood and is left out"));
    }
    let words = |spans: &[Span]| {
        let texts: Vec<&str> = spans.iter().map(|span| span.text.as_str()).collect();
        texts.join(" ")
    };
    if reading.request.is_some() {
        let unknown = Some(&reading.unknown).filter(|unknown| !unknown.is_empty());
        return unknown.map(|unknown| {
            format!(
                "{:?} was not read as a word: the network gets it as it is",
                words(unknown)
            )
        });
    }
    let mut reasons: Vec<String> = reading.problems.iter().map(ToString::to_string).collect();
    if !reading.unread.is_empty() {
        reasons.push(format!("not understood: {:?}", words(&reading.unread)));
    }
    Some(format!(
        "{}; the network gets the whole phrase and may miss positions, sizes and relations in it",
        reasons.join("; ")
    ))
}

/// Returns a note about a problem or near ties of a choice, or None if there are none.
pub fn note(chosen: &Chosen) -> Option<String> {
    let problem = chosen.problem.as_ref().map(ToString::to_string);
    let ties = match chosen.near_ties.len() {
        0 => None,
        1 => Some("one other fits nearly as well".to_owned()),
        more => Some(format!("{more} others fit nearly as well")),
    };
    match (problem, ties) {
        (Some(problem), Some(ties)) => Some(format!("{problem}; {ties}")),
        (problem, ties) => problem.or(ties),
    }
}
