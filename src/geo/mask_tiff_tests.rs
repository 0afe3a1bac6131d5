use std::io::Cursor;

use tiff::decoder::{Decoder, DecodingResult};

use super::*;
use crate::geo::Affine;

/// A pattern that does not repeat at strip boundaries.
fn pixels(width: usize, height: usize) -> Vec<u8> {
    (0..width * height)
        .map(|i| if i * i % 7 < 3 { 255 } else { 0 })
        .collect()
}

fn layout<'a>(size: (usize, usize), georeference: Option<&'a Georeference>) -> MaskTiff<'a> {
    MaskTiff {
        width: size.0,
        height: size.1,
        grid: Grid::SCENE,
        georeference,
        description: "the red roof",
    }
}

fn read(file: Vec<u8>) -> (Decoder<Cursor<Vec<u8>>>, Vec<u8>) {
    let mut decoder = Decoder::new(Cursor::new(file)).unwrap();
    let DecodingResult::U8(pixels) = decoder.read_image().unwrap() else {
        panic!("8 bits per pixel");
    };
    (decoder, pixels)
}

#[test]
fn both_kinds_of_tiff_hold_the_pixels_in_strips() {
    let size = (700, 1501);
    let expected = pixels(size.0, size.1);
    let fill = |rows: &mut Rows<'_>| {
        for part in expected.chunks(12_345) {
            rows.push(part)?;
        }
        Ok::<(), MaskTiffError>(())
    };
    let (mut small, mut big) = (Vec::new(), Vec::new());
    let layout = layout(size, None);
    layout
        .write_as::<_, TiffKindStandard, _>(Cursor::new(&mut small), fill)
        .unwrap();
    layout
        .write_as::<_, TiffKindBig, _>(Cursor::new(&mut big), fill)
        .unwrap();
    assert_eq!((small[2], big[2]), (42, 43));
    for file in [small, big] {
        assert!(file.len() < expected.len() / 4);
        let (mut decoder, found) = read(file);
        assert_eq!(decoder.dimensions().unwrap(), (700, 1501));
        assert_eq!(found, expected);
        let strips = decoder.get_tag_u32_vec(Tag::StripOffsets).unwrap();
        assert_eq!(strips.len(), 1501usize.div_ceil(STRIP.div_ceil(700)));
    }
}

#[test]
fn a_file_that_is_not_filled_is_an_error() {
    let layout = layout((10, 10), None);
    let write = |count: usize| {
        layout.write(Cursor::new(Vec::new()), |rows| {
            rows.push(&vec![0; count])?;
            Ok::<(), MaskTiffError>(())
        })
    };
    assert!(write(100).is_ok());
    assert!(matches!(write(99), Err(MaskTiffError::Length(1))));
    assert!(matches!(write(101), Err(MaskTiffError::Length(-1))));
    let nothing = MaskTiff { width: 0, ..layout };
    let found = nothing.write(Cursor::new(Vec::new()), |_| Ok::<(), MaskTiffError>(()));
    assert!(matches!(found, Err(MaskTiffError::Size(0, 10))));
}

#[test]
fn geotags_say_where_the_window_is() {
    let source = GeoTags {
        keys: vec![1, 1, 0, 2, 1025, 0, 1, 2, 3072, 0, 1, 32633],
        ascii: "town|".into(),
        ..GeoTags::new(&Affine([5e5, 0.3, 0.0, 4.6e6, 0.0, -0.3]), None)
    };
    let georeference = Georeference::from_tags(source);
    let grid = Grid {
        origin_x: 100.0,
        origin_y: 40.0,
        step_x: 2.0,
        step_y: 2.0,
    };
    let layout = MaskTiff {
        grid,
        ..layout((50, 40), Some(&georeference))
    };
    let mut file = Vec::new();
    let fill = |rows: &mut Rows<'_>| rows.push(&[0; 2000]);
    layout.write(Cursor::new(&mut file), fill).unwrap();
    let (mut decoder, _) = read(file);
    let scale = decoder.get_tag_f64_vec(Tag::ModelPixelScaleTag).unwrap();
    assert_eq!(scale, [0.6, 0.6, 0.0]);
    let keys = decoder.get_tag_u16_vec(Tag::GeoKeyDirectoryTag).unwrap();
    assert_eq!(keys[7], 2);
    let ascii = decoder
        .get_tag_ascii_string(Tag::GeoAsciiParamsTag)
        .unwrap();
    assert_eq!(ascii, "town|");
    let tie = decoder.get_tag_f64_vec(Tag::ModelTiepointTag).unwrap();
    // The source's tiepoint is a pixel centre, and so is the window's: half a pixel from the window's corner, which is
    // at the corner of pixel (100, 40).
    let corner = (5e5 - 0.15 + 100.0 * 0.3, 4.6e6 + 0.15 - 40.0 * 0.3);
    assert!((tie[3] - (corner.0 + 0.3)).abs() < 1e-6, "{tie:?}");
    assert!((tie[4] - (corner.1 - 0.3)).abs() < 1e-6, "{tie:?}");
}

#[test]
fn scene_rows_take_the_map_pixel_under_them() {
    let map = [1, 2, 3, 4, 5, 6];
    let grid = Grid {
        origin_x: 2.0,
        origin_y: 1.0,
        step_x: 2.0,
        step_y: 1.5,
    };
    let mut rows = [[9u8; 9]; 5];
    for (row, pixels) in rows.iter_mut().enumerate() {
        scene_row(&map, 3, &grid, row, pixels);
    }
    assert_eq!(rows[0], [0; 9]);
    assert_eq!(rows[1], [0, 0, 1, 1, 2, 2, 3, 3, 0]);
    assert_eq!(rows[2], [0, 0, 4, 4, 5, 5, 6, 6, 0]);
    assert_eq!(rows[3], [0, 0, 4, 4, 5, 5, 6, 6, 0]);
    assert_eq!(rows[4], [0; 9]);
}
