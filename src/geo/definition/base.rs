//! The geographic part of a written-out coordinate system: datum, ellipsoid and prime meridian.

use proj4rs::Proj;

use super::super::epsg;
use super::super::error::GeoError;
use super::super::shift_grids::without_grids;
use super::parameters::plain;

/// How far the axes of one ellipsoid may differ between two files, in metres.
const AXIS_SLACK: f64 = 0.5;
/// How far the longitude of one prime meridian may differ between two files, in degrees.
const MERIDIAN_SLACK: f64 = 1e-6;

/// Names of datums, as [`plain`] leaves them and without the "D" of Esri's, with the code of the geographic system on
/// them (EPSG registry; Esri's pedatum.txt).
const DATUMS: [(&str, u16); 54] = [
    ("wgs1984", 4326),
    ("wgs84", 4326),
    ("worldgeodeticsystem1984", 4326),
    ("worldgeodeticsystem1984ensemble", 4326),
    ("wgs1972", 4322),
    ("worldgeodeticsystem1972", 4322),
    ("etrs1989", 4258),
    ("europeanterrestrialreferencesystem1989", 4258),
    ("europeanterrestrialreferencesystem1989ensemble", 4258),
    ("northamerican1983", 4269),
    ("northamericandatum1983", 4269),
    ("northamerican1983harn", 4152),
    ("nad83highaccuracyreferencenetwork", 4152),
    ("northamerican1983csrs", 4617),
    ("nad83canadianspatialreferencesystem", 4617),
    ("nad1983nsrs2007", 4759),
    ("nad1983csrs", 4617),
    ("nad19832011", 6318),
    ("nad83nationalspatialreferencesystem2011", 6318),
    ("northamerican1927", 4267),
    ("northamericandatum1927", 4267),
    ("european1950", 4230),
    ("europeandatum1950", 4230),
    ("osgb1936", 4277),
    ("ordnancesurveyofgreatbritain1936", 4277),
    ("osgreatbritain1936", 4277),
    ("tm65", 4299),
    ("deutscheshauptdreiecksnetz", 4314),
    ("mgi", 4312),
    ("militargeographischeinstitut", 4312),
    ("ch1903", 4149),
    ("amersfoort", 4289),
    ("belge1972", 4313),
    ("reseaunationalbelge1972", 4313),
    ("rgf1993", 4171),
    ("reseaugeodesiquefrancais1993", 4171),
    ("ntf", 4275),
    ("nouvelletriangulationfrancaise", 4275),
    ("pulkovo1942", 4284),
    ("sjtsk", 4156),
    ("systemjednotnetrigonometrickesitekatastralni", 4156),
    ("gda1994", 4283),
    ("geocentricdatumofaustralia1994", 4283),
    ("gda2020", 7844),
    ("geocentricdatumofaustralia2020", 7844),
    ("nzgd2000", 4167),
    ("newzealandgeodeticdatum2000", 4167),
    ("sirgas2000", 4674),
    ("sistemadereferenciageocentricoparalasamericas2000", 4674),
    ("southamerican1969", 4618),
    ("southamericandatum1969", 4618),
    ("hartebeesthoek1994", 4148),
    ("jgd2000", 4612),
    ("tokyo", 4301),
];

/// An ellipsoid of revolution.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Ellipsoid {
    /// Semi-major axis in metres.
    pub(crate) semi_major: f64,
    /// Inverse flattening; 0 for a sphere.
    pub(crate) inverse_flattening: f64,
}

impl Ellipsoid {
    /// Creates an ellipsoid. Fails if no planet could have such an ellipsoid.
    pub(crate) fn new(semi_major: f64, inverse_flattening: f64) -> Result<Self, GeoError> {
        let is_axis = (1e5..1e9).contains(&semi_major);
        let is_flattening =
            inverse_flattening == 0.0 || (inverse_flattening > 10.0 && inverse_flattening < 1e7);
        if is_axis && is_flattening {
            return Ok(Self {
                semi_major,
                inverse_flattening,
            });
        }
        Err(GeoError::Definition(format!(
            "its ellipsoid has a semi-major axis of {semi_major} m and an inverse flattening of {inverse_flattening}"
        )))
    }

    /// Creates an ellipsoid by its two axes.
    pub(crate) fn of_axes(semi_major: f64, semi_minor: f64) -> Result<Self, GeoError> {
        let difference = semi_major - semi_minor;
        Self::new(
            semi_major,
            if difference == 0.0 {
                0.0
            } else {
                semi_major / difference
            },
        )
    }

    /// The ellipsoid of an EPSG code, of those that GeoTIFFs name.
    pub(crate) fn of_code(code: u16) -> Option<Self> {
        let (semi_major, inverse_flattening) = match code {
            7001 => (6_377_563.396, 299.324_964_6),
            7002 => (6_377_340.189, 299.324_964_6),
            7003 => (6_378_160.0, 298.25),
            7004 => (6_377_397.155, 299.152_812_8),
            7008 => (6_378_206.4, 294.978_698_213_898),
            7011 => (6_378_249.2, 293.466_021_293_627),
            7012 => (6_378_249.145, 293.465),
            7019 => (6_378_137.0, 298.257_222_101),
            7022 => (6_378_388.0, 297.0),
            7024 => (6_378_245.0, 298.3),
            7030 => (6_378_137.0, 298.257_223_563),
            7043 => (6_378_135.0, 298.26),
            7048 => (6_371_007.0, 0.0),
            7050 => (6_378_160.0, 298.25),
            _ => return None,
        };
        Some(Self {
            semi_major,
            inverse_flattening,
        })
    }

    /// Semi-minor axis in metres.
    pub(crate) fn semi_minor(&self) -> f64 {
        if self.inverse_flattening == 0.0 {
            self.semi_major
        } else {
            self.semi_major * (1.0 - 1.0 / self.inverse_flattening)
        }
    }

    /// Whether it is that of WGS 84 or GRS 1980.
    fn is_geocentric(&self) -> bool {
        self.semi_major == 6_378_137.0 && (self.inverse_flattening - 298.257_222).abs() < 1e-4
    }
}

/// The geographic system that a projection is computed on.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Base {
    /// The code of the geographic system, if ellipsoid and prime meridian agree with it.
    pub(crate) code: Option<u16>,
    /// The datum's name in the file; may be empty.
    pub(crate) datum: String,
    /// The ellipsoid.
    pub(crate) ellipsoid: Ellipsoid,
    /// Degrees of the prime meridian east of Greenwich.
    pub(crate) meridian: f64,
    /// The transformation of the datum to WGS 84, if the file states it: three or seven numbers in the order of WKT's
    /// TOWGS84, in metres, seconds and parts per million (position vector).
    pub(crate) shift: Option<Vec<f64>>,
    /// The datum in PROJ.4's form, from the table of definitions; empty if only the ellipsoid is known.
    known: String,
    known_shift: bool,
}

impl Base {
    /// The base with the code of a geographic system, `None` if it is unknown.
    pub(crate) fn of_code(code: u16) -> Option<Self> {
        let definition = epsg::definition(code)?;
        if !definition.contains("+proj=longlat") {
            return None;
        }
        let (definition, known_shift) = without_grids(&definition);
        let proj = Proj::from_proj_string(&definition).ok()?;
        let (major, minor) = proj.ellipse_parameters();
        let is_datum = |part: &&str| {
            [
                "+datum",
                "+ellps",
                "+towgs84",
                "+nadgrids",
                "+a",
                "+b",
                "+rf",
                "+R",
            ]
            .contains(&part.split('=').next().unwrap_or(part))
        };
        let known: Vec<&str> = definition.split_whitespace().filter(is_datum).collect();
        Some(Self {
            code: Some(code),
            datum: String::new(),
            ellipsoid: Ellipsoid::of_axes(major, minor).ok()?,
            meridian: proj.from_greenwich().to_degrees(),
            shift: None,
            known: known.join(" "),
            known_shift,
        })
    }

    /// The base on the datum with this name or this EPSG code, if either is known.
    pub(crate) fn of_datum(name: &str, code: Option<u16>) -> Option<Self> {
        // Codes of datums are those of their geographic systems, 2000 higher, for all that have them from the start.
        let by_code = code.filter(|code| (6120..7000).contains(code));
        if let Some(base) = by_code.and_then(|code| Self::of_code(code - 2000)) {
            return Some(base);
        }
        let name = plain(name);
        let known = |name: &str| DATUMS.iter().find(|(other, _)| *other == name);
        let &(_, code) = known(&name).or_else(|| known(name.strip_prefix('d')?))?;
        Self::of_code(code)
    }

    /// The base of parts that a file states. `known` is the base that its codes or names mean. It is used only if it
    /// agrees with the numbers.
    pub(crate) fn stated(
        known: Option<Self>,
        datum: &str,
        ellipsoid: Ellipsoid,
        meridian: f64,
        shift: Option<Vec<f64>>,
    ) -> Result<Self, GeoError> {
        let is_number = shift.iter().flatten().all(|value| value.is_finite());
        if !(meridian.is_finite() && meridian.abs() <= 360.0 && is_number) {
            return Err(GeoError::Definition(
                "its prime meridian or its shift to WGS 84 is not a number".into(),
            ));
        }
        let agrees = |known: &Self| {
            (known.ellipsoid.semi_major - ellipsoid.semi_major).abs() < AXIS_SLACK
                && (known.ellipsoid.semi_minor() - ellipsoid.semi_minor()).abs() < AXIS_SLACK
        };
        let mut base = known.filter(agrees).unwrap_or(Self {
            code: None,
            datum: String::new(),
            ellipsoid,
            meridian,
            shift: None,
            known: String::new(),
            known_shift: false,
        });
        if (base.meridian - meridian).abs() > MERIDIAN_SLACK {
            (base.code, base.meridian) = (None, meridian);
        }
        base.datum = datum.to_owned();
        // Zeros, which many programs write for WGS 84 itself, add nothing to a known geocentric datum.
        let says_nothing = |shift: &Vec<f64>| {
            shift.iter().all(|&value| value == 0.0) && !base.known.is_empty() && base.is_wgs84()
        };
        base.shift = shift.filter(|shift| !says_nothing(shift));
        Ok(base)
    }

    fn is_wgs84(&self) -> bool {
        self.known_shift && self.ellipsoid.is_geocentric()
    }

    /// Datum and prime meridian in PROJ.4's form, and whether a transformation to WGS 84 is known.
    pub(super) fn proj(&self) -> (String, bool) {
        let ellipsoid = &self.ellipsoid;
        let sizes = match ellipsoid.inverse_flattening {
            0.0 => format!("+R={}", ellipsoid.semi_major),
            rf => format!("+a={} +rf={rf}", ellipsoid.semi_major),
        };
        let (datum, has_shift) = match &self.shift {
            Some(shift) => {
                let shift: Vec<String> = shift.iter().map(f64::to_string).collect();
                (format!("{sizes} +towgs84={}", shift.join(",")), true)
            }
            None if !self.known.is_empty() => (self.known.clone(), self.known_shift),
            // National realisations of the geocentric datum; a datum that is said to be unknown can be anything.
            None => (sizes, ellipsoid.is_geocentric() && !self.is_unknown()),
        };
        if self.meridian == 0.0 {
            return (datum, has_shift);
        }
        (format!("{datum} +pm={}", self.meridian), has_shift)
    }

    /// Whether the file says that it does not know its datum.
    fn is_unknown(&self) -> bool {
        let name = plain(&self.datum);
        name.is_empty()
            || [
                "unknown",
                "notspecified",
                "undefined",
                "unnamed",
                "userdefined",
            ]
            .iter()
            .any(|word| name.contains(word))
    }

    /// Shown to users in place of a name.
    pub(super) fn title(&self) -> String {
        match self.code {
            Some(code) => format!("EPSG:{code} (geographic)"),
            None => "longitude and latitude".to_owned(),
        }
    }
}
