//! JPEG XL (ISO/IEC 18181): a codestream, bare or in a container, whose channels are the samples of a pixel.

use std::sync::Arc;

use half::f16;
use jxl_bitstream::{Bitstream, ContainerParser, ParseEvent};
use jxl_grid::AllocTracker;
use jxl_image::{BitDepth, ImageHeader};
use jxl_oxide_common::Bundle;
use jxl_render::{ImageBuffer, RenderContext};

use super::{Problem, Shape, damaged};
use crate::raster::depth::{Depth, Format};
use crate::raster::problem::REWRITE;

/// Memory for what the decoder needs whatever the size of a block is.
pub const MARGIN: usize = 8 << 20;
/// Memory that the decoder may take for each byte of a block: planes of 32 bits, and their transforms.
pub const FACTOR: usize = 12;

/// Whether it holds samples of that depth.
pub fn fits(depth: Depth) -> bool {
    match depth.format {
        Format::Unsigned => matches!(depth.bits, 8 | 16),
        Format::Float => matches!(depth.bits, 16 | 32),
        Format::Signed => false,
    }
}

/// Decodes a block; samples have their low byte first.
///
/// # Errors
/// Fails if it is damaged or is not of the block's size and depth.
pub fn decode(bytes: &[u8], shape: &Shape<'_>) -> Result<Vec<u8>, Problem> {
    let bytes = codestream(bytes)?;
    let mut bits = Bitstream::new(&bytes);
    let header = ImageHeader::parse(&mut bits, ()).map_err(wrong)?;
    let (width, height) = (header.size.width as usize, header.size.height as usize);
    if (width, height) != (shape.width, shape.rows) {
        return Err(wrong(format!("it has {width} x {height} pixels")));
    }
    let metadata = &header.metadata;
    if metadata.orientation != 1 || metadata.preview.is_some() {
        let found = "JPEG XL blocks with a rotation or a preview";
        return Err(Problem::unsupported(found, REWRITE));
    }
    let colours = if metadata.grayscale() { 1 } else { 3 };
    let extra = metadata.ec_info.iter().map(|channel| channel.bit_depth);
    let depths: Vec<_> = std::iter::repeat_n(metadata.bit_depth, colours)
        .chain(extra)
        .collect();
    let expected = shape.depths.iter().copied().map(stored_depth);
    if !expected.eq(depths.iter().copied()) {
        return Err(wrong("its channels differ from the samples of a pixel"));
    }
    if metadata.colour_encoding.want_icc() {
        // Colours are used as stored.
        jxl_color::icc::read_icc(&mut bits).map_err(wrong)?;
    }
    bits.zero_pad_to_byte().map_err(wrong)?;
    let frames = &bytes[bits.num_read_bits() / 8..];
    let limit = shape.bytes.saturating_mul(FACTOR).saturating_add(MARGIN);
    let image = RenderContext::builder().alloc_tracker(AllocTracker::with_limit(limit));
    let image = first_frame(image.build(Arc::new(header)).map_err(wrong)?, frames)?;
    let image = image.render_keyframe(0).map_err(wrong)?;
    let channels = image.buffer();
    let whole = |(region, _): &(jxl_render::Region, _)| {
        (region.left, region.top) == (0, 0)
            && (region.width as usize, region.height as usize) == (width, height)
    };
    if channels.len() != depths.len() || !image.regions_and_shifts().iter().all(whole) {
        return Err(wrong("its layers do not cover it"));
    }
    let size = usize::from(shape.depths[0].bits / 8);
    let mut samples = vec![0; shape.bytes];
    for (index, (channel, depth)) in channels.iter().zip(shape.depths).enumerate() {
        let mut rest = samples[index * size..].chunks_mut(size * channels.len());
        for y in 0..height {
            for (x, sample) in (0..width).zip(&mut rest) {
                let bits = number(channel, x, y, *depth);
                sample[..size].copy_from_slice(&bits.to_le_bytes()[..size]);
            }
        }
    }
    Ok(samples)
}

fn wrong(reason: impl std::fmt::Display) -> Problem {
    damaged("JPEG XL", reason)
}

/// The codestream in a block, without the boxes around it.
fn codestream(bytes: &[u8]) -> Result<Vec<u8>, Problem> {
    let mut found = Vec::with_capacity(bytes.len());
    for event in ContainerParser::new().feed_bytes(bytes) {
        if let ParseEvent::Codestream(part) = event.map_err(wrong)? {
            found.extend_from_slice(part);
        }
    }
    Ok(found)
}

/// Reads the frames that the first picture consists of.
fn first_frame(mut image: RenderContext, mut bytes: &[u8]) -> Result<RenderContext, Problem> {
    while image.loaded_keyframes() == 0 {
        let mut bits = Bitstream::new(bytes);
        let frame = image.load_frame_header(&mut bits).map_err(wrong)?;
        let start = bits.num_read_bits() / 8;
        bytes = frame.feed_bytes(&bytes[start..]).map_err(wrong)?;
        if !frame.is_loading_done() {
            return Err(wrong("its end is missing"));
        }
        image.finalize_current_frame();
    }
    Ok(image)
}

/// The depth of a channel that holds samples of that depth.
fn stored_depth(depth: Depth) -> BitDepth {
    let bits_per_sample = u32::from(depth.bits);
    match depth.format {
        Format::Float => BitDepth::FloatSample {
            bits_per_sample,
            exp_bits: if depth.bits == 16 { 5 } else { 8 },
        },
        _ => BitDepth::IntegerSample { bits_per_sample },
    }
}

/// The bits of a sample. What was stored without loss is whole numbers: the value, or the bits of a floating-point
/// number.
fn number(channel: &ImageBuffer, x: usize, y: usize, depth: Depth) -> u32 {
    let most = (1u64 << depth.bits) - 1;
    let clamped = |value: i32| match depth.format {
        Format::Float => value as u32,
        _ => i64::from(value).clamp(0, most as i64) as u32,
    };
    match channel {
        ImageBuffer::I16(grid) => clamped(i32::from(*grid.get_ref(x, y))),
        ImageBuffer::I32(grid) => clamped(*grid.get_ref(x, y)),
        ImageBuffer::F32(grid) => match (*grid.get_ref(x, y), depth.format, depth.bits) {
            (value, Format::Float, 16) => u32::from(f16::from_f32(value).to_bits()),
            (value, Format::Float, _) => value.to_bits(),
            (value, ..) => (value * most as f32).round() as u32,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WIDTH: usize = 9;
    const HEIGHT: usize = 7;
    /// Red, green and blue of [`pixels`], which libjxl 0.7 wrote without loss.
    const STREAM: [u8; 54] = [
        0xff, 0x0a, 0x30, 0x30, 0x10, 0x50, 0x5c, 0x08, 0x08, 0x02, 0x01, 0x00, 0xa0, 0x00, 0x4b,
        0x18, 0x93, 0x8e, 0x83, 0x83, 0x29, 0x54, 0xa3, 0x56, 0x8c, 0x41, 0xa4, 0xb0, 0x46, 0x31,
        0xc6, 0x18, 0x11, 0x63, 0x30, 0x17, 0x07, 0x18, 0xb2, 0x01, 0xfd, 0x97, 0xc1, 0xd0, 0x06,
        0x3a, 0x43, 0x37, 0xb3, 0xfc, 0x03, 0x11, 0xfd, 0x93,
    ];

    fn pixels() -> Vec<u8> {
        let at = |index: usize| (index / 3 % WIDTH, index / 3 / WIDTH, index % 3);
        let value = |(x, y, band)| (x * 20 + y * 3 + band * 50) as u8;
        (0..WIDTH * HEIGHT * 3)
            .map(|index| value(at(index)))
            .collect()
    }

    fn read(bytes: &[u8], depths: &[Depth], rows: usize) -> Result<Vec<u8>, Problem> {
        let size = usize::from(depths[0].bits / 8);
        decode(
            bytes,
            &Shape {
                depths,
                width: WIDTH,
                rows,
                whole_rows: rows,
                bytes: WIDTH * rows * depths.len() * size,
                reversed: false,
                luma: false,
                jpeg_tables: None,
                lerc_compression: 0,
                t4_options: 0,
            },
        )
    }

    #[test]
    fn a_block_is_read_only_as_what_it_is() {
        let depth = |bits| Depth {
            bits,
            format: Format::Unsigned,
        };
        assert_eq!(
            read(&STREAM, &[depth(8); 3], HEIGHT).expect("whole"),
            pixels()
        );
        for (depths, rows) in [
            (vec![depth(8); 3], HEIGHT + 1),
            (vec![depth(8); 4], HEIGHT),
            (vec![depth(8)], HEIGHT),
            (vec![depth(16); 3], HEIGHT),
        ] {
            assert!(read(&STREAM, &depths, rows).is_err(), "{depths:?}, {rows}");
        }
    }

    #[test]
    fn whatever_is_missing_or_wrong_nothing_panics() {
        let depths = [Depth {
            bits: 8,
            format: Format::Unsigned,
        }; 3];
        for length in 0..STREAM.len() {
            assert!(
                read(&STREAM[..length], &depths, HEIGHT).is_err(),
                "{length}"
            );
        }
        for at in 0..STREAM.len() {
            for bit in 0..8 {
                let mut bytes = STREAM;
                bytes[at] ^= 1 << bit;
                if let Ok(found) = read(&bytes, &depths, HEIGHT) {
                    assert_eq!(found.len(), WIDTH * HEIGHT * 3);
                }
            }
        }
    }
}
