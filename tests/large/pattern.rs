//! A periodic scene: flat fields, roads and roofs at places that a hash determines.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use flate2::write::ZlibEncoder;
use tiff::encoder::TiffEncoder;
use tiff::tags::{CompressionMethod, Tag};

/// Period of the scene in pixels, across and down.
pub const PERIOD: usize = 2880;
/// Side of one of its 16 cells.
const BLOCK: usize = 720;
/// Rows per strip.
const ROWS: usize = 32;
/// 10 cm, in the form of GeoTIFF's ModelPixelScale.
pub const PIXEL_SCALE: [f64; 3] = [0.1, 0.1, 0.0];
/// Pixel 0, 0 lies there on a local grid.
pub const TIE_POINT: [f64; 6] = [0.0, 0.0, 0.0, 1000.0, 5000.0, 0.0];

const GROUND: [u8; 3] = [96, 118, 74];
const ROAD: [u8; 3] = [128, 128, 132];
const FIELDS: [[u8; 3]; 3] = [[122, 142, 84], [150, 140, 96], [48, 78, 110]];
const ROOFS: [[u8; 3]; 3] = [[178, 74, 58], [196, 188, 180], [112, 96, 92]];

/// Writes the scene's window of that corner and size: a striped, deflated GeoTIFF.
pub fn write_scene(path: &Path, x: usize, y: usize, width: usize, height: usize) {
    let period = period();
    let file = BufWriter::new(File::create(path).expect("a writable folder"));
    let mut tiff = TiffEncoder::new(file).expect("a TIFF");
    let mut image = tiff.image_directory().expect("a directory");
    // A strip equals the one that was written a period earlier.
    let mut packed: HashMap<(usize, usize), Vec<u8>> = HashMap::new();
    let (mut offsets, mut lengths) = (Vec::new(), Vec::new());
    for row in (0..height).step_by(ROWS) {
        let (first, rows) = ((y + row) % PERIOD, ROWS.min(height - row));
        let strip = packed.entry((first, rows)).or_insert_with(|| {
            let places = (first..first + rows).flat_map(|v| (x..x + width).map(move |u| (u, v)));
            let pixels = places.flat_map(|(u, v)| period[(v % PERIOD) * PERIOD + u % PERIOD]);
            let mut encoder = ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
            encoder
                .write_all(&pixels.collect::<Vec<u8>>())
                .and_then(|()| encoder.finish())
                .expect("memory")
        });
        let offset = image.write_data(&strip[..]).expect("a strip");
        offsets.push(u32::try_from(offset).expect("a small file"));
        lengths.push(strip.len() as u32);
    }
    let mut short = |tag, values: &[u16]| image.write_tag(tag, values).expect("a tag");
    short(Tag::BitsPerSample, &[8, 8, 8]);
    short(Tag::Compression, &[CompressionMethod::Deflate.to_u16()]);
    short(Tag::PhotometricInterpretation, &[2]);
    short(Tag::SamplesPerPixel, &[3]);
    let mut long = |tag, values: &[u32]| image.write_tag(tag, values).expect("a tag");
    long(Tag::ImageWidth, &[width as u32]);
    long(Tag::ImageLength, &[height as u32]);
    long(Tag::RowsPerStrip, &[ROWS as u32]);
    long(Tag::StripOffsets, &offsets);
    long(Tag::StripByteCounts, &lengths);
    let mut double = |tag, values: &[f64]| image.write_tag(tag, values).expect("a tag");
    double(Tag::ModelPixelScaleTag, &PIXEL_SCALE);
    double(Tag::ModelTiepointTag, &TIE_POINT);
    image.finish().expect("a whole file");
}

/// One period, row by row.
fn period() -> Vec<[u8; 3]> {
    let mut pixels = vec![GROUND; PERIOD * PERIOD];
    let across = PERIOD / BLOCK;
    for index in 0..across * across {
        let corner = [index % across * BLOCK, index / across * BLOCK];
        let mut number = Numbers(index as u32 + 1);
        for _ in 0..3 {
            let (x, y) = (number.below(500), number.below(500));
            let size = (100 + number.below(180), 80 + number.below(140));
            fill(&mut pixels, corner, (x, y), size, FIELDS[number.below(3)]);
        }
        let road = 150 + number.below(400);
        fill(&mut pixels, corner, (0, road), (BLOCK, 32), ROAD);
        fill(&mut pixels, corner, (BLOCK - road, 0), (32, BLOCK), ROAD);
        for house in 0..7 {
            let x = number.below(BLOCK - 110);
            let y = if house % 2 == 0 {
                road - 100
            } else {
                road + 50
            };
            let size = (50 + number.below(60), 60 + number.below(30));
            fill(&mut pixels, corner, (x, y), size, ROOFS[number.below(3)]);
        }
    }
    pixels
}

fn fill(
    pixels: &mut [[u8; 3]],
    corner: [usize; 2],
    (x, y): (usize, usize),
    (width, height): (usize, usize),
    colour: [u8; 3],
) {
    for v in y..(y + height).min(BLOCK) {
        let start = (corner[1] + v) * PERIOD + corner[0];
        pixels[start + x..start + (x + width).min(BLOCK)].fill(colour);
    }
}

/// Random numbers by a linear congruence.
struct Numbers(u32);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (self.0 >> 8) as usize % end
    }
}
