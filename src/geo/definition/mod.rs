//! Coordinate systems that are written out: a geographic base, a projection with its parameters, and a unit.
//!
//! ```text
//! WKT (.prj, .aux.xml, citation) ── from_wkt ──┐
//!                                              ├─ Definition ── Crs
//! GeoKeys of a GeoTIFF ── from_keys ───────────┘      └──────── to_keys ── GeoKeys of a mask
//! ```

mod base;
mod conversion;
mod from_keys;
mod from_wkt;
mod method;
mod parameters;
mod to_keys;
mod wkt;

pub(crate) use base::Base;
pub(crate) use conversion::Conversion;
pub(crate) use from_keys::from_keys;
pub(crate) use from_wkt::from_wkt;
pub(crate) use to_keys::to_keys;

/// A coordinate system, described by its parts.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Definition {
    /// The file's name for it; may be empty.
    pub(crate) name: String,
    /// Datum, ellipsoid and prime meridian.
    pub(crate) base: Base,
    /// The projection; `None` if coordinates are longitude and latitude.
    pub(crate) conversion: Option<Conversion>,
    /// Metres per unit of a projected system, degrees per unit of a geographic one.
    pub(crate) unit: f64,
}

impl Definition {
    /// The EPSG code of the system if its parts determine one: a geographic system, a UTM zone or Web Mercator.
    pub(crate) fn epsg(&self) -> Option<u32> {
        let base = self.base.code.filter(|_| self.base.shift.is_none())?;
        match &self.conversion {
            None => (self.unit == 1.0).then_some(base.into()),
            Some(conversion) if self.unit == 1.0 => conversion.epsg(base),
            Some(_) => None,
        }
    }

    /// The definition in PROJ.4's form, as `proj4rs` reads it, and whether it contains a transformation to WGS 84.
    pub(crate) fn proj(&self) -> (String, bool) {
        let (base, has_shift) = self.base.proj();
        let projection = match &self.conversion {
            None => "+proj=longlat".to_owned(),
            Some(conversion) => conversion.proj(&self.base.ellipsoid),
        };
        let unit = match &self.conversion {
            Some(_) if self.unit != 1.0 => format!(" +to_meter={}", self.unit),
            _ => String::new(),
        };
        (format!("{projection} {base}{unit} +no_defs"), has_shift)
    }

    /// Degrees per unit of the coordinates; 1 if they are lengths.
    pub(crate) fn degrees_per_unit(&self) -> f64 {
        match self.conversion {
            Some(_) => 1.0,
            None => self.unit,
        }
    }

    /// The name that users are shown: the file's name for the system, or the projection's name.
    pub(crate) fn title(&self) -> String {
        match (self.name.as_str(), &self.conversion) {
            ("" | "unknown" | "unnamed", Some(conversion)) => conversion.title(),
            ("" | "unknown" | "unnamed", None) => self.base.title(),
            (name, _) => name.to_owned(),
        }
    }
}

#[cfg(test)]
mod keys_tests;
#[cfg(test)]
mod wkt_tests;
