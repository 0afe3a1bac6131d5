//! Text: numbers become others, words and bracketed parts are repeated, moved or dropped.

use libfuzzer_sys::fuzzer_mutate;

use super::random::Random;

/// Numbers as text.
const NUMBERS: [&str; 22] = [
    "0",
    "1",
    "-1",
    "-0",
    "2",
    "8",
    "255",
    "256",
    "65535",
    "65536",
    "2147483648",
    "4294967295",
    "4294967296",
    "9223372036854775807",
    "-9223372036854775808",
    "18446744073709551615",
    "18446744073709551616",
    "1e308",
    "1e-308",
    "1e999",
    "0.5",
    "NaN",
];

/// Changes `data[..size]` as bytes, or as text with numbers or with words of `words`; returns the new size. The body of
/// a `fuzz_mutator` for text.
pub fn bytes_or_text(
    data: &mut [u8],
    size: usize,
    most: usize,
    seed: u32,
    words: &[&str],
) -> usize {
    let mut random = Random::new(seed);
    match random.below(4) {
        0 => fuzzer_mutate(data, size, most),
        1 => text(data, size, most, &[], &mut random),
        _ => text(data, size, most, words, &mut random),
    }
}

/// Changes the text in `data[..size]` at one to three places, with words of `words`; returns the new size.
pub fn text(
    data: &mut [u8],
    size: usize,
    most: usize,
    words: &[&str],
    random: &mut Random,
) -> usize {
    let mut bytes = data[..size].to_vec();
    for _ in 0..=random.below(3) {
        step(&mut bytes, words, random);
    }
    let size = bytes.len().min(most).min(data.len());
    data[..size].copy_from_slice(&bytes[..size]);
    size
}

fn step(bytes: &mut Vec<u8>, words: &[&str], random: &mut Random) {
    let token = token(bytes, random);
    let word = |random: &mut Random| {
        match words.len() {
            0 => random.one_of(&NUMBERS),
            _ => random.one_of(words),
        }
        .as_bytes()
    };
    match random.below(6) {
        0 | 1 if bytes.get(token.start).is_some_and(u8::is_ascii_digit) => {
            let number = random.one_of(&NUMBERS).bytes();
            bytes.splice(token, number);
        }
        0 | 1 => drop(bytes.splice(token, word(random).iter().copied())),
        2 => {
            let mut new = word(random).to_vec();
            new.push(b' ');
            bytes.splice(token.start..token.start, new);
        }
        3 => {
            let part = part(bytes, token.start);
            let copy = bytes[part.clone()].to_vec();
            let at = if random.once_in(2) {
                part.end
            } else {
                self::token(bytes, random).start
            };
            bytes.splice(at..at, copy);
        }
        4 => drop(bytes.drain(part(bytes, token.start))),
        _ => {
            let part = part(bytes, token.start);
            let copy: Vec<u8> = bytes.drain(part).collect();
            let at = self::token(bytes, random).start;
            bytes.splice(at..at, copy);
        }
    }
}

/// A random run of letters and digits, or of other bytes.
fn token(bytes: &[u8], random: &mut Random) -> std::ops::Range<usize> {
    let at = random.below(bytes.len());
    let is_word = |at: usize| {
        bytes
            .get(at)
            .map(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(byte))
    };
    let kind = is_word(at);
    let (mut start, mut end) = (at, at);
    while start > 0 && at - start < 32 && is_word(start - 1) == kind {
        start -= 1;
    }
    while end < bytes.len() && end - at < 32 && is_word(end) == kind {
        end += 1;
    }
    start..end
}

/// The bracketed part from `start` to its closing bracket, or to the next comma or space.
fn part(bytes: &[u8], start: usize) -> std::ops::Range<usize> {
    let mut depth = 0;
    for (at, byte) in bytes.iter().enumerate().skip(start) {
        match byte {
            b'[' | b'{' | b'(' => depth += 1,
            b']' | b'}' | b')' if depth <= 1 => return start..at + usize::from(depth == 1),
            b']' | b'}' | b')' => depth -= 1,
            b',' | b' ' | b'\n' if depth == 0 && at > start => return start..at,
            _ => {}
        }
    }
    start..bytes.len()
}
