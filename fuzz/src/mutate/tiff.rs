//! TIFF and BigTIFF: the directories' entries, what they point to, and the links between directories.

use super::number::{Order, changed};
use super::random::Random;

/// Tags that readers know.
const TAGS: [u16; 41] = [
    254, 256, 257, 258, 259, 262, 266, 273, 274, 277, 278, 279, 280, 284, 285, 292, 293, 305, 317,
    320, 322, 323, 324, 325, 330, 338, 339, 347, 512, 513, 514, 529, 530, 532, 33432, 33550, 33922,
    34264, 34735, 42113, 50674,
];
/// Tags whose entries decide how samples are read, with values that mean something.
const MEANINGS: [(u16, &[u64]); 17] = [
    (254, &[0, 1, 2, 4, 5, 7]),
    (256, &[1, 7, 64, 1000, 65_536, 0x7fff_ffff, 0xffff_ffff]),
    (257, &[1, 7, 64, 1000, 65_536, 0x7fff_ffff, 0xffff_ffff]),
    (
        258,
        &[1, 2, 3, 4, 6, 8, 10, 11, 12, 14, 16, 24, 32, 64, 128],
    ),
    (
        259,
        &[
            1, 2, 3, 4, 5, 6, 7, 8, 32_773, 32_946, 34_887, 50_000, 50_001, 50_002, 34_712,
        ],
    ),
    (262, &[0, 1, 2, 3, 4, 5, 6, 8, 9, 10, 32_844]),
    (266, &[1, 2]),
    (277, &[1, 2, 3, 4, 5, 7, 65_535]),
    (278, &[1, 7, 16, 0xffff_ffff]),
    (284, &[1, 2]),
    (292, &[0, 1, 4, 5]),
    (317, &[1, 2, 3]),
    (322, &[1, 16, 64, 256, 65_536, 0xffff_fff0]),
    (323, &[1, 16, 64, 256, 65_536, 0xffff_fff0]),
    (338, &[0, 1, 2]),
    (339, &[1, 2, 3, 4, 5, 6]),
    (530, &[1, 2, 4]),
];

/// Where the fields of a file are.
struct Fields {
    order: Order,
    big: bool,
    /// Offsets of the entries of all directories.
    entries: Vec<usize>,
    /// Offsets of the directories and of the links to them.
    directories: Vec<usize>,
    links: Vec<usize>,
}

impl Fields {
    /// Finds them as far as the file can be followed.
    fn of(bytes: &[u8]) -> Option<Self> {
        let order = if bytes.starts_with(b"MM") {
            Order::Big
        } else {
            Order::Little
        };
        let big = order.get(bytes.get(2..4)?) == 43;
        let mut found = Self {
            order,
            big,
            entries: Vec::new(),
            directories: Vec::new(),
            links: vec![if big { 8 } else { 4 }],
        };
        let (head, size, wide) = if big { (8, 20, 8) } else { (2, 12, 4) };
        while found.directories.len() < 8 {
            let link = *found.links.last()?;
            let at = order.get(bytes.get(link..link + wide)?) as usize;
            if at == 0 || found.directories.contains(&at) {
                break;
            }
            let Some(count) = at.checked_add(head).and_then(|end| bytes.get(at..end)) else {
                break;
            };
            let count = (order.get(count) as usize).min(200);
            found.directories.push(at);
            let places = (0..count).map(|index| at + head + index * size);
            found
                .entries
                .extend(places.filter(|place| place + size <= bytes.len()));
            found.links.push(at + head + count * size);
        }
        Some(found)
    }

    /// Ranges of an entry's count and value.
    fn count_and_value(&self, entry: usize) -> (std::ops::Range<usize>, std::ops::Range<usize>) {
        if self.big {
            (entry + 4..entry + 12, entry + 12..entry + 20)
        } else {
            (entry + 4..entry + 8, entry + 8..entry + 12)
        }
    }

    /// Whether an entry's values are in it; otherwise their offset is.
    fn inside(&self, bytes: &[u8], entry: usize) -> bool {
        let (count, value) = self.count_and_value(entry);
        self.order
            .get(&bytes[count])
            .saturating_mul(size_of(self.order.get(&bytes[entry + 2..entry + 4])))
            <= value.len() as u64
    }
}

/// Bytes of a value of a type.
fn size_of(kind: u64) -> u64 {
    match kind {
        3 | 8 => 2,
        4 | 9 | 11 | 13 => 4,
        5 | 10 | 12 | 16..=18 => 8,
        _ => 1,
    }
}

/// Changes one to three fields of the TIFF in `data[..size]`; returns the new size, or `None` if it is not one.
pub fn tiff(data: &mut [u8], size: usize, random: &mut Random) -> Option<usize> {
    let mut size = size;
    for _ in 0..=random.below(3) {
        let fields = Fields::of(&data[..size])?;
        if fields.entries.is_empty() {
            return None;
        }
        size = step(data, size, &fields, random);
    }
    Some(size)
}

fn step(data: &mut [u8], size: usize, fields: &Fields, random: &mut Random) -> usize {
    let order = fields.order;
    let entry = *random.one_of(&fields.entries);
    let (count, value) = fields.count_and_value(entry);
    match random.below(12) {
        0 => order.put(
            &mut data[entry..entry + 2],
            u64::from(*random.one_of(&TAGS)),
        ),
        1 => order.put(&mut data[entry + 2..entry + 4], random.below(20) as u64),
        2 => {
            let former = order.get(&data[count.clone()]);
            order.put(&mut data[count], changed(former, random));
        }
        3 => change_value(data, size, fields, entry, random),
        4..=6 => mean(data, fields, random),
        7 => {
            // The entry of another tag, under this or its own.
            let other = *random.one_of(&fields.entries);
            let length = if fields.big { 20 } else { 12 };
            let skip = if random.once_in(2) { 2 } else { 0 };
            data.copy_within(other + skip..other + length, entry + skip);
        }
        8 => {
            let link = *random.one_of(&fields.links);
            let wide = value.len();
            if link + wide <= size {
                let target = match random.below(3) {
                    0 => *random.one_of(&fields.directories) as u64,
                    1 => random.below(size) as u64,
                    _ => 0,
                };
                order.put(&mut data[link..link + wide], target);
            }
        }
        9 => return appended(data, size, fields, random),
        _ => change_target(data, size, fields, entry, random),
    }
    size
}

/// Changes the value or offset in an entry.
fn change_value(data: &mut [u8], size: usize, fields: &Fields, entry: usize, random: &mut Random) {
    let (_, value) = fields.count_and_value(entry);
    let inside = fields.inside(&data[..size], entry);
    let wide = match size_of(fields.order.get(&data[entry + 2..entry + 4])) as usize {
        wide if inside && wide <= value.len() => wide,
        _ => value.len(),
    };
    let field = value.start..value.start + wide;
    let former = fields.order.get(&data[field.clone()]);
    let new = match random.below(3) {
        0 if !inside => random.below(size + 16) as u64,
        _ => changed(former, random),
    };
    fields.order.put(&mut data[field], new);
}

/// Gives a tag a value that means something else.
fn mean(data: &mut [u8], fields: &Fields, random: &mut Random) {
    let (tag, values) = *random.one_of(&MEANINGS);
    let is_it = |entry: &&usize| fields.order.get(&data[**entry..**entry + 2]) == u64::from(tag);
    let having: Vec<usize> = fields.entries.iter().filter(is_it).copied().collect();
    let new = *random.one_of(values);
    let entry = if having.is_empty() {
        let entry = *random.one_of(&fields.entries);
        fields
            .order
            .put(&mut data[entry..entry + 2], u64::from(tag));
        entry
    } else {
        *random.one_of(&having)
    };
    let (count, value) = fields.count_and_value(entry);
    // Several values of two bytes keep their count.
    let many = having.contains(&entry) && fields.order.get(&data[count.clone()]) > 1;
    if many && fields.inside(data, entry) {
        let at = value.start + 2 * random.below(value.len() / 2);
        fields.order.put(&mut data[at..at + 2], new);
        return;
    }
    let (kind, wide) = if new < 65_536 { (3, 2) } else { (4, 4) };
    fields.order.put(&mut data[entry + 2..entry + 4], kind);
    fields.order.put(&mut data[count], 1);
    data[value.clone()].fill(0);
    fields
        .order
        .put(&mut data[value.start..value.start + wide], new);
}

/// Changes one of the values that an entry points to, such as the offset of a strip.
fn change_target(data: &mut [u8], size: usize, fields: &Fields, entry: usize, random: &mut Random) {
    if fields.inside(&data[..size], entry) {
        return change_value(data, size, fields, entry, random);
    }
    let (count, value) = fields.count_and_value(entry);
    let wide = size_of(fields.order.get(&data[entry + 2..entry + 4])) as usize;
    let start = fields.order.get(&data[value]);
    let index = random.below(fields.order.get(&data[count]).min(1 << 20) as usize);
    let at = start.saturating_add((index * wide) as u64).min(size as u64) as usize;
    if at + wide <= size {
        let former = fields.order.get(&data[at..at + wide]);
        let new = if random.once_in(3) {
            random.below(size + 16) as u64
        } else {
            changed(former, random)
        };
        fields.order.put(&mut data[at..at + wide], new);
    }
}

/// Copies a directory to the end of the file, with one entry more, and links it in place of itself or as the next one.
fn appended(data: &mut [u8], size: usize, fields: &Fields, random: &mut Random) -> usize {
    let (head, length, wide) = if fields.big { (8, 20, 8) } else { (2, 12, 4) };
    let index = random.below(fields.directories.len());
    let at = fields.directories[index];
    let count = (fields.order.get(&data[at..at + head]) as usize).min(200);
    let old = head + count * length;
    let start = size.next_multiple_of(2);
    if at + old > size || start + old + length + wide > data.len() {
        return size;
    }
    data[size..start].fill(0);
    data.copy_within(at..at + old, start);
    fields
        .order
        .put(&mut data[start..start + head], count as u64 + 1);
    let entry = start + old;
    let (tag, values) = *random.one_of(&MEANINGS);
    data[entry..entry + length + wide].fill(0);
    fields
        .order
        .put(&mut data[entry..entry + 2], u64::from(tag));
    fields.order.put(&mut data[entry + 2..entry + 4], 4);
    fields.order.put(&mut data[entry + 4..entry + 4 + wide], 1);
    fields.order.put(
        &mut data[entry + 4 + wide..entry + 8 + wide],
        *random.one_of(values),
    );
    let link = if random.once_in(2) {
        fields.links[index]
    } else {
        *random.one_of(&fields.links)
    };
    if link + wide <= size {
        fields.order.put(&mut data[link..link + wide], start as u64);
    }
    entry + length + wide
}
