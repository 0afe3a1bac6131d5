//! Projection methods by their names and numbers.

use super::parameters::plain;

/// A projection method as one of the dialects defines it. Dialects differ in which parameters a method has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Method {
    /// Transverse Mercator, which UTM and Gauss-Krüger zones are.
    TransverseMercator,
    /// Lambert conformal conic with one standard parallel, the latitude of origin.
    LambertConicOne,
    /// Lambert conformal conic with two standard parallels.
    LambertConicTwo,
    /// Esri's Lambert conformal conic: one or two standard parallels, with a separate latitude of origin.
    LambertConicEsri,
    /// Albers equal-area conic.
    Albers,
    /// Mercator with a scale factor at the equator, or with a standard parallel.
    Mercator,
    /// Mercator's spherical formulas applied to latitudes on an ellipsoid, as in web maps.
    WebMercator,
    /// Polar stereographic of GeoTIFF and WKT 1: the latitude of origin is a pole, or the standard parallel.
    PolarStereographic,
    /// Polar stereographic with a standard parallel; the pole is on the same side.
    PolarStereographicParallel,
    /// Oblique Mercator (Hotine) with false coordinates at the natural origin, variant A.
    ObliqueMercatorOrigin,
    /// Oblique Mercator (Hotine) with false coordinates at the centre, variant B.
    ObliqueMercatorCentre,
}

impl Method {
    /// The method of a name in WKT 1, WKT 2 or Esri's WKT.
    pub(crate) fn of_name(name: &str) -> Option<Self> {
        Some(match plain(name).as_str() {
            "transversemercator" | "gausskruger" | "transversemercatorcomplex" => {
                Self::TransverseMercator
            }
            "lambertconformalconic1sp" | "lambertconicconformal1sp" => Self::LambertConicOne,
            "lambertconformalconic2sp" | "lambertconicconformal2sp" => Self::LambertConicTwo,
            "lambertconformalconic" => Self::LambertConicEsri,
            "albers" | "albersconicequalarea" | "albersequalarea" => Self::Albers,
            "mercator" | "mercator1sp" | "mercator2sp" | "mercatorvarianta"
            | "mercatorvariantb" => Self::Mercator,
            "mercatorauxiliarysphere" | "popularvisualisationpseudomercator" => Self::WebMercator,
            "polarstereographic" | "polarstereographicvarianta" => Self::PolarStereographic,
            "polarstereographicvariantb" | "stereographicnorthpole" | "stereographicsouthpole" => {
                Self::PolarStereographicParallel
            }
            "hotineobliquemercator"
            | "hotineobliquemercatorvarianta"
            | "hotineobliquemercatorazimuthnaturalorigin"
            | "rectifiedskeworthomorphicnaturalorigin" => Self::ObliqueMercatorOrigin,
            "obliquemercator"
            | "hotineobliquemercatorvariantb"
            | "hotineobliquemercatorazimuthcenter"
            | "rectifiedskeworthomorphiccenter" => Self::ObliqueMercatorCentre,
            _ => return None,
        })
    }

    /// The method of a GeoTIFF's ProjCoordTransGeoKey (OGC 19-008r4, Annex C; 9815 is GDAL's).
    pub(crate) fn of_code(code: u16) -> Option<Self> {
        Some(match code {
            1 => Self::TransverseMercator,
            3 => Self::ObliqueMercatorOrigin,
            7 => Self::Mercator,
            8 => Self::LambertConicTwo,
            9 => Self::LambertConicOne,
            11 => Self::Albers,
            15 => Self::PolarStereographic,
            9815 => Self::ObliqueMercatorCentre,
            _ => return None,
        })
    }

    /// The name of a code that is not supported.
    pub(crate) fn unsupported(code: u16) -> String {
        let names = [
            "Alaska modified stereographic",
            "",
            "Laborde oblique Mercator",
            "Rosenmund oblique Mercator",
            "oblique Mercator (spherical)",
            "",
            "",
            "",
            "Lambert azimuthal equal area",
            "",
            "azimuthal equidistant",
            "equidistant conic",
            "stereographic",
            "",
            "oblique stereographic",
            "equirectangular",
            "Cassini-Soldner",
            "gnomonic",
            "Miller cylindrical",
            "orthographic",
            "polyconic",
            "Robinson",
            "sinusoidal",
            "van der Grinten",
            "New Zealand map grid",
            "transverse Mercator (south orientated)",
            "cylindrical equal area",
        ];
        match code.checked_sub(2).and_then(|i| names.get(usize::from(i))) {
            Some(name) if !name.is_empty() => (*name).to_owned(),
            _ => format!("number {code} of GeoTIFF"),
        }
    }

    /// Its name in words.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::TransverseMercator => "transverse Mercator",
            Self::LambertConicOne | Self::LambertConicTwo | Self::LambertConicEsri => {
                "Lambert conformal conic"
            }
            Self::Albers => "Albers equal area",
            Self::Mercator => "Mercator",
            Self::WebMercator => "Web Mercator",
            Self::PolarStereographic | Self::PolarStereographicParallel => "polar stereographic",
            Self::ObliqueMercatorOrigin | Self::ObliqueMercatorCentre => "oblique Mercator",
        }
    }
}
