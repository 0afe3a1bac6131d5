//! A request carried out on an image.

use crate::choosing::{Maps, ObjectOptions, Target, choose, complement, keep_data, mapped};
use crate::reading::Request;
use crate::segment::ProbabilityMap;
use crate::vision::RgbImage;

/// Shortest side of the grid on which objects are chosen.
const CHOOSING_SIDE: usize = 192;

/// Executes a request on an image; `maps` are the maps of what is [`mapped`].
pub fn execute(request: &Request, image: &RgbImage, maps: &[ProbabilityMap]) -> ProbabilityMap {
    let shorter = image.width().min(image.height());
    // Cells are square on the ground up to an aspect ratio of 4.
    let side =
        |length: usize| (length * CHOOSING_SIDE / shorter).clamp(CHOOSING_SIDE, 4 * CHOOSING_SIDE);
    let (width, height) = (side(image.width()), side(image.height()));
    let mut of_parts = Maps::default();
    for (part, map) in mapped(request).into_iter().zip(maps) {
        if of_parts.get(part).is_none() {
            of_parts.insert(part, map.to_bytes(width, height));
        }
    }
    let target = Target {
        width,
        height,
        image: Some(image),
        maps: &of_parts,
    };
    let chosen = choose(request, target, &ObjectOptions::settling(width * height));
    let mut map = chosen.map;
    if let Some(known) = of_parts.get(request).filter(|_| request.complement) {
        keep_data(&mut map, known);
        complement(&mut map);
    }
    ProbabilityMap::from_bytes(width, height, &map)
}
