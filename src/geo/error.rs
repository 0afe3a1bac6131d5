//! Errors in a scene's georeferencing, and in exporting it.

use crate::rare::NeedsFull;

/// Why a scene's place on the earth is unknown or uncertain. Shown to users unchanged.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum GeoError {
    /// There are neither geotags nor a world file.
    #[error(
        "the image has no georeferencing: put its world file next to it; for areas alone, a scale is enough"
    )]
    Missing,
    /// Too few ground control points to fit a grid with a known error, or points that contradict the file's own scale.
    #[error(
        "the image is placed by {0} ground control points, and no regular grid can be made of them: warp it to one \
         first, with gdalwarp for example"
    )]
    ControlPoints(usize),
    /// Ground control points that are on no grid.
    #[error(
        "the image is placed by {0} ground control points, but {1}: warp it to a regular grid first, with \
         gdalwarp -tps for example"
    )]
    UnusablePoints(usize, &'static str),
    /// Rational polynomial coefficients, which need the heights of the ground.
    #[error(
        "the image is placed by rational polynomial coefficients (RPC), which need the heights of the ground: \
         orthorectify it first, with gdalwarp -rpc for example"
    )]
    Rpc,
    /// An .aux.xml file that is not valid.
    #[error("the .aux.xml file cannot be read: {0}")]
    AuxXml(String),
    /// Tags that contradict the GeoTIFF specification.
    #[error("the georeferencing of the file cannot be read: {0}")]
    Tags(&'static str),
    /// A placement without a coordinate system.
    #[error(
        "the file places the image, but does not say in which coordinate system: set its EPSG code, with \
         gdal_edit.py -a_srs for example"
    )]
    NoCrs,
    /// A coordinate system that the file neither names by a code nor describes in full.
    #[error(
        "the file has a coordinate system of its own{} and does not describe it: reproject it to one that has \
         a code, with gdalwarp -t_srs for example",
        cited(.0)
    )]
    UserDefined(String),
    /// A projection, in a written-out coordinate system, that is not implemented.
    #[error(
        "the file's coordinate system has a projection that is not supported, {0}: reproject the image, to UTM for \
         example, with gdalwarp -t_srs"
    )]
    Projection(String),
    /// A written-out coordinate system with a part that is missing or wrong.
    #[error("the file's coordinate system cannot be read: {0}")]
    Definition(String),
    /// An EPSG code that is not in the table of definitions.
    #[error(
        "the coordinate system EPSG:{code}{} is not known: reproject the image, to UTM for example",
        cited(.citation)
    )]
    UnknownCode {
        /// The code.
        code: u32,
        /// The file's description in words; may be empty.
        citation: String,
    },
    /// A coordinate system that is written out, in the page's small module. The full module reads it.
    #[error("the file has {0}")]
    NeedsFull(#[from] NeedsFull),
    /// A known code with a projection that is not implemented.
    #[error("the projection of EPSG:{0} is not supported: reproject the image, to UTM for example")]
    Unsupported(u32),
    /// A unit in the file that differs from that of its coordinate system.
    #[error(
        "the file gives one unit of length or angle, and its coordinate system EPSG:{0} has another: it is \
         not possible to tell which is right"
    )]
    Units(u32),
    /// Earth-centred coordinates.
    #[error("the file is in geocentric coordinates, which are not map coordinates")]
    Geocentric,
    /// A datum without a published shift to WGS 84 in the table of definitions. This is a warning: the scene is still
    /// placed, and areas are correct.
    #[error(
        "the datum of {0} has no known shift to WGS 84: positions may be off by up to a few hundred metres; \
         areas are not affected"
    )]
    DatumShift(String),
    /// A point outside what the projection can map.
    #[error("part of the scene is outside the range of its coordinate system")]
    OutOfRange,
    /// A world file with invalid content.
    #[error("a world file contains six numbers, one per line: {0}")]
    WorldFile(String),
    /// A scale that is not a positive length.
    #[error("a scale is a length greater than zero, in cm per pixel: {0} is not")]
    Scale(f64),
    /// An export that needs a place on the earth.
    #[error("{0} needs a georeferenced image: {1}")]
    Unplaced(&'static str, String),
    /// A polygon around a pole.
    #[error("a polygon around a pole cannot be expressed in longitude and latitude")]
    Pole,
}

fn cited(citation: &str) -> String {
    if citation.is_empty() {
        String::new()
    } else {
        format!(" (it says \"{citation}\")")
    }
}
