//! Tests of tile plans.

use super::tiles::*;
use crate::vision::Window;

#[test]
fn one_look_keeps_the_size_up_to_a_limit() {
    let plan = TilePlan::whole(Window::new(5, 7, 1536, 1000), 2048).expect("a plan");
    assert_eq!((plan.map_size(), plan.len()), ((1536, 1000), 1));
    assert_eq!((plan.origin(), plan.step()), ((5.0, 7.0), (1.0, 1.0)));
    let tile = plan.tile(0).expect("a tile");
    assert_eq!(tile.source, Window::new(5, 7, 1536, 1000));
    assert_eq!(tile.place, Window::all(1536, 1000));
    assert_eq!(plan.tile(1), None);
    let plan = TilePlan::whole(Window::new(0, 0, 20_000, 3), 2048).expect("a plan");
    assert_eq!(plan.map_size(), (2048, 1));
    assert_eq!(plan.step(), (20_000.0 / 2048.0, 3.0));
}

#[test]
fn tiles_read_what_they_cover() {
    let plan = TilePlan::tiled((1000, 400), Window::all(1000, 400), 2.0, 128, 32).expect("a plan");
    assert_eq!((plan.map_size(), plan.columns()), ((500, 200), 5));
    assert_eq!(plan.len(), 10);
    let tile = plan.tile(1).expect("a tile");
    assert_eq!(tile.place, Window::new(96, 0, 128, 128));
    assert_eq!(tile.source, Window::new(192, 0, 256, 256));
    let last = plan.tile(9).expect("a tile");
    assert_eq!(last.place, Window::new(372, 72, 128, 128));
    assert_eq!(last.source, Window::new(744, 144, 256, 256));
    assert_eq!(plan.first_open_row(4), 0);
    assert_eq!(plan.first_open_row(5), 72);
    assert_eq!(plan.first_open_row(10), 200);
}

#[test]
fn a_regions_tiles_are_the_scenes() {
    let scene = (900, 700);
    for step in [1.0, 1.7, 3.0] {
        let all = TilePlan::tiled(scene, Window::all(900, 700), step, 64, 16).expect("a plan");
        for region in [
            Window::new(0, 0, 1, 1),
            Window::new(899, 699, 1, 1),
            Window::new(200, 300, 333, 111),
        ] {
            let part = TilePlan::tiled(scene, region, step, 64, 16).expect("a plan");
            let touching: Vec<_> = all
                .tiles()
                .filter(|tile| !tile.place.intersection(&part.map_region()).is_empty())
                .collect();
            assert_eq!(part.tiles().collect::<Vec<_>>(), touching);
            let (x, y) = part.origin();
            assert!(x <= region.x as f64 && y <= region.y as f64);
            assert_eq!(x, part.map_region().x as f64 * part.step().0);
            assert!((part.step().0 / step - 1.0).abs() < 0.5 * step / 900.0);
        }
    }
}

#[test]
fn scenes_smaller_than_a_tile_have_small_tiles() {
    let plan = TilePlan::tiled((300, 3), Window::all(300, 3), 2.0, 64, 16).expect("a plan");
    assert_eq!(plan.map_size(), (150, 2));
    for tile in plan.tiles() {
        assert_eq!((tile.place.width, tile.place.height), (64, 2));
        assert_eq!((tile.source.height, tile.source.y), (3, 0));
        assert_eq!(plan.step(), (2.0, 1.5));
    }
    let dot = TilePlan::tiled((1, 1), Window::all(1, 1), 50.0, 64, 16).expect("a plan");
    assert_eq!(dot.tile(0).expect("a tile").source, Window::all(1, 1));
}

#[test]
fn nonsense_is_refused() {
    let all = Window::all(100, 100);
    let plan = |region, step, side, overlap| {
        TilePlan::tiled((100, 100), region, step, side, overlap).map(|plan| plan.len())
    };
    assert_eq!(
        plan(Window::new(5, 5, 0, 3), 1.0, 8, 2),
        Err(PlanError::Empty)
    );
    for step in [0.5, -1.0, f64::INFINITY] {
        assert_eq!(plan(all, step, 8, 2), Err(PlanError::Step(step)));
    }
    assert!(matches!(plan(all, f64::NAN, 8, 2), Err(PlanError::Step(_))));
    for (side, overlap) in [(8, 4), (0, 0), (7, 4)] {
        let error = plan(all, 1.0, side, overlap).expect_err("an overlap");
        assert_eq!(error, PlanError::Overlap { side, overlap });
    }
    assert_eq!(plan(all, 1.0, 7, 3).map(|count| count > 0), Ok(true));
    let outside = plan(Window::new(90, 0, 11, 1), 1.0, 8, 2).expect_err("outside");
    assert!(outside.to_string().contains("100 x 100"), "{outside}");
    let huge = (60_000, 60_000);
    let error = TilePlan::tiled(huge, Window::all(60_000, 60_000), 1.0, 64, 8);
    assert!(
        matches!(error, Err(PlanError::TooLarge { .. })),
        "{error:?}"
    );
}

#[test]
fn an_overview_comes_before_quarters_or_halves() {
    let plan = TilePlan::closer(Window::new(5, 7, 600, 480), 2048).expect("a plan");
    assert_eq!((plan.map_size(), plan.len()), ((600, 480), 5));
    let overview = plan.tile(0).expect("a tile");
    assert!(plan.has_overview() && overview.is_overview());
    assert_eq!(overview.source, Window::new(5, 7, 600, 480));
    assert_eq!(overview.place, Window::all(600, 480));
    let places = [(0, 0), (275, 0), (0, 220), (275, 220)];
    for (tile, (x, y)) in plan.tiles().skip(1).zip(places) {
        assert!(!tile.is_overview());
        assert_eq!(tile.place, Window::new(x, y, 325, 260));
        assert_eq!(tile.source, Window::new(5 + x, 7 + y, 325, 260));
    }
    assert_eq!(plan.tile(5), None);
    assert_eq!((plan.first_open_row(4), plan.first_open_row(5)), (0, 480));
    let long = TilePlan::closer(Window::all(600, 300), 2048).expect("a plan");
    assert_eq!(long.len(), 3);
    for side in 1..40 {
        let dot = TilePlan::closer(Window::all(side, 40), 2048).expect("a plan");
        assert!(dot.len() <= 5 && dot.tiles().count() == dot.len());
    }
}
