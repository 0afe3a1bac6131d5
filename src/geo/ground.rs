//! The size of a scene's pixels on the ground.
//!
//! A point of the scene is a point in space on the WGS 84 ellipsoid. The parallelogram of two small steps in space is
//! the ground that they span. This gives metres for every projection, including at the poles and across the 180th
//! meridian.

/// Semi-major axis of WGS 84, metres (EPSG:7030).
const RADIUS: f64 = 6_378_137.0;
/// First eccentricity squared of WGS 84 (EPSG:7030, flattening 1 / 298.257223563).
const ECCENTRICITY_SQUARED: f64 = 0.006_694_379_990_141_316;

/// Half the lengths, in pixels, over which a pixel's size is measured. The first is long compared with the rounding of
/// a projection's series if pixels are centimetres; the second, one pixel in all, is used if the first is not mappable.
const REACHES: [f64; 2] = [4.0, 0.5];

/// Square metres that a scene pixel covers at a point in scene pixels. `place` gives the WGS 84 longitude and latitude,
/// in degrees, of a point in scene pixels. Returns `None` if a required point has no coordinates.
pub(crate) fn square_metres_per_pixel(
    place: impl Fn(f64, f64) -> Option<(f64, f64)>,
    x: f64,
    y: f64,
) -> Option<f64> {
    REACHES
        .into_iter()
        .find_map(|reach| {
            let cross = [x - reach, x + reach, y - reach, y + reach];
            around(&place, (x, y), cross)
        })
        .filter(|&area| area > 0.0)
}

/// Square metres per scene pixel around a point, from the cross that `[left, right, top, bottom]` spans. `place` is as
/// for [`square_metres_per_pixel`].
pub(crate) fn around(
    place: impl Fn(f64, f64) -> Option<(f64, f64)>,
    (x, y): (f64, f64),
    [left, right, top, bottom]: [f64; 4],
) -> Option<f64> {
    let along = |from: [f64; 3], to: [f64; 3], length: f64| {
        std::array::from_fn::<f64, 3, _>(|axis| (to[axis] - from[axis]) / length)
    };
    let at = |x: f64, y: f64| Some(in_space(place(x, y)?));
    let column = along(at(left, y)?, at(right, y)?, right - left);
    let row = along(at(x, top)?, at(x, bottom)?, bottom - top);
    let cross = [
        column[1] * row[2] - column[2] * row[1],
        column[2] * row[0] - column[0] * row[2],
        column[0] * row[1] - column[1] * row[0],
    ];
    let area = cross.iter().map(|part| part * part).sum::<f64>().sqrt();
    area.is_finite().then_some(area)
}

/// Earth-centred coordinates, in metres, of a longitude and latitude in degrees on the ellipsoid.
pub(crate) fn in_space((lon, lat): (f64, f64)) -> [f64; 3] {
    let (sin_lon, cos_lon) = lon.to_radians().sin_cos();
    let (sin_lat, cos_lat) = lat.to_radians().sin_cos();
    let normal = RADIUS / (1.0 - ECCENTRICITY_SQUARED * sin_lat * sin_lat).sqrt();
    [
        normal * cos_lat * cos_lon,
        normal * cos_lat * sin_lon,
        normal * (1.0 - ECCENTRICITY_SQUARED) * sin_lat,
    ]
}
