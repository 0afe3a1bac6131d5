//! Where a scene is on the earth.

use serde::Serialize;

use super::affine::{Affine, Grid};
use super::control_points::Fit;
use super::crs::Crs;
use super::error::GeoError;
use super::ground;
use super::longitude::continued;
use super::mapping::Mapping;
use super::tags::GeoTags;
use super::world_file::WorldFile;

/// Points along each side of a scene from which its bounds are computed.
const BOUND_STEPS: usize = 32;

/// How a scene's pixels are placed.
#[derive(Debug, Clone)]
enum Place {
    /// In a coordinate system that can be transformed to longitude and latitude.
    World(Mapping, Box<Crs>),
    /// In coordinates of an unknown system.
    Coordinates(Mapping),
    /// Only by the length of a pixel's side in metres.
    Scale(f64),
    /// The scene has no georeference.
    Nowhere,
}

/// The kind of coordinates of a scene.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A map projection.
    Projected,
    /// Longitude and latitude.
    Geographic,
    /// Unknown coordinates.
    Unknown,
    /// Only the size of a pixel is known.
    Scale,
}

/// The source of a scene's georeferencing, whether it could be used or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// The geotags of the file itself.
    Geotags,
    /// An `.aux.xml` file beside it.
    AuxXml,
    /// A world file beside it.
    WorldFile,
    /// The user.
    Scale,
}

/// Information about a scene's place.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Info {
    /// EPSG code of the coordinate system; a system that is written out has none.
    pub epsg: Option<u32>,
    /// Name of the coordinate system, or a text that replaces it.
    pub name: String,
    /// The kind of coordinates of the scene.
    pub kind: Kind,
    /// Whether the pixel grid is rotated relative to the coordinate axes.
    pub rotated: bool,
    /// Ground sample distance in metres per pixel at the scene's centre: the side of a square with a pixel's area.
    pub metres_per_pixel: Option<f64>,
    /// West, south, east, north in WGS 84 degrees. West is larger than east if the scene crosses the 180th meridian
    /// (RFC 7946, section 5.2).
    pub bounds: Option<[f64; 4]>,
    /// The source of the scene's georeferencing, whether it could be used or not; `None` if there is no source.
    pub source: Option<Source>,
    /// How well the ground control points are fitted, if the scene is placed by them.
    pub control_points: Option<Fit>,
    /// What is wrong, in words for the user; a warning if there are bounds nevertheless.
    pub problem: Option<String>,
}

/// Where a scene is on the earth, as far as its file or its user states.
#[derive(Debug, Clone)]
pub struct Georeference {
    place: Place,
    tags: Option<GeoTags>,
    source: Option<Source>,
    fit: Option<Fit>,
    problem: Option<GeoError>,
}

/// The georeferencing in a scene's file and its sidecar files.
pub(super) struct Parts {
    /// The mapping from pixels to coordinates, and how well it fits if it was fitted.
    pub(super) grid: Result<(Mapping, Option<Fit>), GeoError>,
    /// The coordinate system.
    pub(super) crs: Result<Crs, GeoError>,
    /// Geotags to copy into files on the scene's grid, if they are complete.
    pub(super) tags: Option<GeoTags>,
    /// The source of the scene's georeferencing, whether it could be used or not; `None` if there is no source.
    pub(super) source: Option<Source>,
}

impl Georeference {
    /// Creates the georeference from the content of files.
    pub(super) fn of(parts: Parts) -> Self {
        let (place, fit, problem) = match (parts.grid, parts.crs) {
            // Points may fit once their system is known.
            (_, Err(problem @ GeoError::NeedsFull(_))) | (Err(problem), _) => {
                (Place::Nowhere, None, Some(problem))
            }
            (Ok((mapping, fit)), Err(problem)) => (Place::Coordinates(mapping), fit, Some(problem)),
            (Ok((mapping, fit)), Ok(crs)) => {
                let (place, caution) = in_system(mapping, crs);
                (place, fit, caution)
            }
        };
        Self {
            place,
            tags: parts.tags,
            source: parts.source,
            fit,
            problem,
        }
    }

    /// Reads the place from a world file and an EPSG code; the code may be missing.
    pub fn from_world_file(text: &str, epsg: Option<u32>) -> Result<Self, GeoError> {
        let affine = text.parse::<WorldFile>()?.affine();
        let crs = epsg.map(Crs::from_epsg).transpose()?;
        Ok(Self::of(Parts {
            grid: Ok((Mapping::Grid(affine), None)),
            crs: crs.ok_or(GeoError::NoCrs),
            tags: None,
            source: Some(Source::WorldFile),
        }))
    }

    /// The same georeference, with the damaged `.aux.xml` file as its problem.
    pub(super) fn with_damage(self, problem: GeoError) -> Self {
        Self {
            source: self.source.or(Some(Source::AuxXml)),
            problem: Some(problem),
            ..self
        }
    }

    /// Creates the georeference of an unplaced scene whose pixels are `centimetres` wide and high on the ground.
    pub fn from_scale(centimetres: f64) -> Result<Self, GeoError> {
        if !(centimetres.is_finite() && centimetres > 0.0) {
            return Err(GeoError::Scale(centimetres));
        }
        Ok(Self {
            place: Place::Scale(centimetres / 100.0),
            tags: None,
            source: Some(Source::Scale),
            fit: None,
            problem: None,
        })
    }

    /// WGS 84 longitude and latitude, in degrees, of a point in scene pixels. Returns `None` if they are unknown or
    /// outside what the projection can map.
    pub fn place(&self, x: f64, y: f64) -> Option<(f64, f64)> {
        let Place::World(mapping, crs) = &self.place else {
            return None;
        };
        let (x, y) = mapping.apply(x, y);
        crs.to_wgs84(x, y)
    }

    /// Whether scene pixels can be transformed to longitude and latitude.
    pub fn is_placed(&self) -> bool {
        matches!(self.place, Place::World(..))
    }

    /// The affine transform from scene pixels to the coordinates of the file's system, known or not. `None` if there is
    /// none, or if pixels are placed by a spline.
    pub fn affine(&self) -> Option<Affine> {
        match &self.place {
            Place::World(mapping, _) | Place::Coordinates(mapping) => mapping.affine(),
            Place::Scale(_) | Place::Nowhere => None,
        }
    }

    /// The coordinate system, if it is known.
    pub fn crs(&self) -> Option<&Crs> {
        match &self.place {
            Place::World(_, crs) => Some(crs),
            _ => None,
        }
    }

    /// Side of a pixel in metres, if nothing else is known.
    pub fn scale(&self) -> Option<f64> {
        match self.place {
            Place::Scale(metres) => Some(metres),
            _ => None,
        }
    }

    /// The source of the scene's georeferencing, whether it could be used or not; `None` if there is no source.
    pub fn source(&self) -> Option<Source> {
        self.source
    }

    /// How well the ground control points are fitted, if the scene is placed by them.
    pub fn fit(&self) -> Option<&Fit> {
        self.fit.as_ref()
    }

    /// What is wrong with the georeferencing, or a warning about it.
    pub fn problem(&self) -> Option<&GeoError> {
        self.problem.as_ref()
    }

    /// Fails with a message if `export` needs longitude and latitude and there are none.
    pub fn require(&self, export: &'static str) -> Result<(), GeoError> {
        if self.is_placed() {
            return Ok(());
        }
        let problem = self.problem.as_ref().unwrap_or(&GeoError::Missing);
        Err(GeoError::Unplaced(export, problem.to_string()))
    }

    /// The geotags of a map on `grid` over the scene: the file's own, adapted, or new ones made from what is known.
    /// Returns `None` if only a scale or nothing is known.
    pub fn tags(&self, grid: &Grid) -> Option<GeoTags> {
        if let Some(tags) = &self.tags {
            return Some(tags.on(grid));
        }
        let affine = self.affine()?.after(grid);
        Some(GeoTags::new(&affine, self.crs()))
    }

    /// The world file of a map on `grid` over the scene. Returns `None` if no coordinates are known, or if pixels are on no
    /// grid.
    pub fn world_file(&self, grid: &Grid) -> Option<WorldFile> {
        Some(WorldFile::new(&self.affine()?.after(grid)))
    }

    /// Information about the place of a scene of `width` x `height` pixels.
    pub fn info(&self, width: usize, height: usize) -> Info {
        let (kind, name) = match (&self.place, self.crs()) {
            (_, Some(crs)) if crs.is_geographic() => (Kind::Geographic, crs.name().to_owned()),
            (_, Some(crs)) => (Kind::Projected, crs.name().to_owned()),
            (Place::Scale(_), _) => (Kind::Scale, "a scale only".to_owned()),
            (Place::Coordinates(_), _) => (Kind::Unknown, self.citation()),
            _ => (Kind::Unknown, "none".to_owned()),
        };
        let bounds = self.bounds(width, height);
        let problem = match &self.problem {
            None if self.is_placed() && bounds.is_none() => Some(&GeoError::OutOfRange),
            problem => problem.as_ref(),
        };
        Info {
            epsg: self.crs().and_then(Crs::epsg),
            name,
            kind,
            rotated: self.affine().is_some_and(|affine| affine.is_rotated()),
            metres_per_pixel: self.metres_per_pixel(width, height),
            bounds,
            source: self.source,
            control_points: self.fit,
            problem: problem.map(ToString::to_string),
        }
    }

    /// Ground sample distance in metres per pixel at the centre of a scene of `width` x `height` pixels.
    pub fn metres_per_pixel(&self, width: usize, height: usize) -> Option<f64> {
        let (x, y) = (width as f64 / 2.0, height as f64 / 2.0);
        self.square_metres_per_pixel(x, y).map(f64::sqrt)
    }

    /// Square metres that a scene pixel covers at a point in scene pixels. Returns `None` if unknown.
    pub fn square_metres_per_pixel(&self, x: f64, y: f64) -> Option<f64> {
        match self.scale() {
            Some(metres) => Some(metres * metres),
            None => ground::square_metres_per_pixel(|x, y| self.place(x, y), x, y),
        }
    }

    fn citation(&self) -> String {
        let citation = self
            .tags
            .as_ref()
            .and_then(|tags| tags.directory().ok().map(|keys| keys.citation()))
            .unwrap_or_default();
        if citation.is_empty() {
            "unknown".into()
        } else {
            citation
        }
    }

    /// West, south, east, north; `None` if a part of the scene's border cannot be placed.
    fn bounds(&self, width: usize, height: usize) -> Option<[f64; 4]> {
        let (width, height) = (width as f64, height as f64);
        let corners = [(0.0, 0.0), (width, 0.0), (width, height), (0.0, height)];
        let (mut south, mut north) = (f64::MAX, f64::MIN);
        let (mut west, mut east) = (f64::MAX, f64::MIN);
        let (first, _) = self.place(0.0, 0.0)?;
        // Longitudes continue beyond 180 degrees here, as the border does.
        let mut lon = first;
        for (side, start) in corners.iter().enumerate() {
            let end = corners[(side + 1) % 4];
            for step in 0..=BOUND_STEPS {
                let share = step as f64 / BOUND_STEPS as f64;
                let (x, y) = (
                    start.0 + share * (end.0 - start.0),
                    start.1 + share * (end.1 - start.1),
                );
                let (next, lat) = self.place(x, y)?;
                lon = continued(lon, next);
                (west, east) = (west.min(lon), east.max(lon));
                (south, north) = (south.min(lat), north.max(lat));
            }
        }
        if (lon - first).abs() > 180.0 {
            // The border goes around a pole.
            let (_, centre) = self.place(width / 2.0, height / 2.0)?;
            return Some(if centre > 0.0 {
                [-180.0, south, 180.0, 90.0]
            } else {
                [-180.0, -90.0, 180.0, north]
            });
        }
        if east - west >= 360.0 - 1e-9 {
            return Some([-180.0, south, 180.0, north]);
        }
        let folded = |lon: f64| (lon + 180.0).rem_euclid(360.0) - 180.0;
        if west < -180.0 || east > 180.0 {
            (west, east) = (folded(west), folded(east));
        }
        Some([west, south, east, north])
    }
}

/// A place in a known system, with a warning if its datum has no shift.
fn in_system(mapping: Mapping, crs: Crs) -> (Place, Option<GeoError>) {
    let caution = (!crs.has_datum_shift()).then(|| GeoError::DatumShift(crs.label()));
    (Place::World(mapping, Box::new(crs)), caution)
}
