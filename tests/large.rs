//! A scene of 20,000 x 20,000 pixels through `s4eca segment`: in bounded memory, and without seams.
//!
//! The scene repeats every 2,880 pixels, which is twice the distance from tile to tile. The result must therefore
//! repeat as well, bit for bit, anywhere in the scene and whatever the program had in memory.

mod common;
#[path = "large/grey.rs"]
mod grey;
#[path = "large/pattern.rs"]
mod pattern;

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::thread;
use std::time::{Duration, Instant};

use common::{BY_NETWORK, command, segment, skip, succeed, text};
use grey::Grey;
use pattern::{PERIOD, write_scene};

/// Side of the scene, in its pixels.
const SIDE: usize = 20_000;
/// Scene pixels per map pixel: 50 cm over 10 cm.
const STEP: usize = 5;
/// The shipped weights see 384 map pixels at once, of which a quarter overlaps, rounded to a multiple of 8.
const TILE: usize = 384;
const OVERLAP: usize = 96;
const STRIDE: usize = TILE - OVERLAP;
/// Resident memory that the program may reach, in bytes.
const MEMORY: u64 = 2 << 30;
/// Maximum time that it may take on two cores.
const PATIENCE: Duration = Duration::from_secs(240);
/// Maximum error of a blend of bytes, out of 255: one for rounding the map, one for rounding the pixel.
const ROUNDING: u8 = 2;

/// Arguments of `segment` with the options that all tests in this file share.
fn arguments<'a>(
    scene: &'a Path,
    mask: &'a Path,
    probability: &'a Path,
    more: &[&'a str],
) -> Vec<&'a str> {
    let mut options = BY_NETWORK.to_vec();
    options.extend(["--probability", text(probability), "--scale", "10"]);
    options.extend(["--resolution", "50", "--overlap", "96"]);
    options.extend(more);
    let weights = Path::new("weights/tiny");
    segment(scene, "buildings", mask, weights, &options)
}

fn run(scene: &Path, mask: &Path, probability: &Path, more: &[&str]) {
    succeed(&arguments(scene, mask, probability, more));
}

/// Runs the program and returns its peak memory in bytes, or None if the system does not report it.
fn watched(arguments: &[&str], log: &Path) -> Option<u64> {
    let log_file = File::create(log).expect("a writable folder");
    let mut child = command(arguments)
        .stdout(Stdio::null())
        .stderr(log_file)
        .spawn()
        .expect("the program starts");
    let began = Instant::now();
    let mut most = None;
    let status = loop {
        // The kernel's own high-water mark: infrequent reads miss only the last moment.
        most = high_water(child.id()).or(most);
        if let Some(status) = child.try_wait().expect("a child") {
            break status;
        }
        if began.elapsed() > PATIENCE {
            child.kill().expect("a child");
            panic!("still at work after {PATIENCE:?}");
        }
        thread::sleep(Duration::from_millis(20));
    };
    let said = std::fs::read_to_string(log).unwrap_or_default();
    assert!(status.success(), "{arguments:?}: {said}");
    most
}

fn high_water(process: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes << 10)
}

/// The scene and the program's results for all of it, computed once for the checks below.
struct Whole {
    scene: PathBuf,
    mask: Grey,
    probability: Grey,
}

#[test]
fn a_scene_of_20000_pixels_is_segmented_in_bounded_memory_without_a_seam() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let at = |name: &str| folder.path().join(name);
    let (scene, mask, probability) = (at("scene.tif"), at("mask.tif"), at("probability.tif"));
    write_scene(&scene, 0, 0, SIDE, SIDE);
    let arguments = arguments(&scene, &mask, &probability, &[]);
    match watched(&arguments, &at("log.txt")) {
        Some(most) => assert!(most < MEMORY, "{} MiB at the most", most >> 20),
        None => skip("the memory of a large scene: this system does not tell it"),
    }
    let whole = Whole {
        scene,
        mask: Grey::open(&mask),
        probability: Grey::open(&probability),
    };
    for made in [&whole.mask, &whole.probability] {
        assert_eq!((made.width(), made.height()), (SIDE, SIDE));
    }
    whole.keeps_its_tags();
    whole.repeats();
    whole.has_windows(folder.path());
    whole.is_made_of_pieces(folder.path());
}

impl Whole {
    fn keeps_its_tags(&self) {
        assert_eq!(self.mask.pixel_scale(), self::pattern::PIXEL_SCALE);
        assert_eq!(self.mask.tie_point(), self::pattern::TIE_POINT);
    }

    /// The result repeats as the scene does, away from the edges, where tiles have fewer neighbours.
    fn repeats(&self) {
        let first = OVERLAP * STEP + PERIOD / 2;
        // The last tile is moved back to end with the scene, so it is not aligned with the period.
        let end = (SIDE / STEP - TILE) * STEP;
        let periods = (end - first) / PERIOD;
        let width = periods * PERIOD;
        for (made, kind) in [(&self.mask, "mask"), (&self.probability, "probability")] {
            let rows = made.region(first, first, width, PERIOD);
            let (mut set, mut unset) = (0, 0);
            for row in rows.chunks_exact(width) {
                let (one, rest) = row.split_at(PERIOD);
                assert!(
                    rest.chunks_exact(PERIOD).all(|other| other == one),
                    "{kind}: along a row"
                );
                set += one.iter().filter(|&&value| value >= 128).count();
                unset += one.iter().filter(|&&value| value < 128).count();
            }
            assert!(
                set > PERIOD && unset > PERIOD,
                "{kind}: {set} pixels in it, {unset} not"
            );
            for period in 1..periods {
                let below = made.region(first, first + period * PERIOD, width, PERIOD);
                assert!(below == rows, "{kind}: {period} periods further down");
            }
        }
    }

    /// A window gives the same result as that part of the whole scene, wherever it starts.
    fn has_windows(&self, folder: &Path) {
        for (x, y, width, height) in [
            (0, 0, 4000, 4000),
            (7013, 9001, 1501, 2702),
            (18_000, 18_490, 2000, 1510),
            (12_345, 3, 1, 700),
        ] {
            let (mask, probability) = (folder.join("window.tif"), folder.join("window-p.tif"));
            let window = format!("{x},{y},{width},{height}");
            run(&self.scene, &mask, &probability, &["--window", &window]);
            for (made, whole) in [(mask, &self.mask), (probability, &self.probability)] {
                let made = Grey::open(&made);
                assert_eq!((made.width(), made.height()), (width, height), "{window}");
                let inside = made.region(0, 0, width, height);
                assert!(inside == whole.region(x, y, width, height), "{window}");
                let [_, _, _, east, north, _] = made.tie_point();
                let [_, _, _, west, top, _] = self.mask.tie_point();
                let [across, down, _] = made.pixel_scale();
                let found = ((east - west) / across, (top - north) / down);
                let off = (found.0 - x as f64).abs().max((found.1 - y as f64).abs());
                assert!(off < 1e-6, "{window} is said to lie at {found:?}");
            }
        }
    }

    /// The pixels of a tile, segmented as a separate scene, give the same result as the whole scene in the part of the
    /// tile that no other tile overlaps. Where tiles overlap, each value of the whole scene must lie between the values
    /// of the single tiles, because blending is a weighted mean.
    fn is_made_of_pieces(&self, folder: &Path) {
        let size = TILE * STEP;
        let corner = |index: usize| index * STRIDE * STEP;
        let (column, row) = (6, 5);
        let mut low = vec![u8::MAX; size * size];
        let mut high = vec![0; size * size];
        let place = (corner(column), corner(row));
        for (across, down) in (0..9).map(|i| (column + i % 3 - 1, row + i / 3 - 1)) {
            let (scene, mask) = (folder.join("piece.tif"), folder.join("piece-mask.tif"));
            let probability = folder.join("piece-p.tif");
            let (x, y) = (corner(across), corner(down));
            write_scene(&scene, x, y, size, size);
            run(&scene, &mask, &probability, &[]);
            let values = Grey::open(&probability).region(0, 0, size, size);
            for v in y.max(place.1)..(y + size).min(place.1 + size) {
                for u in x.max(place.0)..(x + size).min(place.0 + size) {
                    let value = values[(v - y) * size + u - x];
                    let at = (v - place.1) * size + u - place.0;
                    low[at] = low[at].min(value);
                    high[at] = high[at].max(value);
                }
            }
            if (across, down) == (column, row) {
                // One map pixel more than the overlap, because a pixel between two map pixels depends on both.
                let edge = (OVERLAP + 1) * STEP;
                let core = size - 2 * edge;
                for (made, whole) in [(&mask, &self.mask), (&probability, &self.probability)] {
                    let piece = Grey::open(made).region(edge, edge, core, core);
                    let scene = whole.region(place.0 + edge, place.1 + edge, core, core);
                    assert!(
                        piece == scene,
                        "the core of a tile is not what its piece gives"
                    );
                }
            }
        }
        let scene = self.probability.region(place.0, place.1, size, size);
        let outside = (0..size * size).find(|&at| {
            let (low, high) = (
                low[at].saturating_sub(ROUNDING),
                high[at].saturating_add(ROUNDING),
            );
            !(low..=high).contains(&scene[at])
        });
        if let Some(at) = outside {
            let (x, y) = (at % size, at / size);
            panic!(
                "at {x}, {y}: {} is not within {} and {}",
                scene[at], low[at], high[at]
            );
        }
    }
}
