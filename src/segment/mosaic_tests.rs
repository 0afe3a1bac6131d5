//! Tests of maps that are blended from tiles.

use super::mosaic::*;
use super::tiles::{Tile, TilePlan};
use crate::vision::Window;

/// Reproducible pseudo-random numbers.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (self.0 >> 33) as usize % end
    }
}

/// Stands for the output of a network: two tiles over the same place have different values.
fn answer(tile: &Tile) -> Vec<u8> {
    let seed = (tile.source.x * 7919 + tile.source.y * 104_729 + 1) as u64;
    let mut numbers = Numbers(seed);
    (0..tile.place.pixels())
        .map(|_| numbers.below(256) as u8)
        .collect()
}

fn mosaic(plan: &TilePlan) -> Mosaic {
    let mut mosaic = Mosaic::new(plan);
    for tile in plan.tiles() {
        mosaic.add(&tile, &answer(&tile)).expect("a tile");
    }
    assert_eq!(mosaic.covered(), 1.0);
    mosaic
}

/// Returns the size of a scene and a function that plans its regions.
fn random_plan(numbers: &mut Numbers) -> ((usize, usize), impl Fn(Window) -> TilePlan + use<>) {
    let scene = (1 + numbers.below(160), 1 + numbers.below(160));
    let step = 1.0 + numbers.below(300) as f64 / 100.0;
    let side = 1 + numbers.below(40);
    let overlap = numbers.below(side.div_ceil(2));
    let plan = move |region| TilePlan::tiled(scene, region, step, side, overlap).expect("a plan");
    (scene, plan)
}

fn random_whole(numbers: &mut Numbers) -> TilePlan {
    let ((width, height), plan) = random_plan(numbers);
    plan(Window::all(width, height))
}

#[test]
fn constant_tiles_make_a_constant_map() {
    let mut numbers = Numbers(1);
    for round in 0..300 {
        let plan = random_whole(&mut numbers);
        let value = [0, 1, 127, 128, 254, 255][round % 6];
        let mut mosaic = Mosaic::new(&plan);
        for tile in plan.tiles() {
            let values = vec![value; tile.place.pixels() as usize];
            mosaic.add(&tile, &values).expect("a tile");
        }
        assert!(
            mosaic.values().iter().all(|&found| found == value),
            "{plan:?}"
        );
    }
}

#[test]
fn a_region_is_the_crop_of_the_whole() {
    let mut numbers = Numbers(2);
    for _ in 0..300 {
        let (scene, part) = random_plan(&mut numbers);
        let all = part(Window::all(scene.0, scene.1));
        let whole = mosaic(&all).values();
        let (width, height) = all.map_size();
        let (x, y) = (numbers.below(scene.0), numbers.below(scene.1));
        let region = Window::new(
            x,
            y,
            1 + numbers.below(scene.0 - x),
            1 + numbers.below(scene.1 - y),
        );
        let part = part(region);
        let at = part.map_region();
        assert!(at.right() <= width && at.bottom() <= height);
        let crop: Vec<u8> = (at.y..at.bottom())
            .flat_map(|y| whole[y * width + at.x..y * width + at.right()].to_vec())
            .collect();
        assert_eq!(mosaic(&part).values(), crop, "{region:?} of {all:?}");
    }
}

#[test]
fn the_order_of_tiles_and_taking_rows_change_nothing() {
    let mut numbers = Numbers(3);
    for _ in 0..100 {
        let plan = random_whole(&mut numbers);
        let expected = mosaic(&plan).values();
        let mut tiles: Vec<_> = plan.tiles().collect();
        for index in (1..tiles.len()).rev() {
            tiles.swap(index, numbers.below(index + 1));
        }
        let mut shuffled = Mosaic::new(&plan);
        for tile in &tiles {
            shuffled.add(tile, &answer(tile)).expect("a tile");
        }
        assert_eq!(shuffled.values(), expected);

        let (mut banded, mut rows) = (Mosaic::new(&plan), Vec::new());
        for (index, tile) in plan.tiles().enumerate() {
            banded.add(&tile, &answer(&tile)).expect("a tile");
            rows.extend(banded.take_rows(plan.first_open_row(index + 1)));
        }
        assert_eq!(rows, expected);
    }
}

#[test]
fn the_blend_stays_between_the_tiles() {
    let plan = TilePlan::tiled((100, 20), Window::all(100, 20), 1.0, 40, 10).expect("a plan");
    let mut mosaic = Mosaic::new(&plan);
    for (tile, value) in plan.tiles().zip([10, 210, 10]) {
        let values = vec![value; tile.place.pixels() as usize];
        mosaic.add(&tile, &values).expect("a tile");
    }
    let row = &mosaic.values()[..100];
    assert_eq!((row[29], row[30], row[39], row[40]), (10, 20, 200, 210));
    assert!(
        row[30..40].windows(2).all(|pair| pair[1] == pair[0] + 20),
        "{row:?}"
    );
}

#[test]
fn an_overview_and_closer_looks_are_joined() {
    let plan = TilePlan::closer(Window::all(60, 48), 2048).expect("a plan");
    let tiles: Vec<_> = plan.tiles().collect();
    let mut mosaic = Mosaic::new(&plan);
    assert_eq!((mosaic.covered(), mosaic.is_enough()), (0.0, false));
    assert_eq!(mosaic.values(), vec![0; 60 * 48]);
    // A large thing on the left.
    let overview: Vec<u8> = (0..60 * 48)
        .map(|at| match at % 60 {
            0 => 0, // No data.
            1..20 => 220,
            _ => 90,
        })
        .collect();
    mosaic.add(&tiles[0], &overview).expect("a tile");
    assert!(mosaic.is_enough());
    assert_eq!((mosaic.covered(), mosaic.values()), (1.0, overview.clone()));
    let twice = mosaic.add(&tiles[0], &overview);
    assert_eq!(twice, Err(MosaicError::Twice { x: 0, y: 0 }));
    for tile in &tiles[1..] {
        // Until the last closer look, nothing falls below the overview.
        let so_far = mosaic.values();
        assert!(so_far.iter().zip(&overview).all(|(now, seen)| now >= seen));
        let values = vec![200; tile.place.pixels() as usize];
        mosaic.add(tile, &values).expect("a tile");
    }
    // The closer looks confirm the thing, so it has their values.
    let expected: Vec<u8> = overview
        .iter()
        .map(|&seen| if seen == 0 { 0 } else { 200 })
        .collect();
    assert_eq!(mosaic.values(), expected);
    assert!(mosaic.take_rows(20).is_empty());
    assert_eq!(mosaic.take_rows(48), expected);
    assert!(mosaic.values().is_empty() && mosaic.take_rows(48).is_empty());

    let mut spots = Mosaic::new(&plan);
    let spot: Vec<u8> = (0..60 * 48)
        .map(|at| if at % 60 < 3 && at < 240 { 220 } else { 90 })
        .collect();
    spots.add(&tiles[0], &spot).expect("a tile");
    assert!(!spots.is_enough());
    assert_eq!(spots.take_rows(48), spot);
}

#[test]
fn what_does_not_belong_is_refused() {
    let plan = TilePlan::tiled((90, 40), Window::all(90, 40), 1.0, 40, 10).expect("a plan");
    let other = TilePlan::tiled((95, 40), Window::all(95, 40), 1.0, 30, 10).expect("a plan");
    let mut mosaic = Mosaic::new(&plan);
    let tile = plan.tile(0).expect("a tile");
    let length = mosaic.add(&tile, &[0; 3]);
    assert!(matches!(
        length,
        Err(MosaicError::Length {
            expected: 1600,
            found: 3
        })
    ));
    mosaic.add(&tile, &answer(&tile)).expect("a tile");
    assert!(mosaic.covered() > 0.35 && mosaic.covered() < 0.45);
    let twice = mosaic.add(&tile, &answer(&tile));
    assert_eq!(twice, Err(MosaicError::Twice { x: 0, y: 0 }));
    let foreign = other.tile(1).expect("a tile");
    let foreign = mosaic.add(&foreign, &answer(&foreign));
    assert!(matches!(foreign, Err(MosaicError::Foreign { .. })));
}
