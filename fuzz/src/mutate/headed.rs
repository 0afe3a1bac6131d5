//! Files that begin with a length and a header of text of that length.

use super::number::Order;
use super::random::Random;
use super::text::text;

/// Bytes of the length, low byte first.
const LENGTH: usize = 8;

/// Changes the header that follows a length at `start`; the length is set to fit most of the time. Returns the new
/// size; None for bytes that have no such header.
pub fn headed(
    data: &mut [u8],
    size: usize,
    most: usize,
    start: usize,
    words: &[&str],
    random: &mut Random,
) -> Option<usize> {
    let begin = start + LENGTH;
    let header = Order::Little.get(data.get(start..begin)?) as usize;
    if size < begin || header == 0 || header > size - begin {
        return None;
    }
    let rest = data[begin + header..size].to_vec();
    let header = text(&mut data[begin..], header, most - begin, words, random);
    if !random.once_in(16) {
        Order::Little.put(&mut data[start..begin], header as u64);
    }
    let end = begin + header;
    let kept = rest.len().min(data.len().min(most).saturating_sub(end));
    data[end..end + kept].copy_from_slice(&rest[..kept]);
    Some(end + kept)
}
