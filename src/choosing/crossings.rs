//! Everything in a request that crosses water.

use crate::reading::Request;

use super::crossing::Crossing;
use super::target::{Kind, Maps, parts};

/// What stands in place of the maps of things that cross water, by kind of thing.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Crossings(Vec<(Kind, Crossing)>);

impl Crossings {
    /// The crossings of everything in a request. `width` is that of the maps; `look` is the number of their pixels that
    /// the network sees at once, 0 if that is all.
    pub fn of(request: &Request, maps: &Maps, width: usize, look: usize) -> Self {
        let mut found = Self::default();
        for part in parts(request) {
            if found.get(part).is_none()
                && let Some((map, water)) = maps
                    .get(part)
                    .zip(part.crossed().and_then(|water| maps.get(water)))
                && let Some(crossing) = Crossing::of(map, water, width, look)
            {
                found.0.push((Kind::of(part), crossing));
            }
        }
        found
    }

    /// The crossing of the things that a request names.
    pub fn get(&self, request: &Request) -> Option<&Crossing> {
        let kind = Kind::of(request);
        let found = self.0.iter().find(|(other, _)| *other == kind);
        found.map(|(_, crossing)| crossing)
    }

    /// What stands in place of `map`, that of `part`, if all of `own` take their pixels from it: things that cross no
    /// water may share the map, such as overpasses beside bridges.
    pub fn shown(&self, part: &Request, own: &[&Request], map: &[u8]) -> Option<Crossing> {
        let crossing = self.get(part)?.clone();
        let is_shared = own
            .iter()
            .any(|other| other.crossed().is_none() && other.prompt() == part.prompt());
        Some(if is_shared {
            crossing.beside(map)
        } else {
            crossing
        })
    }
}
