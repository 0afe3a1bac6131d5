//! Features as KML 2.2 (OGC 07-147r2), for Google Earth and phones.
//!
//! Placemarks are built from plain elements. The `kml` crate's own polygon puts all holes into one `innerBoundaryIs`,
//! where the schema and its readers allow only one ring each, and its placemark puts the style after the geometry,
//! where the schema has it before.

use std::collections::HashMap;
use std::fmt::Write as _;

use ::geo::{LineString, Polygon};
use ::kml::types::{Element, LineStyle, Placemark, PolyStyle, Style};
use ::kml::{Kml, KmlDocument, KmlWriter};

use super::feature::{Feature, Origin};
use super::geojson::rounded;

/// Opacity of a filled polygon, out of 255, so that the image shows through.
const FILL: u8 = 0x80;
/// Width of an outline in screen pixels.
const LINE: f64 = 2.0;

/// A document with one placemark per feature, in the layers' colours, with the features' attributes.
pub fn kml(features: &[Feature], origin: &Origin) -> String {
    let mut elements: Vec<Kml> = vec![Kml::Element(text("name", &origin.source))];
    let mut styled = Vec::new();
    for feature in features {
        if !styled.contains(&feature.layer) {
            styled.push(feature.layer);
            elements.push(Kml::Style(style(feature)));
        }
    }
    elements.extend(features.iter().map(|feature| placemark(feature, origin)));
    let document = Kml::KmlDocument(KmlDocument {
        attrs: attribute("xmlns", "http://www.opengis.net/kml/2.2"),
        elements: vec![Kml::Document {
            attrs: HashMap::new(),
            elements,
        }],
        ..KmlDocument::default()
    });
    let mut bytes = b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_vec();
    // Writing to memory does not fail.
    let written = KmlWriter::from_writer(&mut bytes).write(&document);
    debug_assert!(written.is_ok());
    String::from_utf8_lossy(&bytes).into_owned()
}

fn style(feature: &Feature) -> Style {
    let [red, green, blue] = colour(&feature.colour);
    let colour = |opacity: u8| format!("{opacity:02x}{blue:02x}{green:02x}{red:02x}");
    Style {
        id: Some(style_id(feature)),
        line: Some(LineStyle {
            color: colour(0xff),
            width: LINE,
            ..LineStyle::default()
        }),
        poly: Some(PolyStyle {
            color: colour(FILL),
            ..PolyStyle::default()
        }),
        ..Style::default()
    }
}

fn style_id(feature: &Feature) -> String {
    format!("layer-{}", feature.layer + 1)
}

fn placemark(feature: &Feature, origin: &Origin) -> Kml {
    let data = |name: &str, value: &str| Element {
        name: "Data".into(),
        attrs: attribute("name", name),
        children: vec![text("value", value)],
        ..Element::default()
    };
    let mut attributes = vec![
        data("prompt", &feature.prompt),
        data("score", &rounded(feature.score, 4).to_string()),
        data("threshold", &rounded(feature.threshold, 4).to_string()),
        data("area_m2", &rounded(feature.area, 4).to_string()),
        data("area_ha", &rounded(feature.area / 10_000.0, 8).to_string()),
        data("source", &origin.source),
        data("model", &origin.model),
    ];
    if let Some(class) = &feature.class {
        attributes.push(data("class", class));
    }
    let mut children = vec![
        text("styleUrl", &format!("#{}", style_id(feature))),
        parent("ExtendedData", attributes),
    ];
    if !feature.polygons.0.is_empty() {
        let polygons = feature.polygons.iter().map(polygon).collect();
        children.push(parent("MultiGeometry", polygons));
    }
    Kml::Placemark(Placemark {
        name: Some(printable(&feature.prompt)),
        children,
        ..Placemark::default()
    })
}

fn polygon(polygon: &Polygon<f64>) -> Element {
    let boundary = |name: &str, line: &LineString<f64>| {
        let mut coordinates = String::with_capacity(line.0.len() * 24);
        for (index, point) in line.0.iter().enumerate() {
            let space = if index == 0 { "" } else { " " };
            // Writing to a string does not fail.
            let _ = write!(coordinates, "{space}{},{}", point.x, point.y);
        }
        let ring = parent("LinearRing", vec![text("coordinates", &coordinates)]);
        parent(name, vec![ring])
    };
    let mut children = vec![
        text("tessellate", "1"),
        boundary("outerBoundaryIs", polygon.exterior()),
    ];
    let holes = polygon.interiors().iter();
    children.extend(holes.map(|hole| boundary("innerBoundaryIs", hole)));
    parent("Polygon", children)
}

fn text(name: &str, content: &str) -> Element {
    Element {
        name: name.into(),
        content: Some(printable(content)),
        ..Element::default()
    }
}

fn parent(name: &str, children: Vec<Element>) -> Element {
    Element {
        name: name.into(),
        children,
        ..Element::default()
    }
}

fn attribute(name: &str, value: &str) -> HashMap<String, String> {
    HashMap::from([(name.to_owned(), value.to_owned())])
}

/// Returns the text without the characters that XML cannot contain.
fn printable(text: &str) -> String {
    text.chars()
        .filter(|&c| !c.is_control() || c == '\n' || c == '\t')
        .filter(|&c| c != '\u{fffe}' && c != '\u{ffff}')
        .collect()
}

/// Red, green and blue of `#rrggbb`; white for any other text.
fn colour(text: &str) -> [u8; 3] {
    let digits = text.strip_prefix('#').unwrap_or(text);
    match u32::from_str_radix(digits, 16) {
        Ok(value) if digits.len() == 6 => [(value >> 16) as u8, (value >> 8) as u8, value as u8],
        _ => [0xff; 3],
    }
}
