//! Facts besides the query that the words of a phrase may rely on.
//!
//! A phrase may state more than its query only if the addition holds for everything that the query means, so that it
//! cannot narrow the meaning.

use super::view::View;

/// Facts about the things that a phrase means.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Facts {
    /// Whether buildings may be called houses.
    pub house: bool,
    /// How many things are meant, if all of them are large enough to count.
    pub count: Option<usize>,
    /// Whether all of them lie in the outermost fifth of the image: at the left, right, top and bottom.
    pub far: [bool; 4],
    /// Whether all of them come within 4 % of the image of its edge at the left, right, top and bottom.
    pub at_edge: [bool; 4],
}

/// Minimum area in pixels for a thing to be counted.
const COUNTED_AREA: usize = 40;

impl Facts {
    /// Nothing is known except whether buildings may be called houses.
    pub fn unknown(house: bool) -> Self {
        Self {
            house,
            ..Self::default()
        }
    }

    /// The facts about objects, given by their indices in the scene.
    pub fn of(view: &View, objects: &[usize], house: bool) -> Self {
        if objects.is_empty() {
            return Self::unknown(house);
        }
        let (width, height) = (view.scene.width() as f32, view.scene.height() as f32);
        let (mut far, mut at_edge) = ([true; 4], [true; 4]);
        for &object in objects {
            let region = view.region(object);
            let (x, y) = region.centre();
            let (x0, y0, x1, y1) = region.bounding_box();
            let centres = [x / width, 1.0 - x / width, y / height, 1.0 - y / height];
            let edges = [
                x0 as f32 / width,
                1.0 - x1 as f32 / width,
                y0 as f32 / height,
                1.0 - y1 as f32 / height,
            ];
            for side in 0..4 {
                far[side] &= centres[side] <= 0.2;
                at_edge[side] &= edges[side] <= 0.04 && centres[side] <= 0.3;
            }
        }
        let clear = |&object: &usize| view.region(object).area() >= COUNTED_AREA;
        Self {
            house,
            count: objects.iter().all(clear).then_some(objects.len()),
            far,
            at_edge,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::phrase::tests::scene_of;

    #[test]
    fn what_holds_of_all_is_known() {
        let scene = scene_of(&[(2, 40, 10, 10), (0, 60, 12, 10), (3, 70, 5, 5)]);
        let view = View::new(&scene);
        let both = Facts::of(&view, &[0, 1], true);
        assert_eq!((both.count, both.house), (Some(2), true));
        assert_eq!(both.far, [true, false, false, false]);
        assert_eq!(both.at_edge, [true, false, false, false]);
        // The third is too small to count.
        assert_eq!(Facts::of(&view, &[0, 1, 2], false).count, None);
    }
}
