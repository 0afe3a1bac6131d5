//! Coordinate systems in well-known text: OGC's WKT 1 as GDAL writes it, Esri's dialect of it, and WKT 2.

use super::super::error::GeoError;
use super::super::units::{exact_degrees, exact_metres};
use super::Definition;
use super::base::{Base, Ellipsoid};
use super::conversion::Conversion;
use super::method::Method;
use super::parameters::{Parameter, Parameters, plain};
use super::wkt::{Node, parse, shown};

const PROJECTED: [&str; 3] = ["PROJCS", "PROJCRS", "PROJECTEDCRS"];
const GEOGRAPHIC: [&str; 5] = [
    "GEOGCS",
    "GEOGCRS",
    "GEOGRAPHICCRS",
    "GEODCRS",
    "GEODETICCRS",
];
const BASES: [&str; 3] = ["GEOGCS", "BASEGEOGCRS", "BASEGEODCRS"];
const ANGLES: [&str; 2] = ["UNIT", "ANGLEUNIT"];
const LENGTHS: [&str; 2] = ["UNIT", "LENGTHUNIT"];
const ELLIPSOIDS: [&str; 2] = ["SPHEROID", "ELLIPSOID"];
const DATUMS: [&str; 4] = ["DATUM", "GEODETICDATUM", "TRF", "ENSEMBLE"];

/// EPSG code and definition of the coordinate system in a text. The height of a compound system is ignored.
///
/// # Errors
/// Fails if the text is not WKT, or if it describes an unsupported projection, which is named, or lacks a
/// part. If the text names a code, only the definition may be missing.
pub(crate) fn from_wkt(
    text: &str,
) -> Result<(Option<u32>, Result<Definition, GeoError>), GeoError> {
    let root = parse(text)?;
    let (system, shift) = horizontal(&root)?;
    Ok((system.epsg(), definition(system, shift)))
}

/// The horizontal system of a compound or bound one, and the shift to WGS 84 that a bound one states.
fn horizontal(root: &Node) -> Result<(&Node, Option<Vec<f64>>), GeoError> {
    let (mut node, mut shift) = (root, None);
    loop {
        let kinds = [&PROJECTED[..], &GEOGRAPHIC[..], &["BOUNDCRS", "GEOCCS"]].concat();
        let next = match node.keyword.as_str() {
            "COMPD_CS" | "COMPOUNDCRS" => node.child(&kinds),
            "BOUNDCRS" => {
                shift = shift.or(bound_shift(node)?);
                node.child(&["SOURCECRS"])
                    .and_then(|source| source.nodes.first())
            }
            _ => return Ok((node, shift)),
        };
        node = next.ok_or_else(|| missing("the horizontal system", &node.keyword))?;
    }
}

fn definition(node: &Node, shift: Option<Vec<f64>>) -> Result<Definition, GeoError> {
    let keyword = node.keyword.as_str();
    if GEOGRAPHIC.contains(&keyword) {
        let is_cartesian = |cs: &Node| cs.numbers == [3.0] && node.child(&["LENGTHUNIT"]).is_some();
        if node.child(&["CS"]).is_some_and(is_cartesian) && node.child(&["ANGLEUNIT"]).is_none() {
            return Err(GeoError::Geocentric);
        }
        let unit = angle(node)?;
        return Ok(Definition {
            name: node.name().to_owned(),
            base: base(node, shift)?,
            conversion: None,
            unit,
        });
    }
    match keyword {
        _ if PROJECTED.contains(&keyword) => projected(node, shift),
        "GEOCCS" => Err(GeoError::Geocentric),
        "LOCAL_CS" | "ENGCRS" | "ENGINEERINGCRS" => Err(GeoError::Definition(format!(
            "\"{}\" is a local system without a place on the earth",
            shown(node.name())
        ))),
        _ => Err(GeoError::Definition(format!(
            "{} is not a kind of map coordinates",
            shown(keyword)
        ))),
    }
}

fn projected(node: &Node, shift: Option<Vec<f64>>) -> Result<Definition, GeoError> {
    let base_node = node
        .child(&BASES)
        .ok_or_else(|| missing("GEOGCS", &node.keyword))?;
    // WKT 2 has a node of its own for the projection, whose parameters carry their units.
    let conversion = node.child(&["CONVERSION"]).unwrap_or(node);
    let method = conversion
        .child(&["PROJECTION", "METHOD"])
        .ok_or_else(|| missing("PROJECTION", &node.keyword))?;
    let unit = length(node)?;
    let turn = angle_or(base_node, 1.0)?;
    check_axes(node)?;
    let mut parameters = Parameters::default();
    for parameter in conversion.children(&["PARAMETER"]) {
        let (kind, value) = (
            Parameter::of_name(parameter.name()),
            parameter.numbers.first(),
        );
        // Some methods have parameters of no effect, such as Esri's Auxiliary_Sphere_Type.
        let Some(kind) = kind else { continue };
        let value = *value.ok_or_else(|| missing("the number", parameter.name()))?;
        let scale = if kind.is_length() {
            own_length(parameter)?.unwrap_or(unit)
        } else if kind.is_angle() {
            angle_or(parameter, turn)?
        } else {
            1.0
        };
        parameters.set(kind, value * scale);
    }
    let kind = Method::of_name(method.name())
        .ok_or_else(|| GeoError::Projection(spaced(method.name())))?;
    let kind = if kind == Method::Mercator && is_web_mercator(node)? {
        Method::WebMercator
    } else {
        kind
    };
    if kind == Method::PolarStereographicParallel {
        check_pole(method.name(), &parameters)?;
    }
    let definition = Definition {
        name: node.name().to_owned(),
        base: base(base_node, shift)?,
        conversion: Some(Conversion::new(kind, &parameters)?),
        unit,
    };
    if kind == Method::WebMercator && definition.epsg().is_none() {
        return Err(GeoError::Projection(
            "Web Mercator on another datum than WGS 84".into(),
        ));
    }
    Ok(definition)
}

/// Whether a system whose method is Mercator is Web Mercator. WKT 1 has no name for that method: GDAL adds a PROJ.4
/// text, and other programs only the system's name.
fn is_web_mercator(node: &Node) -> Result<bool, GeoError> {
    let extension = node
        .child(&["EXTENSION"])
        .and_then(|node| node.texts.get(1));
    if let Some(text) = extension {
        if text.contains("+proj=merc") && text.contains("+b=6378137") {
            return Ok(true);
        }
        return Err(GeoError::Projection(format!("given as {}", shown(text))));
    }
    let name = plain(node.name());
    Ok(name.contains("webmercatorauxiliarysphere") || name.contains("pseudomercator"))
}

/// Esri names the pole in the method, and its standard parallel must be on the same side.
fn check_pole(method: &str, parameters: &Parameters) -> Result<(), GeoError> {
    let sign = match plain(method).as_str() {
        "stereographicnorthpole" => 1.0,
        "stereographicsouthpole" => -1.0,
        _ => return Ok(()),
    };
    match parameters.get(Parameter::FirstParallel) {
        Some(parallel) if parallel * sign <= 0.0 => Err(GeoError::Definition(format!(
            "{} with a standard parallel of {parallel} degrees",
            spaced(method)
        ))),
        _ => Ok(()),
    }
}

/// Fails if a projected system counts towards the west: such grids exist, but they need other formulas.
fn check_axes(node: &Node) -> Result<(), GeoError> {
    if node
        .children(&["AXIS"])
        .any(|axis| axis.words.iter().any(|word| word == "WEST"))
    {
        return Err(GeoError::Projection("whose axes point west".into()));
    }
    Ok(())
}

fn base(node: &Node, bound: Option<Vec<f64>>) -> Result<Base, GeoError> {
    let datum = node
        .child(&DATUMS)
        .ok_or_else(|| missing("DATUM", &node.keyword))?;
    let ellipsoid = datum
        .child(&ELLIPSOIDS)
        .ok_or_else(|| missing("SPHEROID", datum.name()))?;
    let &[semi_major, flattening, ..] = &ellipsoid.numbers[..] else {
        return Err(missing("the size", ellipsoid.name()));
    };
    let metres = own_length(ellipsoid)?.unwrap_or(1.0);
    let found = Ellipsoid::new(semi_major * metres, flattening)?;
    let meridian = match node.child(&["PRIMEM", "PRIMEMERIDIAN"]) {
        None => 0.0,
        Some(meridian) => {
            let &[value, ..] = &meridian.numbers[..] else {
                return Err(missing("the longitude", meridian.name()));
            };
            prime_meridian(value, meridian, &node.keyword)?
        }
    };
    let code = |node: &Node| node.epsg().and_then(|code| u16::try_from(code).ok());
    let known = code(node)
        .and_then(Base::of_code)
        .or_else(|| Base::of_datum(datum.name(), code(datum)));
    let stated = datum.child(&["TOWGS84"]).map(|node| &node.numbers);
    let shift = match stated {
        Some(numbers) if ![3, 7].contains(&numbers.len()) => {
            return Err(missing("three or seven numbers", "TOWGS84"));
        }
        Some(numbers) => Some(numbers.clone()),
        None => bound,
    };
    Base::stated(known, datum.name(), found, meridian, shift)
}

/// Degrees of a prime meridian. WKT 1 gives them in degrees whatever its unit; WKT 2 may give a unit.
fn prime_meridian(value: f64, node: &Node, owner: &str) -> Result<f64, GeoError> {
    // Paris in grads, as the standard requires but few programs write it.
    if owner == "GEOGCS" && (value - 2.596_921_3).abs() < 1e-6 {
        return Ok(value * 0.9);
    }
    Ok(value * angle_or(node, 1.0)?)
}

/// The shift of a bound system (WKT 2) to WGS 84, as the numbers of TOWGS84.
fn bound_shift(node: &Node) -> Result<Option<Vec<f64>>, GeoError> {
    let Some(transformation) = node.child(&["ABRIDGEDTRANSFORMATION"]) else {
        return Ok(None);
    };
    let names = [
        "xaxistranslation",
        "yaxistranslation",
        "zaxistranslation",
        "xaxisrotation",
        "yaxisrotation",
        "zaxisrotation",
        "scaledifference",
    ];
    let mut shift = vec![0.0; 7];
    for parameter in transformation.children(&["PARAMETER"]) {
        let name = plain(parameter.name());
        let (Some(index), Some(&value)) = (
            names.iter().position(|other| *other == name),
            parameter.numbers.first(),
        ) else {
            // A file of shifts, which cannot be read here.
            return Ok(None);
        };
        shift[index] = value;
    }
    // The scale is written as 1 + a small number.
    if shift[6] > 0.5 {
        shift[6] = (shift[6] - 1.0) * 1e6;
    }
    let method = transformation.child(&["METHOD"]).map_or("", Node::name);
    if plain(method).contains("coordinateframe") {
        shift[3..6].iter_mut().for_each(|angle| *angle = -*angle);
    }
    Ok(Some(shift))
}

/// Degrees per unit of a node's own unit of angle.
fn angle(node: &Node) -> Result<f64, GeoError> {
    let own = node.children(&ANGLES).last();
    let in_axis = || {
        let axis = node.child(&["AXIS"])?;
        axis.children(&ANGLES).last()
    };
    let unit = own
        .or_else(in_axis)
        .ok_or_else(|| missing("UNIT", &node.keyword))?;
    Ok(exact_degrees(size(unit)?))
}

fn angle_or(node: &Node, otherwise: f64) -> Result<f64, GeoError> {
    match node.children(&ANGLES).last() {
        Some(unit) => Ok(exact_degrees(size(unit)?)),
        None => Ok(otherwise),
    }
}

/// Metres per unit of a node's own unit of length.
fn own_length(node: &Node) -> Result<Option<f64>, GeoError> {
    match node.children(&LENGTHS).last() {
        Some(unit) => Ok(Some(exact_metres(size(unit)?))),
        None => Ok(None),
    }
}

/// Metres per unit of a projected system; WKT 2 may give it with the axes.
fn length(node: &Node) -> Result<f64, GeoError> {
    if let Some(metres) = own_length(node)? {
        return Ok(metres);
    }
    let axis = node.child(&["AXIS"]).map(own_length).transpose()?.flatten();
    axis.ok_or_else(|| missing("UNIT", &node.keyword))
}

/// The size that a unit states, in metres or radians.
fn size(unit: &Node) -> Result<f64, GeoError> {
    match unit.numbers.first() {
        Some(&size) if size.is_finite() && size > 0.0 => Ok(size),
        _ => Err(missing("the size of its unit", unit.name())),
    }
}

fn missing(part: &str, of: &str) -> GeoError {
    GeoError::Definition(format!("{part} is missing in {}", shown(of)))
}

/// A method's name in words.
fn spaced(name: &str) -> String {
    shown(&name.replace('_', " "))
}
