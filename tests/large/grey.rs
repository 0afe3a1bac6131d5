//! A grey TIFF of any size, read a part at a time.

use std::cell::RefCell;
use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use tiff::decoder::{Decoder, DecodingResult};
use tiff::tags::Tag;

/// An open file of one 8-bit band.
pub struct Grey {
    decoder: RefCell<Decoder<BufReader<File>>>,
    width: usize,
    height: usize,
}

impl Grey {
    /// Opens a file, which has to be whole.
    pub fn open(path: &Path) -> Self {
        let file = File::open(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let mut decoder = Decoder::new(BufReader::new(file)).expect("a TIFF");
        let (width, height) = decoder.dimensions().expect("a size");
        assert_eq!(
            decoder.colortype().expect("a colour type"),
            tiff::ColorType::Gray(8)
        );
        Self {
            decoder: RefCell::new(decoder),
            width: width as usize,
            height: height as usize,
        }
    }

    /// Width in pixels.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Height in pixels.
    pub fn height(&self) -> usize {
        self.height
    }

    /// ModelPixelScale.
    pub fn pixel_scale(&self) -> [f64; 3] {
        self.numbers(Tag::ModelPixelScaleTag)
            .try_into()
            .expect("three numbers")
    }

    /// ModelTiepoint.
    pub fn tie_point(&self) -> [f64; 6] {
        self.numbers(Tag::ModelTiepointTag)
            .try_into()
            .expect("six numbers")
    }

    fn numbers(&self, tag: Tag) -> Vec<f64> {
        self.decoder
            .borrow_mut()
            .get_tag_f64_vec(tag)
            .expect("the tag is there")
    }

    /// A part, row by row.
    pub fn region(&self, x: usize, y: usize, width: usize, height: usize) -> Vec<u8> {
        let mut decoder = self.decoder.borrow_mut();
        let (chunk_width, chunk_height) = decoder.chunk_dimensions();
        let (chunk_width, chunk_height) = (chunk_width as usize, chunk_height as usize);
        let across = self.width.div_ceil(chunk_width);
        let mut part = vec![0; width * height];
        for row in y / chunk_height..(y + height).div_ceil(chunk_height) {
            for column in x / chunk_width..(x + width).div_ceil(chunk_width) {
                let index = (row * across + column) as u32;
                let stored = decoder.chunk_data_dimensions(index).0 as usize;
                let DecodingResult::U8(values) = decoder.read_chunk(index).expect("a chunk") else {
                    panic!("not bytes");
                };
                let (left, top) = (column * chunk_width, row * chunk_height);
                let (from, to) = (x.max(left), (x + width).min(left + stored));
                for (v, line) in (top..).zip(values.chunks_exact(stored)) {
                    if (y..y + height).contains(&v) {
                        let at = (v - y) * width;
                        part[at + from - x..at + to - x]
                            .copy_from_slice(&line[from - left..to - left]);
                    }
                }
            }
        }
        part
    }
}
