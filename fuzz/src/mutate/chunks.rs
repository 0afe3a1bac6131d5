//! PNG, WebP and JPEG: the lengths of chunks and segments, and the fields of their headers.

use super::number::{Order, changed};
use super::random::Random;

/// Changes a chunk of the PNG in `data`: its length, its type or a number of its header. Checksums stay wrong: the
/// decoder ignores them under `cfg(fuzzing)`.
pub fn png(data: &mut [u8], size: usize, random: &mut Random) -> Option<usize> {
    let mut chunks = Vec::new();
    let mut at = data[..size].starts_with(b"\x89PNG").then_some(8)?;
    while at + 12 <= size && chunks.len() < 200 {
        chunks.push(at);
        at = at.checked_add(12 + Order::Big.get(&data[at..at + 4]) as usize)?;
    }
    let chunk = *chunks.get(random.below(chunks.len()))?;
    let length = Order::Big.get(&data[chunk..chunk + 4]) as usize;
    match random.below(6) {
        0 => Order::Big.put(&mut data[chunk..chunk + 4], changed(length as u64, random)),
        1 => {
            const TYPES: [&[u8; 4]; 10] = [
                b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"eXIf", b"acTL", b"fcTL", b"fdAT",
                b"iCCP",
            ];
            data[chunk + 4..chunk + 8].copy_from_slice(*random.one_of(&TYPES));
        }
        // Width, height; depth, colour type, compression, filter, interlacing.
        2 => number(data, size, 16 + 4 * random.below(2), 4, random),
        3 if size > 29 => {
            let at = 24 + random.below(5);
            data[at] = *random.one_of(&[0, 1, 2, 3, 4, 6, 8, 16, 255]);
        }
        4 => {
            // One chunk over another.
            let other = *random.one_of(&chunks);
            let end = (other + 12 + Order::Big.get(&data[other..other + 4]) as usize).min(size);
            let room = size - chunk;
            data.copy_within(other..other + (end - other).min(room), chunk);
        }
        _ => number(
            data,
            size,
            chunk + 8 + random.below(length.max(1)),
            4,
            random,
        ),
    }
    Some(size)
}

/// Changes a segment of the JPEG in `data`: its length, its marker, or a byte of a frame's, scan's or table's header.
pub fn jpeg(data: &mut [u8], size: usize, random: &mut Random) -> Option<usize> {
    let mut segments = Vec::new();
    let mut at = data[..size].starts_with(b"\xff\xd8").then_some(2)?;
    while at + 4 <= size && data[at] == 0xff && segments.len() < 200 {
        segments.push(at);
        at += 2 + Order::Big.get(&data[at + 2..at + 4]) as usize;
    }
    let segment = *segments.get(random.below(segments.len()))?;
    let length = Order::Big.get(&data[segment + 2..segment + 4]) as usize;
    match random.below(6) {
        0 => Order::Big.put(
            &mut data[segment + 2..segment + 4],
            changed(length as u64, random),
        ),
        1 => {
            data[segment + 1] = *random.one_of(&[
                0xc0, 0xc1, 0xc2, 0xc4, 0xc9, 0xda, 0xdb, 0xdd, 0xe0, 0xe1, 0xee, 0xd9,
            ])
        }
        2 => number(data, size, segment + 5 + 2 * random.below(2), 2, random),
        3 => {
            // Restart markers or others inside the entropy-coded data.
            let at = random.below(size.saturating_sub(2));
            data[at] = 0xff;
            data[at + 1] = *random.one_of(&[0x00, 0xd0, 0xd7, 0xd8, 0xd9, 0xda, 0xc4, 0xff]);
        }
        _ => {
            let at = (segment + 4 + random.below(length.clamp(1, 32))).min(size - 1);
            data[at] = match random.below(3) {
                0 => *random.one_of(&[0, 1, 2, 3, 4, 8, 0x11, 0x22, 0x41, 0xff]),
                _ => changed(u64::from(data[at]), random) as u8,
            };
        }
    }
    Some(size)
}

fn number(data: &mut [u8], size: usize, at: usize, bytes: usize, random: &mut Random) {
    if at + bytes <= size {
        let former = Order::Big.get(&data[at..at + bytes]);
        Order::Big.put(&mut data[at..at + bytes], changed(former, random));
    }
}
