//! TIFFs for the tests, of every layout and with known samples.

use std::fs::File;
use std::path::Path;

use tiff::encoder::TiffEncoder;
use tiff::encoder::compression::{CompressionAlgorithm, Deflate};
use tiff::tags::Tag;

/// An image to be written; its samples are `value(x, y, band)`.
#[derive(Clone, Copy)]
pub struct Drawn {
    /// Width and height.
    pub size: (usize, usize),
    /// Width and height of tiles; None for strips of 7 rows.
    pub tile: Option<(usize, usize)>,
    /// Whether the bands are stored one after the other.
    pub planar: bool,
    /// Bits per sample: 4 (one band only), 8 or 16.
    pub bits: u16,
    /// Samples per pixel.
    pub bands: usize,
    /// PhotometricInterpretation.
    pub photometric: u16,
    /// NewSubfileType.
    pub subfile: u32,
    /// Whether pieces are compressed.
    pub deflate: bool,
    /// Sample at column x, row y, band.
    pub value: fn(usize, usize, usize) -> u16,
}

/// Three bands of colours, in strips.
pub const RGB: Drawn = Drawn {
    size: (150, 90),
    tile: None,
    planar: false,
    bits: 8,
    bands: 3,
    photometric: 2,
    subfile: 0,
    deflate: false,
    value: colour,
};

fn colour(x: usize, y: usize, band: usize) -> u16 {
    [(x * 3 + y) as u8, (y * 2) as u8, (x ^ y) as u8, 0][band.min(3)].into()
}

impl Drawn {
    /// Returns the bytes of the piece with that corner and size, for the given bands.
    pub fn piece(
        &self,
        (left, top): (usize, usize),
        size: (usize, usize),
        bands: &[usize],
    ) -> Vec<u8> {
        let mut bytes = Vec::new();
        for y in top..top + size.1 {
            for x in left..left + size.0 {
                for &band in bands {
                    let value = (self.value)(x, y, band);
                    match self.bits {
                        4 if (x - left).is_multiple_of(2) => bytes.push((value as u8) << 4),
                        4 => *bytes.last_mut().expect("a byte") |= value as u8,
                        8 => bytes.push(value as u8),
                        _ => bytes.extend(value.to_ne_bytes()),
                    }
                }
            }
        }
        bytes
    }

    fn pieces(&self) -> Vec<Vec<u8>> {
        let (width, height) = self.size;
        let (across, down) = self.tile.unwrap_or((width, 7));
        let bands: Vec<usize> = (0..self.bands).collect();
        let planes: Vec<&[usize]> = match self.planar {
            true => bands.chunks(1).collect(),
            false => vec![&bands],
        };
        let mut pieces = Vec::new();
        for plane in planes {
            for y in (0..height).step_by(down) {
                for x in (0..width).step_by(across) {
                    // Tiles are whole; strips end at the end of the image.
                    let rows = if self.tile.is_some() {
                        down
                    } else {
                        down.min(height - y)
                    };
                    pieces.push(self.piece((x, y), (across, rows), plane));
                }
            }
        }
        pieces
    }
}

/// Writes `images`, the scene first; the no-data tag goes to the scene.
pub fn write(path: &Path, images: &[Drawn], no_data: Option<&str>) {
    let file = File::create(path).expect("a file");
    let mut encoder = TiffEncoder::new(file).expect("a TIFF");
    for (index, image) in images.iter().enumerate() {
        let mut directory = encoder.image_directory().expect("a directory");
        let (mut places, mut lengths) = (Vec::new(), Vec::new());
        for piece in image.pieces() {
            let mut bytes = Vec::new();
            match image.deflate {
                true => Deflate::default().write_to(&mut bytes, &piece).map(|_| ()),
                false => {
                    bytes = piece;
                    Ok(())
                }
            }
            .expect("compressed");
            places.push(directory.write_data(&bytes[..]).expect("written") as u32);
            lengths.push(bytes.len() as u32);
        }
        let mut tag = |tag, value: u32| directory.write_tag(tag, value).expect("a tag");
        tag(Tag::NewSubfileType, image.subfile);
        tag(Tag::ImageWidth, image.size.0 as u32);
        tag(Tag::ImageLength, image.size.1 as u32);
        match image.tile {
            Some((width, height)) => {
                tag(Tag::TileWidth, width as u32);
                tag(Tag::TileLength, height as u32);
            }
            None => tag(Tag::RowsPerStrip, 7),
        }
        let (place, length) = match image.tile {
            Some(_) => (Tag::TileOffsets, Tag::TileByteCounts),
            None => (Tag::StripOffsets, Tag::StripByteCounts),
        };
        directory.write_tag(place, &places[..]).expect("a tag");
        directory.write_tag(length, &lengths[..]).expect("a tag");
        let mut tag = |tag, value: u16| directory.write_tag(tag, value).expect("a tag");
        tag(Tag::Compression, if image.deflate { 8 } else { 1 });
        tag(Tag::PhotometricInterpretation, image.photometric);
        tag(Tag::SamplesPerPixel, image.bands as u16);
        tag(Tag::PlanarConfiguration, if image.planar { 2 } else { 1 });
        let bits = vec![image.bits; image.bands];
        directory
            .write_tag(Tag::BitsPerSample, &bits[..])
            .expect("a tag");
        if let (0, Some(text)) = (index, no_data) {
            directory
                .write_tag(Tag::Unknown(42113), text)
                .expect("a tag");
        }
        directory.finish().expect("written");
    }
}
