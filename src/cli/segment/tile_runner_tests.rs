//! Tests of processing a plan tile by tile.

use std::sync::Mutex;

use super::tile_runner::{TileRunner, maps};
use crate::files::write_png_rgb;
use crate::raster::RasterSource;
use crate::segment::{Tile, TilePlan};
use crate::vision::{RgbImage, Window};

const SIZE: (usize, usize) = (500, 400);

/// Finds bright pixels, in closer looks also dim ones, and records the phrases of each look.
#[derive(Default)]
struct Bright(Mutex<Vec<Vec<usize>>>);

impl TileRunner for Bright {
    fn at_once(&self) -> usize {
        2
    }

    fn run(
        &self,
        image: &RgbImage,
        tile: &Tile,
        phrases: &[usize],
    ) -> anyhow::Result<Vec<Vec<u8>>> {
        self.0.lock().expect("no panic").push(phrases.to_vec());
        assert_eq!(
            (image.width(), image.height()),
            (tile.place.width, tile.place.height)
        );
        let seen = image.pixels().chunks_exact(3).map(|pixel| match pixel[0] {
            255 => 220,
            100.. if !tile.is_overview() => 210,
            _ => 40,
        });
        Ok(vec![seen.collect(); phrases.len()])
    }
}

/// Returns the maps of two phrases, of which the second may not look closer, and the phrases of each look.
fn looks(image: &RgbImage) -> (Vec<Vec<u8>>, Vec<Vec<usize>>) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("scene.png");
    write_png_rgb(&path, image).expect("a file");
    let mut source = RasterSource::open(&path).expect("a scene");
    let plan = TilePlan::closer(Window::all(SIZE.0, SIZE.1), 2048).expect("a plan");
    let runner = Bright::default();
    let stores = maps(&mut source, &plan, &[true, false], &runner).expect("maps");
    let values = stores.into_iter().map(|mut store| {
        let mut values = vec![0; store.len() as usize];
        store.read(0, &mut values).expect("values");
        values
    });
    (values.collect(), runner.0.into_inner().expect("no panic"))
}

fn square(image: &mut RgbImage, corner: (usize, usize), side: usize, grey: u8) {
    for y in corner.1..corner.1 + side {
        for x in corner.0..corner.0 + side {
            image.set_pixel(x, y, [grey; 3]);
        }
    }
}

#[test]
fn closer_looks_follow_for_small_things_and_phrases_that_may_have_them() {
    let mut image = RgbImage::filled(SIZE.0, SIZE.1, [20; 3]);
    square(&mut image, (20, 30), 10, 255);
    square(&mut image, (460, 350), 10, 150);
    let (maps, looks) = looks(&image);
    let at = |map: usize, x: usize, y: usize| maps[map][y * SIZE.0 + x];
    assert_eq!(
        [at(0, 25, 35), at(0, 465, 355), at(0, 250, 200)],
        [220, 210, 40]
    );
    assert_eq!(
        [at(1, 25, 35), at(1, 465, 355), at(1, 250, 200)],
        [220, 40, 40]
    );
    assert_eq!(looks, [vec![0, 1], vec![0], vec![0], vec![0], vec![0]]);
    assert!(maps.iter().all(|map| map.len() == SIZE.0 * SIZE.1));
}

#[test]
fn one_look_is_enough_for_large_things_and_for_none() {
    let mut image = RgbImage::filled(SIZE.0, SIZE.1, [20; 3]);
    square(&mut image, (460, 350), 10, 150);
    for side in [0, 200] {
        square(&mut image, (0, 0), side, 255);
        let (maps, looks) = looks(&image);
        assert_eq!(looks, [[0, 1]]);
        let bright = maps[0].iter().filter(|&&value| value == 220).count();
        assert_eq!((bright, maps[0].len()), (side * side, SIZE.0 * SIZE.1));
        assert_eq!(maps[0], maps[1]);
    }
}
