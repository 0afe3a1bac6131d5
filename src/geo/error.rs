//! Errors in a scene's georeferencing, and in exporting it.

/// Why a scene's place on the earth is unknown or uncertain. Shown to users unchanged.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum GeoError {
    /// There are neither geotags nor a world file.
    #[error(
        "the image has no georeferencing: put its world file next to it; for areas alone, a scale is enough"
    )]
    Missing,
    /// Ground control points, which only a warp turns into a regular grid.
    #[error(
        "the image is placed by {0} ground control points: warp it to a regular grid first, with gdalwarp for \
         example"
    )]
    ControlPoints(usize),
    /// Tags that contradict the GeoTIFF specification.
    #[error("the georeferencing of the file cannot be read: {0}")]
    Tags(&'static str),
    /// A placement without a coordinate system.
    #[error(
        "the file places the image, but does not say in which coordinate system: set its EPSG code, with \
         gdal_edit.py -a_srs for example"
    )]
    NoCrs,
    /// A coordinate system that the file describes without an EPSG code.
    #[error(
        "the file describes a coordinate system of its own, without an EPSG code{}: reproject it to one that has \
         a code, with gdalwarp -t_srs for example",
        cited(.0)
    )]
    UserDefined(String),
    /// An EPSG code that is not in the table of definitions.
    #[error(
        "the coordinate system EPSG:{code}{} is not known: reproject the image, to UTM for example",
        cited(.citation)
    )]
    UnknownCode {
        /// The code.
        code: u32,
        /// What the file says in words; may be empty.
        citation: String,
    },
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
        "the datum of EPSG:{0} has no known shift to WGS 84: positions may be off by up to a few hundred metres; \
         areas are not affected"
    )]
    DatumShift(u32),
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
