//! The place of a scene from its own geotags and from the files beside it.
//!
//! The order is GDAL's: an `.aux.xml` file, then the file's own tags, then a world file. A `.prj` file only names the
//! coordinate system, and only if no earlier source does. Finding and reading files is left to callers.

use super::aux_xml::AuxXml;
use super::control_points::{ControlPoint, Fit};
use super::crs::Crs;
use super::crs_keys::crs_of;
use super::error::GeoError;
use super::georeference::{Georeference, Parts, Source};
use super::mapping::Mapping;
use super::tags::GeoTags;
use super::world_file::WorldFile;

/// The texts of a scene's sidecar files, and the coordinate system that the user chose.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Sidecars<'a> {
    /// World file.
    pub world: Option<&'a str>,
    /// `.prj`: a coordinate system as well-known text.
    pub prj: Option<&'a str>,
    /// `.aux.xml`.
    pub aux: Option<&'a str>,
    /// EPSG code for a scene that a world file places. It takes precedence over other files.
    pub epsg: Option<u32>,
}

impl Georeference {
    /// Reads the place from a TIFF's geotags. Never fails: anything unknown is reported in
    /// [`Info::problem`](super::Info).
    pub fn from_tags(tags: GeoTags) -> Self {
        assembled(tags, None, AuxXml::default(), &Sidecars::default())
    }

    /// Reads the place from a scene's geotags, if it has any, and from the files beside it.
    ///
    /// # Errors
    /// Fails if the world file that places the scene is not valid, if the user's code is unknown, or with
    /// [`GeoError::NeedsFull`]. Anything else that is unknown is reported in [`Info::problem`](super::Info).
    pub fn from_files(tags: Option<GeoTags>, beside: &Sidecars<'_>) -> Result<Self, GeoError> {
        let tags = tags.unwrap_or_default();
        let (aux, damage) = match beside.aux.map(AuxXml::read) {
            Some(Ok(aux)) => (aux, None),
            Some(Err(error)) => (AuxXml::default(), Some(error)),
            None => (AuxXml::default(), None),
        };
        let is_placed = aux.affine.is_some() || !aux.points.is_empty() || !tags.is_empty();
        let world = match beside.world {
            Some(text) if !is_placed => Some(text.parse::<WorldFile>()?),
            _ => None,
        };
        if let Some(code) = beside.epsg.filter(|_| world.is_some()) {
            Crs::from_epsg(code)?;
        }
        let found = assembled(tags, world, aux, beside);
        if let Some(&GeoError::NeedsFull(needs)) = found.problem() {
            return Err(needs.into());
        }
        Ok(match damage {
            // A damaged sidecar file matters only if something is missing without it.
            Some(error) if !found.is_placed() => found.with_damage(error),
            _ => found,
        })
    }
}

fn assembled(
    tags: GeoTags,
    world: Option<WorldFile>,
    aux: AuxXml,
    beside: &Sidecars<'_>,
) -> Georeference {
    let own = tags.directory().and_then(|keys| crs_of(&keys));
    let knows_its_system = own.is_ok() && aux.system.is_none();
    let crs = system(own, &aux, beside, world.is_some());
    let known = crs.as_ref().ok();
    if let Some(affine) = aux.affine {
        return Georeference::of(Parts {
            grid: Ok((Mapping::Grid(affine), None)),
            tags: None,
            source: Some(Source::AuxXml),
            crs,
        });
    }
    if !aux.points.is_empty() {
        return Georeference::of(Parts {
            grid: fitted(&aux.points, known),
            tags: Some(GeoTags::by_control_points(&aux.points, known)),
            source: Some(Source::AuxXml),
            crs,
        });
    }
    if let Some(world) = world {
        return Georeference::of(Parts {
            grid: Ok((Mapping::Grid(world.affine()), None)),
            tags: None,
            source: Some(Source::WorldFile),
            crs,
        });
    }
    if tags.is_empty() {
        let (problem, source) = if tags.rpc {
            (GeoError::Rpc, Some(Source::Geotags))
        } else {
            (GeoError::Missing, None)
        };
        return Georeference::of(Parts {
            grid: Err(problem),
            tags: None,
            source,
            crs,
        });
    }
    let points = tags.control_points();
    let grid = match tags.affine() {
        Ok(affine) => Ok((Mapping::Grid(affine), None)),
        // Tiepoints that contradict a scale are not control points: one of the two is wrong.
        Err(GeoError::ControlPoints(_)) if tags.scale.is_empty() => fitted(&points, known),
        Err(problem) => Err(problem),
    };
    // Tags that do not name the system are copied only if no other source names it.
    let tags = match (&grid, known) {
        (Ok(_), Some(_)) if knows_its_system => Some(tags),
        (Ok((_, Some(_))), Some(crs)) => Some(GeoTags::by_control_points(&points, Some(crs))),
        (Ok((_, None)), Some(_)) => None,
        _ => Some(tags),
    };
    Georeference::of(Parts {
        grid,
        tags,
        source: Some(Source::Geotags),
        crs,
    })
}

/// The first coordinate system that can be used: the user's for a world file, that of the `.aux.xml`, of the tags, of
/// the `.prj`. If there is none, the first error that does more than report a missing source.
fn system(
    own: Result<Crs, GeoError>,
    aux: &AuxXml,
    beside: &Sidecars<'_>,
    by_world_file: bool,
) -> Result<Crs, GeoError> {
    let mut first = GeoError::NoCrs;
    let mut usable = |found: Result<Crs, GeoError>| {
        found
            .map_err(|error| {
                if first == GeoError::NoCrs || matches!(error, GeoError::NeedsFull(_)) {
                    first = error;
                }
            })
            .ok()
    };
    let found = beside
        .epsg
        .filter(|_| by_world_file)
        .and_then(|code| usable(Crs::from_epsg(code)))
        .or_else(|| usable(Crs::from_wkt(aux.system.as_deref()?)))
        .or_else(|| usable(own))
        .or_else(|| usable(Crs::from_wkt(beside.prj?)));
    match found {
        // The full module may read an earlier source.
        Some(crs) if !matches!(first, GeoError::NeedsFull(_)) => Ok(crs),
        _ => Err(first),
    }
}

type Fitted = Result<(Mapping, Option<Fit>), GeoError>;

fn fitted(points: &[ControlPoint], crs: Option<&Crs>) -> Fitted {
    let (mapping, fit) = Mapping::fitted(points, crs)?;
    Ok((mapping, Some(fit)))
}
