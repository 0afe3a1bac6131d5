//! Run lengths against pycocotools: see tests/reference/rle.py.

use s4eca::data::referring::{Rle, rle::Counts};
use s4eca::vision::Mask;

struct Random {
    state: u64,
}

impl Random {
    fn new(name: &str) -> Self {
        let step = |state: u64, byte: u8| (state ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        Self {
            state: name.bytes().fold(0xcbf2_9ce4_8422_2325, step),
        }
    }

    fn below(&mut self, bound: usize) -> usize {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.state ^ (self.state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 32) as usize % bound
    }
}

fn fill(mask: &mut Mask, x: usize, y: usize, width: usize, height: usize) {
    for row in y..(y + height).min(mask.height()) {
        for column in x..(x + width).min(mask.width()) {
            mask.set(column, row, true);
        }
    }
}

fn draw(index: usize) -> Mask {
    let mut random = Random::new(&format!("rle.{index}"));
    match index % 3 {
        0 => {
            let (width, height) = (1 + random.below(16), 1 + random.below(16));
            let share = random.below(257);
            let bits = (0..width * height).map(|_| random.below(256) < share);
            Mask::new(width, height, bits.collect())
        }
        1 => {
            let (width, height) = (1 + random.below(200), 1 + random.below(200));
            let mut mask = Mask::empty(width, height);
            for _ in 0..1 + random.below(3) {
                let (x, y) = (random.below(width), random.below(height));
                let rows = 1 + random.below(height);
                fill(&mut mask, x, y, 1 + random.below(30), rows);
            }
            mask
        }
        _ => {
            let (width, height) = (300 + random.below(501), 300 + random.below(501));
            let mut mask = Mask::empty(width, height);
            let x = random.below(width);
            for column in x..width.min(x + 1 + random.below(20)) {
                let y = random.below(height);
                fill(&mut mask, column, y, 1, 1 + random.below(height - y));
            }
            mask
        }
    }
}

#[test]
fn a_thousand_masks_are_as_in_pycocotools() {
    let json = include_str!("../fixtures/rle/pycocotools.json");
    let lines: Vec<(usize, usize, usize, String)> =
        serde_json::from_str(json).expect("the fixture");
    assert_eq!(lines.len(), 1000);
    for (index, (width, height, area, counts)) in lines.into_iter().enumerate() {
        let mask = draw(index);
        assert_eq!(
            (mask.width(), mask.height(), mask.area()),
            (width, height, area),
            "{index}"
        );
        let expected = Rle {
            size: [height, width],
            counts: Counts::Text(counts),
        };
        assert_eq!(expected.decode().as_ref(), Ok(&mask), "{index}");
        assert_eq!(Rle::encode(&mask), expected, "{index}");
    }
}
