//! The meaning of a TIFF's samples.

use super::directory::Directory;
use super::layout::{Layout, tag};
use super::level::Level;
use super::no_data::no_data;
use super::problem::{FROM_INKS, Problem, TO_RGB};
use super::reader::ByteSource;
use crate::geo::GeoTags;
use crate::scene::{Bands, Photometric};

/// Values of PhotometricInterpretation.
const WHITE_IS_ZERO: u16 = 0;
const RGB: u16 = 2;
const INKS: u16 = 5;
const YCBCR: u16 = 6;
/// Values of ExtraSamples that are alpha: associated, unassociated, and unassociated as CorelDRAW writes it.
const ALPHA: [u64; 3] = [1, 2, 999];
/// Maximum number of values of a geotag.
const MAX_GEO: u64 = 1 << 16;

/// Returns the meaning of the scene's bands, and whether the first three are luma and chroma that must still be
/// converted. `aux` is the text of the `.aux.xml` file beside it.
///
/// # Errors
/// Fails if its colours are of a kind that is not supported.
pub fn bands(
    source: &mut ByteSource,
    directory: &Directory,
    scene: &Level,
    aux: Option<&str>,
) -> Result<(Bands, bool), Problem> {
    let layout = &scene.layout;
    let count = scene.samples();
    let named = |name: &str, advice| Err(Problem::unsupported(format!("{name} colours"), advice));
    match layout.photometric {
        INKS => return named("CMYK", FROM_INKS),
        8 => return named("CIE L*a*b*", TO_RGB),
        9 => return named("ICC L*a*b*", TO_RGB),
        10 => return named("ITU L*a*b*", TO_RGB),
        32844 => return named("LogL", TO_RGB),
        32845 => return named("LogLuv", TO_RGB),
        32803 | 34892 => return named("the colours of a camera's raw sensor", TO_RGB),
        RGB | YCBCR if count < 3 => {
            return Err(Problem::Damaged(format!(
                "it states colours of {count} bands"
            )));
        }
        _ => {}
    }
    let mut bands = Bands {
        alpha: alpha(source, directory, layout)?,
        no_data: no_data(source, directory, layout, aux),
        ..Bands::guessed(count)
    };
    match layout.photometric {
        WHITE_IS_ZERO if count <= 2 => bands.photometric = Photometric::InvertedGrey,
        _ if layout.is_palette() => bands.photometric = palette(source, directory)?,
        _ => {}
    }
    let own = layout.compression.has_own_colours() && !layout.planar;
    let luma = layout.photometric == YCBCR && !own;
    if luma && layout.depths.iter().any(|depth| depth.bits != 8) {
        let found = "YCbCr colours that are not of 8 bits";
        return Err(Problem::unsupported(found, TO_RGB));
    }
    Ok((bands, luma))
}

/// The alpha band: the first extra sample that the file says is alpha. If the file declares no sample as alpha, there
/// is no alpha band.
fn alpha(
    source: &mut ByteSource,
    directory: &Directory,
    layout: &Layout,
) -> Result<Option<usize>, Problem> {
    let count = layout.depths.len();
    let extra = directory.numbers(source, tag::EXTRA_SAMPLES, count as u64)?;
    let at = extra
        .unwrap_or_default()
        .iter()
        .position(|kind| ALPHA.contains(kind));
    // Extra samples follow those of the colours, even if the file lists too few of them.
    let colours = match layout.photometric {
        RGB | YCBCR => 3,
        _ => 1,
    };
    Ok(at.map(|at| at + colours).filter(|&at| at < count))
}

/// The colours of palette indices.
fn palette(source: &mut ByteSource, directory: &Directory) -> Result<Photometric, Problem> {
    let map = directory.numbers(source, tag::COLOR_MAP, 3 << 16)?;
    let map = map.filter(|map| !map.is_empty());
    let map = map.ok_or_else(|| Problem::damaged("it has a palette without colours"))?;
    // All reds, all greens, all blues, of 16 bits; some writers give 8 bits.
    let size = map.len() / 3;
    let all = |divisor: u64| map.iter().all(|value| value % divisor == 0);
    let byte = |value: u64| match map.iter().all(|&value| value < 256) {
        true => value as u8,
        false if all(256) => (value >> 8) as u8,
        false => (value / 257) as u8,
    };
    let colour = |at: usize| [0, 1, 2].map(|band| byte(map[band * size + at]));
    Ok(Photometric::Palette((0..size).map(colour).collect()))
}

/// Reads the tags that georeference the scene, as stored; a tag that cannot be read is absent.
pub fn geo_tags(source: &mut ByteSource, directory: &Directory) -> GeoTags {
    let keys = directory.numbers(source, tag::GEO_KEY_DIRECTORY, MAX_GEO);
    let keys = keys.ok().flatten().unwrap_or_default();
    let rpc = directory.has(tag::RPC_COEFFICIENTS);
    let mut numbers = |tag| directory.doubles(source, tag, MAX_GEO);
    GeoTags {
        scale: numbers(tag::MODEL_PIXEL_SCALE),
        tiepoints: numbers(tag::MODEL_TIEPOINT),
        transformation: numbers(tag::MODEL_TRANSFORMATION),
        doubles: numbers(tag::GEO_DOUBLE_PARAMS),
        keys: keys.into_iter().map(|key| key as u16).collect(),
        ascii: directory
            .text(source, tag::GEO_ASCII_PARAMS, MAX_GEO)
            .unwrap_or_default(),
        rpc,
    }
}
