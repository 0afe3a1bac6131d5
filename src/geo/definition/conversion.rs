//! Projections with all their parameters.

use super::super::error::GeoError;
use super::super::utm::utm_code;
use super::base::Ellipsoid;
use super::method::Method;
use super::parameters::{Parameter, Parameters};

/// Two angles that differ by less than this, in degrees, are equal: files round them.
const SAME: f64 = 1e-9;

/// A map projection (Snyder 1987; EPSG Guidance Note 7-2): angles in degrees, lengths in metres.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Conversion {
    /// Transverse Mercator.
    TransverseMercator(Origin),
    /// Lambert conformal conic with its two standard parallels, which may be the same.
    LambertConic(Origin, [f64; 2]),
    /// Albers equal area with its two standard parallels, which may be the same.
    Albers(Origin, [f64; 2]),
    /// Mercator with the latitude of true scale; it is 0 if there is a scale factor.
    Mercator(Origin, f64),
    /// Web Mercator.
    WebMercator(Origin),
    /// Polar stereographic with the latitude of true scale, which is the pole if there is a scale factor.
    PolarStereographic(Origin, f64),
    /// Oblique Mercator: azimuth, grid angle, and whether false coordinates are at the centre.
    ObliqueMercator(Origin, [f64; 2], bool),
}

/// The parameters that all projections have.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Origin {
    pub(crate) latitude: f64,
    pub(crate) longitude: f64,
    pub(crate) scale: f64,
    pub(crate) easting: f64,
    pub(crate) northing: f64,
}

impl Conversion {
    /// Creates the projection of a method. Fails if a parameter is missing or impossible.
    pub(crate) fn new(method: Method, given: &Parameters) -> Result<Self, GeoError> {
        given.check()?;
        let title = method.title();
        let need = |parameter| given.require(parameter, title);
        let origin = |latitude: f64| -> Result<Origin, GeoError> {
            Ok(Origin {
                latitude,
                longitude: need(Parameter::Longitude)?,
                scale: given.get(Parameter::Scale).unwrap_or(1.0),
                easting: given.get(Parameter::Easting).unwrap_or(0.0),
                northing: given.get(Parameter::Northing).unwrap_or(0.0),
            })
        };
        let latitude = given.get(Parameter::Latitude);
        let impossible = |what: &str| Err(GeoError::Definition(format!("{title} with {what}")));
        Ok(match method {
            Method::TransverseMercator => {
                Self::TransverseMercator(origin(need(Parameter::Latitude)?)?)
            }
            Method::LambertConicOne => {
                let at = need(Parameter::Latitude)?;
                Self::LambertConic(origin(at)?, [at, at])
            }
            Method::LambertConicTwo | Method::LambertConicEsri => {
                let first = need(Parameter::FirstParallel)?;
                let second = match method {
                    Method::LambertConicTwo => need(Parameter::SecondParallel)?,
                    _ => given.get(Parameter::SecondParallel).unwrap_or(first),
                };
                let made = origin(need(Parameter::Latitude)?)?;
                if first + second == 0.0 {
                    return impossible("standard parallels on both sides of the equator");
                }
                if made.scale != 1.0 && !(same(first, second) && same(first, made.latitude)) {
                    return impossible("standard parallels and a scale factor is not supported");
                }
                Self::LambertConic(made, [first, second])
            }
            Method::Albers => {
                let first = need(Parameter::FirstParallel)?;
                let second = need(Parameter::SecondParallel)?;
                let made = origin(need(Parameter::Latitude)?)?;
                if first + second == 0.0 {
                    return impossible("standard parallels on both sides of the equator");
                }
                if made.scale != 1.0 {
                    return impossible("a scale factor is not supported");
                }
                Self::Albers(made, [first, second])
            }
            Method::Mercator => {
                if latitude.is_some_and(|latitude| latitude != 0.0) {
                    return impossible("a latitude of origin other than 0 is not supported");
                }
                let parallel = given.get(Parameter::FirstParallel).unwrap_or(0.0);
                let made = origin(0.0)?;
                if parallel != 0.0 && made.scale != 1.0 {
                    return impossible("a standard parallel and a scale factor is not supported");
                }
                Self::Mercator(made, parallel)
            }
            Method::WebMercator => {
                let made = origin(latitude.unwrap_or(0.0))?;
                let parallel = given.get(Parameter::FirstParallel).unwrap_or(0.0);
                if [
                    made.latitude,
                    made.longitude,
                    made.easting,
                    made.northing,
                    parallel,
                ]
                .iter()
                .any(|&value| value != 0.0)
                {
                    return impossible("an origin of its own is not supported");
                }
                Self::WebMercator(made)
            }
            Method::PolarStereographic | Method::PolarStereographicParallel => {
                let parallel = match method {
                    Method::PolarStereographic => given
                        .get(Parameter::FirstParallel)
                        .map_or_else(|| need(Parameter::Latitude), Ok)?,
                    _ => need(Parameter::FirstParallel)?,
                };
                if parallel == 0.0 {
                    return impossible("the equator as its standard parallel");
                }
                let made = origin(90f64.copysign(parallel))?;
                if made.scale != 1.0 && !same(parallel.abs(), 90.0) {
                    return impossible("a standard parallel and a scale factor is not supported");
                }
                Self::PolarStereographic(made, parallel)
            }
            Method::ObliqueMercatorOrigin | Method::ObliqueMercatorCentre => {
                let made = origin(need(Parameter::Latitude)?)?;
                let azimuth = need(Parameter::Azimuth)?;
                let angle = given.get(Parameter::GridAngle).unwrap_or(azimuth);
                let at_centre = method == Method::ObliqueMercatorCentre;
                Self::ObliqueMercator(made, [azimuth, angle], at_centre)
            }
        })
    }

    /// The origin.
    pub(crate) fn origin(&self) -> &Origin {
        match self {
            Self::TransverseMercator(origin)
            | Self::LambertConic(origin, _)
            | Self::Albers(origin, _)
            | Self::Mercator(origin, _)
            | Self::WebMercator(origin)
            | Self::PolarStereographic(origin, _)
            | Self::ObliqueMercator(origin, ..) => origin,
        }
    }

    /// The code of a UTM zone or of Web Mercator, on the geographic system with code `base`, in metres.
    pub(super) fn epsg(&self, base: u16) -> Option<u32> {
        let origin = match self {
            Self::WebMercator(_) if base == 4326 => return Some(3857),
            Self::TransverseMercator(origin) => origin,
            _ => return None,
        };
        let zone = (origin.longitude + 183.0) / 6.0;
        let is_utm = origin.latitude == 0.0
            && origin.scale == 0.9996
            && origin.easting == 500_000.0
            && zone.fract() == 0.0
            && (1.0..=60.0).contains(&zone);
        let zone = if is_utm { zone as u16 } else { return None };
        let south = match origin.northing {
            0.0 => false,
            10_000_000.0 => true,
            _ => return None,
        };
        utm_code(base, zone, south).map(u32::from)
    }

    /// The projection in PROJ.4's form.
    pub(super) fn proj(&self, ellipsoid: &Ellipsoid) -> String {
        let origin = self.origin();
        let rest = format!(
            "+lat_0={} +k_0={} +x_0={} +y_0={}",
            origin.latitude, origin.scale, origin.easting, origin.northing
        );
        let lon = origin.longitude;
        match self {
            Self::TransverseMercator(_) => format!("+proj=tmerc +lon_0={lon} {rest}"),
            Self::LambertConic(_, [first, second]) => {
                format!("+proj=lcc +lat_1={first} +lat_2={second} +lon_0={lon} {rest}")
            }
            Self::Albers(_, [first, second]) => {
                format!("+proj=aea +lat_1={first} +lat_2={second} +lon_0={lon} {rest}")
            }
            Self::Mercator(_, parallel) if *parallel != 0.0 => {
                format!("+proj=merc +lat_ts={parallel} +lon_0={lon} {rest}")
            }
            Self::Mercator(..) => format!("+proj=merc +lon_0={lon} {rest}"),
            Self::WebMercator(_) => {
                format!("+proj=merc +R={} +lon_0={lon} {rest}", ellipsoid.semi_major)
            }
            Self::PolarStereographic(_, parallel) if !same(parallel.abs(), 90.0) => {
                format!("+proj=stere +lat_ts={parallel} +lon_0={lon} {rest}")
            }
            Self::PolarStereographic(..) => format!("+proj=stere +lon_0={lon} {rest}"),
            // With the line due east this is the Swiss projection, whose formulas stay exact.
            Self::ObliqueMercator(_, [azimuth, angle], true)
                if same(*azimuth, 90.0) && same(*angle, 90.0) =>
            {
                format!("+proj=somerc +lon_0={lon} {rest}")
            }
            Self::ObliqueMercator(_, [azimuth, angle], at_centre) => {
                let offset = if *at_centre { "" } else { " +no_uoff" };
                format!("+proj=omerc +lonc={lon} +alpha={azimuth} +gamma={angle}{offset} {rest}")
            }
        }
    }

    /// Its name in words.
    pub(crate) fn title(&self) -> String {
        let method = match self {
            Self::TransverseMercator(_) => Method::TransverseMercator,
            Self::LambertConic(..) => Method::LambertConicTwo,
            Self::Albers(..) => Method::Albers,
            Self::Mercator(..) => Method::Mercator,
            Self::WebMercator(_) => Method::WebMercator,
            Self::PolarStereographic(..) => Method::PolarStereographic,
            Self::ObliqueMercator(..) => Method::ObliqueMercatorCentre,
        };
        let Origin {
            latitude,
            longitude,
            ..
        } = self.origin();
        format!("{} from {latitude}, {longitude} degrees", method.title())
    }
}

/// Whether two angles in degrees are the same.
pub(super) fn same(one: f64, other: f64) -> bool {
    (one - other).abs() < SAME
}
