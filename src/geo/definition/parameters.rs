//! The parameters of a projection, as a file gives them.

use super::super::error::GeoError;

/// What a parameter is. The names differ between OGC's WKT 1 and 2, Esri's WKT and GeoTIFF; the meaning does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Parameter {
    /// Latitude of the natural or false origin, or of the centre.
    Latitude,
    /// Longitude of the origin, of the centre, or the one that runs straight up.
    Longitude,
    /// Scale factor at the origin, the centre or along the initial line.
    Scale,
    /// X of the origin.
    Easting,
    /// Y of the origin.
    Northing,
    /// First standard parallel.
    FirstParallel,
    /// Second standard parallel.
    SecondParallel,
    /// Azimuth of the initial line of an oblique projection.
    Azimuth,
    /// Angle from the rectified to the skew grid.
    GridAngle,
}

impl Parameter {
    /// The parameter of a name, in any of the dialects.
    pub(crate) fn of_name(name: &str) -> Option<Self> {
        Some(match plain(name).as_str() {
            "latitudeoforigin"
            | "latitudeofcenter"
            | "latitudeofcentre"
            | "centrallatitude"
            | "centralparallel"
            | "latitudeofnaturalorigin"
            | "latitudeoffalseorigin"
            | "latitudeofprojectioncentre"
            | "latitudeofprojectioncenter" => Self::Latitude,
            "centralmeridian"
            | "longitudeofcenter"
            | "longitudeofcentre"
            | "longitudeoforigin"
            | "longitudeofnaturalorigin"
            | "longitudeoffalseorigin"
            | "longitudeofprojectioncentre"
            | "longitudeofprojectioncenter"
            | "straightverticallongitudefrompole" => Self::Longitude,
            "scalefactor"
            | "scalefactoratnaturalorigin"
            | "scalefactoroninitialline"
            | "scalefactoratprojectioncentre"
            | "scalefactoronpseudostandardparallel" => Self::Scale,
            "falseeasting" | "eastingatfalseorigin" | "eastingatprojectioncentre" => Self::Easting,
            "falsenorthing" | "northingatfalseorigin" | "northingatprojectioncentre" => {
                Self::Northing
            }
            "standardparallel1"
            | "latitudeof1ststandardparallel"
            | "latitudeofstandardparallel"
            | "standardparallel" => Self::FirstParallel,
            "standardparallel2" | "latitudeof2ndstandardparallel" => Self::SecondParallel,
            "azimuth" | "azimuthofinitialline" | "azimuthatprojectioncentre" => Self::Azimuth,
            "rectifiedgridangle" | "xyplanerotation" | "anglefromrectifiedtoskewgrid" => {
                Self::GridAngle
            }
            _ => return None,
        })
    }

    /// Whether it is a length in the system's unit.
    pub(crate) fn is_length(self) -> bool {
        matches!(self, Self::Easting | Self::Northing)
    }

    /// Whether it is an angle.
    pub(crate) fn is_angle(self) -> bool {
        !self.is_length() && self != Self::Scale
    }

    /// Its name in words.
    fn title(self) -> &'static str {
        match self {
            Self::Latitude => "the latitude of origin",
            Self::Longitude => "the central meridian",
            Self::Scale => "the scale factor",
            Self::Easting => "the false easting",
            Self::Northing => "the false northing",
            Self::FirstParallel => "the first standard parallel",
            Self::SecondParallel => "the second standard parallel",
            Self::Azimuth => "the azimuth",
            Self::GridAngle => "the rectified grid angle",
        }
    }
}

/// A name in lower case, letters and digits only, for comparison.
pub(crate) fn plain(name: &str) -> String {
    name.chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect()
}

/// Values of parameters: angles in degrees, lengths in metres.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Parameters(Vec<(Parameter, f64)>);

impl Parameters {
    /// Sets a value. If a parameter occurs twice, the last value counts.
    pub(crate) fn set(&mut self, parameter: Parameter, value: f64) {
        self.0.retain(|(other, _)| *other != parameter);
        self.0.push((parameter, value));
    }

    /// A value, if the file gives it.
    pub(crate) fn get(&self, parameter: Parameter) -> Option<f64> {
        let found = self.0.iter().find(|(other, _)| *other == parameter);
        found.map(|&(_, value)| value)
    }

    /// A value that a projection cannot be without.
    pub(crate) fn require(&self, parameter: Parameter, projection: &str) -> Result<f64, GeoError> {
        self.get(parameter).ok_or_else(|| {
            let title = parameter.title();
            GeoError::Definition(format!(
                "{title} of its projection, {projection}, is missing"
            ))
        })
    }

    /// Fails if a value is not a finite number, or not an angle of its kind.
    pub(crate) fn check(&self) -> Result<(), GeoError> {
        for &(parameter, value) in &self.0 {
            let limit = match parameter {
                Parameter::Latitude | Parameter::FirstParallel | Parameter::SecondParallel => 90.0,
                Parameter::Longitude | Parameter::Azimuth | Parameter::GridAngle => 720.0,
                Parameter::Scale => 100.0,
                Parameter::Easting | Parameter::Northing => 1e10,
            };
            let is_positive = parameter != Parameter::Scale || value > 0.0;
            if !(value.is_finite() && value.abs() <= limit && is_positive) {
                return Err(GeoError::Definition(format!(
                    "{} of its projection cannot be {value}",
                    parameter.title()
                )));
            }
        }
        Ok(())
    }
}
