//! Every protocol against manually computed cases, RMSIN's also against a second implementation of its formulas, and
//! the intervals against distributions with known parameters.

use std::time::Instant;

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use s4eca::measure::{
    About, Interval, Metrics, Protocol, Report, Resolution, Rules, SampleScore, Summary, bootstrap,
    json_lines,
};
use s4eca::vision::Mask;

fn mask(pixels: &str) -> Mask {
    Mask::new(
        pixels.len(),
        1,
        pixels.bytes().map(|pixel| pixel == b'#').collect(),
    )
}

fn summary(protocol: Protocol, pairs: &[(&str, &str)]) -> Summary {
    let mut metrics = Metrics::new(protocol.rules());
    for (predicted, truth) in pairs {
        metrics.add_masks(&mask(predicted), &mask(truth));
    }
    metrics.summary()
}

/// One pair of masks under each protocol in the order of `Protocol::ALL`: mIoU and hits at 0.5 to 0.9.
#[test]
fn single_cases_are_as_computed_by_hand() {
    let cases = [
        ("empty truth", "##..", "....", [0.0; 4], [0; 4]),
        ("empty prediction", "....", "##..", [0.0; 4], [0; 4]),
        // IoU 2/4. Only RMSIN counts an IoU of exactly t.
        ("IoU of 0.5", "##..", "####", [0.5; 4], [1, 0, 0, 0]),
        // IoU 4/5.
        ("IoU of 0.8", "####.", "#####", [0.8; 4], [4, 3, 3, 3]),
        ("the same", "###.", "###.", [1.0; 4], [5; 4]),
        // The mean over no IoU is reported as 0. Together with other phrases this phrase is omitted, see below.
        (
            "both empty",
            "....",
            "....",
            [0.0, 0.0, 0.0, 1.0],
            [0, 0, 0, 5],
        ),
    ];
    for (name, predicted, truth, ious, hits) in cases {
        for (place, protocol) in Protocol::ALL.into_iter().enumerate() {
            let found = summary(protocol, &[(predicted, truth)]);
            let added = protocol.rules().added;
            assert!(
                (found.miou - ious[place]).abs() <= added,
                "{name}, {protocol}: {found}"
            );
            let reached = found.precision.iter().filter(|&&share| share == 1.0);
            assert_eq!(reached.count(), hits[place], "{name}, {protocol}: {found}");
            assert_eq!(found.samples, 1);
        }
    }
}

/// Four phrases: 2 of 4 pixels, both empty, 3 of 3, 0 of 2. Summed pixels: 5/9.
#[test]
fn sets_are_as_computed_by_hand() {
    let pairs = [
        ("##..", "####"),
        ("....", "...."),
        ("###.", "###."),
        ("#...", ".#.."),
    ];
    for (protocol, miou, at_half, above_half) in [
        (Protocol::Rmsin, 1.5 / 4.0, 0.5, 0.25),
        // 2 / (4 + 1e-6) and 3 / (3 + 1e-6).
        (
            Protocol::Detris,
            (2.0 / 4.000001 + 3.0 / 3.000001) / 4.0,
            0.25,
            0.25,
        ),
        // Three IoUs, four phrases.
        (Protocol::Rsrefseg2, 1.5 / 3.0, 0.25, 0.25),
        (
            Protocol::Segearth,
            (2.0 / 4.00001 + 1.0 + 3.0 / 3.00001) / 4.0,
            0.5,
            0.5,
        ),
    ] {
        let found = summary(protocol, &pairs);
        assert!((found.miou - miou).abs() < 1e-12, "{protocol}: {found}");
        assert_eq!(found.oiou, 5.0 / 9.0, "{protocol}");
        assert_eq!(found.precision[0], at_half, "{protocol}");
        assert_eq!(found.precision[1..], [above_half; 4], "{protocol}");
    }
}

/// The same probabilities, 2 x 2, for a truth of 4 x 4 and a network input of 8 x 8.
#[test]
fn masks_are_made_at_the_size_and_threshold_of_the_protocol() {
    let truth = Mask::new(4, 4, [true, true, false, false].repeat(4));
    let map = [0.9, 0.4, 0.9, 0.4];
    for (protocol, resolution, side, columns) in [
        // Bilinear at 8 px: 0.9 0.9 0.8375 0.7125 0.5875 0.4625 0.4 0.4.
        (Protocol::Rmsin, Resolution::Input, 8, 5),
        (Protocol::Segearth, Resolution::Input, 8, 5),
        // At 4 px: 0.9 0.775 0.525 0.4.
        (Protocol::Detris, Resolution::Original, 4, 4),
        (Protocol::Rsrefseg2, Resolution::Original, 4, 3),
    ] {
        assert_eq!(protocol.resolution(), resolution);
        let (predicted, compared) = protocol.masks(&map, (2, 2), &truth, 8);
        assert_eq!(
            (predicted.width(), predicted.height()),
            (side, side),
            "{protocol}"
        );
        assert_eq!(compared.area(), side * side / 2, "{protocol}");
        assert_eq!(predicted.area(), side * columns, "{protocol}");
        let score = SampleScore::new(protocol, "id", "phrase", None, (&predicted, &compared));
        let (both, either) = (side * side / 2, side * columns);
        assert_eq!(
            (score.intersection, score.union),
            (both as u64, either as u64)
        );
    }
}

/// RMSIN's figures, computed as in `test.py` in plain floating point: oIoU, mIoU and Pr@0.5 to 0.9.
fn rmsin(pairs: &[(Mask, Mask)]) -> (f64, f64, [f64; 5]) {
    let (mut all_both, mut all_either, mut total) = (0.0, 0.0, 0.0);
    let mut reached = [0.0; 5];
    for (predicted, truth) in pairs {
        let (mut both, mut either) = (0.0, 0.0);
        for y in 0..truth.height() {
            for x in 0..truth.width() {
                let (p, g) = (predicted.get(x, y), truth.get(x, y));
                both += if p && g { 1.0 } else { 0.0 };
                either += if p || g { 1.0 } else { 0.0 };
            }
        }
        let iou = if either == 0.0 { 0.0 } else { both / either };
        total += iou;
        all_both += both;
        all_either += either;
        for (count, threshold) in reached.iter_mut().zip([0.5, 0.6, 0.7, 0.8, 0.9]) {
            *count += if iou >= threshold { 1.0 } else { 0.0 };
        }
    }
    let phrases = pairs.len() as f64;
    let overall = if all_either == 0.0 {
        0.0
    } else {
        all_both / all_either
    };
    (
        overall,
        total / phrases,
        reached.map(|count| count / phrases),
    )
}

#[test]
fn rmsin_agrees_with_its_formulas_on_random_masks() {
    let mut rng = ChaCha8Rng::seed_from_u64(34);
    let (mut exact, mut empty) = (0, 0);
    for set in 0..2000 {
        let pairs: Vec<(Mask, Mask)> = (0..rng.random_range(1..12))
            .map(|_| {
                // Small masks, so that empty ones and IoUs exactly at a threshold are frequent.
                let (width, height) = (rng.random_range(1..6), rng.random_range(1..5));
                let share = [0.0, 0.3, 0.7, 0.95, 1.0][rng.random_range(0..5)];
                let flips = [0.0, 0.1, 0.4][rng.random_range(0..3)];
                let truth: Vec<bool> = (0..width * height)
                    .map(|_| rng.random_bool(share))
                    .collect();
                let predicted = truth
                    .iter()
                    .map(|&bit| bit != rng.random_bool(flips))
                    .collect();
                (
                    Mask::new(width, height, predicted),
                    Mask::new(width, height, truth),
                )
            })
            .collect();
        let mut metrics = Metrics::default();
        for (predicted, truth) in &pairs {
            let iou = metrics.add_masks(predicted, truth);
            exact += usize::from([0.5, 0.6, 0.7, 0.8, 0.9].contains(&iou));
            empty += usize::from(predicted.area() + truth.area() == 0);
        }
        let found = metrics.summary();
        let (oiou, miou, precision) = rmsin(&pairs);
        assert_eq!(found.oiou, oiou, "set {set}");
        assert_eq!(found.miou, miou, "set {set}");
        assert_eq!(found.precision, precision, "set {set}");
    }
    assert!(
        exact > 200 && empty > 200,
        "{exact} at a threshold, {empty} empty"
    );
}

/// Phrases with a fixed union and IoUs uniform between 0 and 1: the true mean is a half, and half of them reach 0.5. Of
/// the intervals of 200 sets, nearly 95 % must contain the true value.
#[test]
fn intervals_hold_the_truth_as_often_as_they_say() {
    let mut rng = ChaCha8Rng::seed_from_u64(95);
    let (mut means, mut overall, mut halves) = (0, 0, 0);
    let sets = 200;
    for seed in 0..sets {
        let phrases: Vec<(u64, u64)> = (0..150)
            .map(|_| (rng.random_range(0..=1000), 1000))
            .collect();
        let intervals = bootstrap(&phrases, &Rules::RMSIN, seed);
        let holds =
            |interval: Interval, truth: f64| interval.low <= truth && truth <= interval.high;
        means += usize::from(holds(intervals.miou, 0.5));
        overall += usize::from(holds(intervals.oiou, 0.5));
        halves += usize::from(holds(intervals.precision[0], 501.0 / 1001.0));
    }
    // 95 % of 200 is 190, with a standard deviation of 3; the limits allow five of those below.
    for held in [means, overall, halves] {
        assert!((175..=200).contains(&held), "{means} {overall} {halves}");
    }
}

/// The standard deviation of a share p of n phrases is sqrt(p (1 - p) / n); the interval spans 3.92 of those.
#[test]
fn intervals_are_as_wide_as_theory_says_and_always_the_same() {
    let phrases: Vec<(u64, u64)> = (0..400)
        .map(|i| (if i % 4 == 0 { 10 } else { 0 }, 10))
        .collect();
    let intervals = bootstrap(&phrases, &Rules::RMSIN, 7);
    assert_eq!(intervals, bootstrap(&phrases, &Rules::RMSIN, 7));
    assert_ne!(intervals, bootstrap(&phrases, &Rules::RMSIN, 8));
    let theory = 3.92 * (0.25_f64 * 0.75 / 400.0).sqrt();
    for interval in [intervals.miou, intervals.oiou, intervals.precision[4]] {
        let width = interval.high - interval.low;
        assert!((width / theory - 1.0).abs() < 0.12, "{width} and {theory}");
        assert!(interval.low < 0.25 && 0.25 < interval.high);
    }
}

/// As many phrases as in the test split of RRSIS-D, in its 20 categories.
#[test]
fn a_report_of_a_whole_test_split_takes_a_moment_and_is_reproducible() {
    let mut rng = ChaCha8Rng::seed_from_u64(3481);
    let phrases = [
        "The ship on the left",
        "A large dam",
        "The gray car near the bridge",
    ];
    let scores: Vec<SampleScore> = (0..3481)
        .map(|index| {
            let bits = |share: f64, rng: &mut ChaCha8Rng| {
                Mask::new(8, 8, (0..64).map(|_| rng.random_bool(share)).collect())
            };
            let (predicted, truth) = (bits(0.8, &mut rng), bits(0.9, &mut rng));
            let category = format!("category {:02}", index % 20);
            let masks = (&predicted, &truth);
            let phrase = phrases[index % 3];
            SampleScore::new(
                Protocol::Rmsin,
                index.to_string(),
                phrase,
                Some(&category),
                masks,
            )
        })
        .collect();
    let about = About {
        method: "random".to_owned(),
        input_side: 8,
        ..About::default()
    };
    let start = Instant::now();
    let report = Report::new(about.clone(), &scores);
    let seconds = start.elapsed().as_secs_f64();
    assert!(seconds < 5.0, "{seconds} s");
    assert_eq!(report.figures.summary.samples, 3481);
    assert_eq!(report.per_category.len(), 20);
    assert_eq!(report.per_kind.len(), 4);

    // A report made from the file of scores must be the same.
    let lines = json_lines(&scores).expect("text");
    let read: Vec<SampleScore> = lines
        .lines()
        .map(|line| serde_json::from_str(line).expect("a score"))
        .collect();
    assert_eq!(Report::new(about, &read), report);
    println!("{seconds:.3} s\n{report}\n{}", report.latex_row());
}
