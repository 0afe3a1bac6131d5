use super::*;

fn rle(height: usize, width: usize, text: &str) -> Rle {
    Rle {
        size: [height, width],
        counts: Counts::Text(text.to_owned()),
    }
}

/// Four masks of RISBench's test split: runs, area, inclusive box.
#[test]
fn published_masks_have_their_known_areas_and_boxes() {
    let golden = [
        (
            "`ac45e?7H7K5M4N10O100O1N3J5L6HYoU3",
            27,
            266,
            (295, 26, 307, 54),
        ),
        (
            "bXQ6<c?4L4L3N2M2O1O00O101N4M4K6K5JQWg1",
            31,
            315,
            (386, 270, 400, 297),
        ),
        (
            "Pom56h?4M2O2M3N:F2N10O010O1O1O1N4M3L4L5JdPi1",
            37,
            375,
            (379, 476, 396, 506),
        ),
        (
            "VYP53j?4M3M3N101O00001O01O010O00010O0001O01O0010O01O00001O1O001O001O1O1N2O2N1NcV]2",
            75,
            462,
            (320, 286, 356, 305),
        ),
    ];
    for (text, runs, area, (x0, y0, x1, y1)) in golden {
        let rle = rle(512, 512, text);
        assert_eq!(rle.runs().expect("runs").len(), runs);
        let mask = rle.decode().expect("a mask");
        assert_eq!(mask.area(), area);
        assert_eq!(mask.bounding_box(), Some((x0, y0, x1 + 1, y1 + 1)));
        assert_eq!(Rle::encode(&mask), rle);
    }
}

#[test]
fn ten_thousand_random_masks_come_back() {
    // splitmix64.
    let mut state = 0u64;
    let mut next = move || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 32) as usize
    };
    for _ in 0..10_000 {
        let (width, height) = (1 + next() % 40, 1 + next() % 40);
        // From noise to large blots: a new bit is drawn every `hold` pixels on average.
        let (hold, share) = (1 + next() % 200, next() % 101);
        let mut bit = false;
        let mut draw = || {
            if next() % hold == 0 {
                bit = next() % 100 < share;
            }
            bit
        };
        let bits = (0..width * height).map(|_| draw()).collect();
        let mask = Mask::new(width, height, bits);
        let text = Rle::encode(&mask);
        assert_eq!(text.decode().as_ref(), Ok(&mask));
        let runs = text.runs().expect("runs").into_iter().map(i64::from);
        let plain = Rle {
            size: text.size,
            counts: Counts::Runs(runs.collect()),
        };
        assert_eq!(plain.decode().as_ref(), Ok(&mask));
    }
}

#[test]
fn columns_come_first() {
    let plain = Rle {
        size: [2, 3],
        counts: Counts::Runs(vec![1, 2, 3]),
    };
    let mask = plain.decode().expect("2 rows of 3");
    assert_eq!(mask.bits(), [false, true, false, true, false, false]);
}

#[test]
fn damaged_runs_are_told_apart() {
    let good = "`ac45e?7H7K5M4N10O100O1N3J5L6HYoU3";
    let error = |text: &str| rle(512, 512, text).decode().expect_err("damaged");
    assert_eq!(error(&good[..2]), RleError::Truncated);
    assert!(matches!(error(&good[..10]), RleError::Sum { .. }));
    assert!(matches!(
        error(&format!("{good}5")),
        RleError::Sum { .. } | RleError::Run { .. }
    ));
    assert_eq!(
        error("5 5"),
        RleError::Character {
            found: ' ',
            position: 1
        }
    );
    assert!(matches!(
        error("5é"),
        RleError::Character { position: 1, .. }
    ));
    // The sign bit alone: -16.
    assert_eq!(
        error("@"),
        RleError::Run {
            index: 0,
            value: -16
        }
    );
    assert!(matches!(
        error("oooooooooooooo"),
        RleError::Run { index: 0, .. }
    ));
    assert!(matches!(error(""), RleError::Sum { found: 0, .. }));
    for size in [[0, 5], [usize::MAX, 2], [100_000, 100_000]] {
        let rle = Rle {
            size,
            counts: Counts::Runs(vec![0]),
        };
        assert!(matches!(rle.decode(), Err(RleError::Size { .. })));
    }
    for runs in [vec![-1, 5], vec![3], vec![2, 3], vec![1 << 40]] {
        let counts = Counts::Runs(runs);
        assert!(
            Rle {
                size: [2, 2],
                counts
            }
            .decode()
            .is_err()
        );
    }
}

#[test]
fn parts_are_united() {
    let part = |runs: &[i64]| Rle {
        size: [2, 2],
        counts: Counts::Runs(runs.to_vec()),
    };
    let mask = Rle::decode_all(&[part(&[0, 2, 2]), part(&[1, 2, 1])]).expect("two parts");
    assert_eq!(mask.bits(), [true, true, true, false]);
    assert_eq!(Rle::decode_all(&[]), Err(RleError::None));
    let other = Rle {
        size: [1, 4],
        counts: Counts::Runs(vec![4]),
    };
    assert_eq!(Rle::decode_all(&[part(&[4]), other]), Err(RleError::Parts));
}
