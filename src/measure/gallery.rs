//! A page of predictions, worst first.
//!
//! Pictures are written as they are added, so that a set of any size needs little memory. If the set is
//! larger than the gallery, only the worst are kept: a picture that is displaced is deleted.

use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::fs;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use crate::files::{FileError, write_atomic, write_png_rgb};
use crate::segment::overlay;
use crate::vision::{Mask, RgbImage, resize_bilinear, resize_mask};

use super::gallery_page::{PREDICTION, Picture, TRUTH, page};
use super::report::Report;
use super::sample_score::SampleScore;

/// Longest side of one of the three parts of a picture, in pixels.
const SIDE: usize = 400;

/// Opacity inside the masks; low, because their outlines are visible.
const OPACITY: f32 = 0.2;

/// Name of the folder with the pictures, beside the page.
pub(super) const PICTURES: &str = "pictures";

/// A folder with `index.html` and `pictures/`, which can be moved, zipped or opened from the disk.
#[derive(Debug)]
pub struct ScoreGallery {
    folder: PathBuf,
    limit: usize,
    added: usize,
    kept: BinaryHeap<Kept>,
}

/// A picture in the gallery. The greatest entry is removed first: the one with the best IoU, and among equals the
/// latest.
#[derive(Debug)]
struct Kept {
    order: (f64, usize),
    picture: Picture,
}

impl Ord for Kept {
    fn cmp(&self, other: &Self) -> Ordering {
        let ((iou, place), (other_iou, other_place)) = (self.order, other.order);
        iou.total_cmp(&other_iou).then(place.cmp(&other_place))
    }
}

impl PartialOrd for Kept {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Kept {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Kept {}

impl ScoreGallery {
    /// Creates a gallery of the `limit` worst predictions in `folder`, and the folder if it does not exist.
    /// Removes the pictures and the page of a previous gallery.
    ///
    /// # Errors
    /// Fails if the folder cannot be created, or if a previous gallery cannot be removed.
    pub fn create(folder: &Path, limit: usize) -> Result<Self, FileError> {
        let pictures = folder.join(PICTURES);
        let failed = |path: &Path| {
            let path = path.to_path_buf();
            move |error| FileError::from_io(&path, error)
        };
        fs::create_dir_all(&pictures).map_err(failed(&pictures))?;
        remove(&folder.join("index.html"))?;
        for entry in fs::read_dir(&pictures).map_err(failed(&pictures))? {
            let entry = entry.map_err(failed(&pictures))?;
            if is_ours(&entry.file_name().to_string_lossy()) {
                remove(&entry.path())?;
            }
        }
        Ok(Self {
            folder: folder.to_path_buf(),
            limit,
            added: 0,
            kept: BinaryHeap::new(),
        })
    }

    /// Adds a prediction, unless the gallery is full of worse ones. The masks are as compared, so they may
    /// differ in size from the image. A phrase without an IoU under the protocol counts as correct here.
    ///
    /// # Errors
    /// Fails if a picture cannot be written or removed.
    pub fn add(
        &mut self,
        score: &SampleScore,
        image: &RgbImage,
        (predicted, truth): (&Mask, &Mask),
    ) -> Result<(), FileError> {
        let order = (score.iou.unwrap_or(1.0), self.added);
        let file = format!("{:06}.png", self.added);
        self.added += 1;
        let (width, height) = fitted(image.width(), image.height());
        let new = Kept {
            order,
            picture: Picture {
                file: format!("{PICTURES}/{file}"),
                width,
                height,
                score: score.clone(),
            },
        };
        if self.kept.len() >= self.limit {
            match self.kept.peek() {
                Some(best) if *best > new => {}
                _ => return Ok(()),
            }
        }
        let strip = strip(image, truth, predicted, (width, height));
        write_png_rgb(&self.folder.join(PICTURES).join(file), &strip)?;
        self.kept.push(new);
        if self.kept.len() > self.limit
            && let Some(best) = self.kept.pop()
        {
            remove(&self.folder.join(best.picture.file))?;
        }
        Ok(())
    }

    /// Writes the page with the figures of `report` above the pictures; returns its path.
    ///
    /// # Errors
    /// Fails if the page cannot be written.
    pub fn finish(self, report: &Report) -> Result<PathBuf, FileError> {
        let pictures: Vec<Picture> = self
            .kept
            .into_sorted_vec()
            .into_iter()
            .map(|kept| kept.picture)
            .collect();
        let text = page(report, &pictures, self.added);
        let path = self.folder.join("index.html");
        write_atomic(&path, |file| file.write_all(text.as_bytes()))?;
        Ok(path)
    }
}

/// Returns the image, the image with the true mask and the image with the predicted mask, from left to right
/// without gaps. The page shows each third separately.
fn strip(
    image: &RgbImage,
    truth: &Mask,
    predicted: &Mask,
    (width, height): (usize, usize),
) -> RgbImage {
    let mut small = RgbImage::filled(width, height, [0; 3]);
    let values = resize_bilinear(image, width, height);
    for (byte, value) in small.pixels_mut().iter_mut().zip(values) {
        *byte = value.round() as u8;
    }
    let outlined =
        |mask: &Mask, colour| overlay(&small, &resize_mask(mask, width, height), colour, OPACITY);
    let parts = [outlined(truth, TRUTH), outlined(predicted, PREDICTION)];
    let mut strip = RgbImage::filled(3 * width, height, [0; 3]);
    let line = 3 * width;
    for (y, row) in strip.pixels_mut().chunks_exact_mut(3 * line).enumerate() {
        for (part, target) in [&small, &parts[0], &parts[1]]
            .into_iter()
            .zip(row.chunks_exact_mut(line))
        {
            target.copy_from_slice(&part.pixels()[y * line..(y + 1) * line]);
        }
    }
    strip
}

/// Returns the size scaled down so that no side exceeds [`SIDE`], with the same aspect ratio.
fn fitted(width: usize, height: usize) -> (usize, usize) {
    let longest = width.max(height).max(SIDE);
    let scaled = |side: usize| (side * SIDE / longest).max(1);
    (scaled(width), scaled(height))
}

/// Returns whether a file name is that of a gallery's picture: six digits or more, then `.png`.
fn is_ours(name: &str) -> bool {
    name.strip_suffix(".png")
        .is_some_and(|stem| stem.len() >= 6 && stem.bytes().all(|byte| byte.is_ascii_digit()))
}

fn remove(path: &Path) -> Result<(), FileError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(FileError::from_io(path, error)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::names_in;
    use crate::measure::{About, Protocol};

    fn bar(share: usize) -> Mask {
        Mask::new(10, 10, (0..100).map(|i| i < share).collect())
    }

    #[test]
    fn the_worst_stay_and_come_first() {
        let folder = tempfile::tempdir().expect("a folder");
        let folder = folder.path().join("new").join("gallery");
        let image = RgbImage::filled(900, 600, [90, 120, 90]);
        let mut scores = Vec::new();
        let mut gallery = ScoreGallery::create(&folder, 3).expect("a new folder");
        for share in [80, 20, 90, 50, 0, 50] {
            let (truth, predicted) = (Mask::full(10, 10), bar(share));
            let phrase = format!("the <b>\"{share}\"</b> & more");
            let score = SampleScore::new(
                Protocol::Rmsin,
                "id",
                phrase,
                Some("a 'ship'"),
                (&predicted, &truth),
            );
            gallery
                .add(&score, &image, (&predicted, &truth))
                .expect("a picture");
            scores.push(score);
        }
        assert_eq!(
            names_in(&folder.join(PICTURES)),
            ["000001.png", "000003.png", "000004.png"]
        );
        let report = Report::new(About::default(), &scores);
        let page = gallery.finish(&report).expect("the page");
        let text = fs::read_to_string(page).expect("the page");
        let places: Vec<_> = ["000004", "000001", "000003"]
            .map(|name| text.find(name))
            .to_vec();
        assert!(
            places.is_sorted() && places.iter().all(Option::is_some),
            "{places:?}"
        );
        assert!(
            text.contains("the &lt;b&gt;&quot;20&quot;&lt;/b&gt; &amp; more"),
            "{text}"
        );
        assert!(text.contains("3 worst of 6"), "{text}");
        assert!(!text.contains("<b>\"") && !text.contains("http"), "{text}");

        let picture = image::open(folder.join(PICTURES).join("000003.png"))
            .expect("a PNG")
            .into_rgb8();
        assert_eq!(picture.dimensions(), (3 * 400, 266));
        assert_eq!(
            picture.get_pixel(200, 60).0,
            [90, 120, 90],
            "the image itself"
        );

        fs::write(folder.join(PICTURES).join("mine.png"), "kept").expect("a file");
        let none = ScoreGallery::create(&folder, 0).expect("an old folder");
        assert_eq!(
            names_in(&folder.join(PICTURES)),
            ["mine.png"],
            "only what a gallery wrote goes"
        );
        none.finish(&Report::new(About::default(), &[]))
            .expect("an empty page");
    }
}
