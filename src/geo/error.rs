//! What can be wrong with a scene's place on the earth, and with writing it down.

/// Why a scene's place on the earth is not known, or not well known. Shown to users as it is.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum GeoError {
    /// Neither geotags nor a world file.
    #[error(
        "the image carries no georeferencing: put its world file beside it; for areas alone a scale is enough"
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
    /// A coordinate system that the file spells out without an EPSG code.
    #[error(
        "the file describes a coordinate system of its own, without an EPSG code{}: reproject it to one that has \
         a code, with gdalwarp -t_srs for example",
        cited(.0)
    )]
    UserDefined(String),
    /// An EPSG code that the table of definitions lacks.
    #[error(
        "the coordinate system EPSG:{code}{} is not known here: reproject the image, to UTM for example",
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
    /// A unit in the file that is not the unit of its coordinate system.
    #[error(
        "the file says one unit of length or angle, and its coordinate system EPSG:{0} has another: which is \
         right cannot be known"
    )]
    Units(u32),
    /// Earth-centred coordinates.
    #[error("the file is in geocentric coordinates, which are not those of a map")]
    Geocentric,
    /// A datum without a published shift to WGS 84 in the table of definitions. A caution: the scene is
    /// still placed, and areas stand.
    #[error(
        "the datum of EPSG:{0} has no known shift to WGS 84 here: positions may be off by up to some hundred \
         metres, areas are not touched"
    )]
    DatumShift(u32),
    /// A place outside what the projection can map.
    #[error("a part of the scene lies outside what its coordinate system can map")]
    OutOfRange,
    /// A world file with something else in it.
    #[error("a world file is six numbers, one a line: {0}")]
    WorldFile(String),
    /// A scale that is not a length.
    #[error("a scale is a length larger than zero, in cm per pixel: {0} is not")]
    Scale(f64),
    /// An export that needs a place on the earth.
    #[error("{0} needs a georeferenced image: {1}")]
    Unplaced(&'static str, String),
    /// A polygon around a pole.
    #[error("a polygon around a pole cannot be written in longitude and latitude")]
    Pole,
}

fn cited(citation: &str) -> String {
    if citation.is_empty() {
        String::new()
    } else {
        format!(" (it says \"{citation}\")")
    }
}
