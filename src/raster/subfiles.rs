//! The overviews and masks of a scene among the directories of its file, by their NewSubfileType.

use super::directory::Directory;
use super::layout::tag;
use super::level::Level;
use super::problem::Problem;
use super::reader::ByteSource;
use crate::sorting::sort_by_key;

/// Bits of NewSubfileType.
const SMALLER: u64 = 1;
const MASK: u64 = 4;
/// Maximum number of overviews, each of which is smaller than the one before.
const MAX_OVERVIEWS: usize = 32;

/// Opens the overviews of the scene, from the finest to the coarsest. An overview that cannot be read or does not match
/// is skipped: overviews only make reading faster. `room` is the number of blocks that are still allowed; it is reduced
/// by the number of theirs.
///
/// # Errors
/// Fails if one needs the full module.
pub fn overviews(
    source: &mut ByteSource,
    list: &[Directory],
    scene: &Level,
    room: &mut usize,
) -> Result<Vec<Level>, Problem> {
    let mut found = Vec::new();
    for directory in list {
        let kind = kind_of(source, directory);
        if kind & SMALLER == 0 || kind & MASK != 0 || found.len() == MAX_OVERVIEWS {
            continue;
        }
        let Some(level) = open(source, directory)? else {
            continue;
        };
        let smaller = level.width() <= scene.width()
            && level.height() <= scene.height()
            && (level.width(), level.height()) != (scene.width(), scene.height());
        let same = level.layout.depths == scene.layout.depths
            && level.layout.photometric == scene.layout.photometric;
        if smaller && same && level.blocks() <= *room {
            *room -= level.blocks();
            found.push(level);
        }
    }
    sort_by_key(&mut found, |level| std::cmp::Reverse(level.width()));
    Ok(found)
}

/// Opens the mask of a level: the directory that is marked as a mask and has the level's size. `room` is as for
/// [`overviews`].
///
/// # Errors
/// Fails if it needs the full module.
pub fn mask_of(
    source: &mut ByteSource,
    list: &[Directory],
    size: (usize, usize),
    room: &mut usize,
) -> Result<Option<Level>, Problem> {
    for directory in list {
        if kind_of(source, directory) & MASK == 0 {
            continue;
        }
        let stated = [tag::IMAGE_WIDTH, tag::IMAGE_LENGTH]
            .map(|tag| directory.number(source, tag).ok().flatten());
        if stated != [Some(size.0 as u64), Some(size.1 as u64)] {
            continue;
        }
        let mask = open(source, directory)?;
        let fits = |mask: &Level| mask.samples() == 1 && mask.blocks() <= *room;
        if let Some(mask) = mask.filter(fits) {
            *room -= mask.blocks();
            return Ok(Some(mask));
        }
    }
    Ok(None)
}

/// Opens an image that the scene can do without. Returns `None` if it cannot be read, even by the full module.
fn open(source: &mut ByteSource, directory: &Directory) -> Result<Option<Level>, Problem> {
    match Level::open(source, directory) {
        Err(problem @ Problem::NeedsFull(_)) => Err(problem),
        opened => Ok(opened.ok()),
    }
}

/// The bits of NewSubfileType.
fn kind_of(source: &mut ByteSource, directory: &Directory) -> u64 {
    let kind = directory.number(source, tag::NEW_SUBFILE_TYPE);
    kind.ok().flatten().unwrap_or(0)
}
