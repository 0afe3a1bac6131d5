//! Features as KML 2.2 (OGC 07-147r2), for Google Earth and phones.

use std::fmt::Write as _;

use ::geo::{LineString, Polygon};
use quick_xml::escape::escape;

use super::feature::{Feature, Origin};
use super::geojson::rounded;

/// Opacity of a filled polygon, out of 255, so that the image shows through.
const FILL: u8 = 0x80;
/// Width of an outline in screen pixels.
const LINE: &str = "2";

/// A document with one placemark per feature, in the layers' colours, with the features' attributes.
pub fn kml(features: &[Feature], origin: &Origin) -> String {
    let mut children = vec![text("name", &origin.source)];
    let mut styled = Vec::new();
    for feature in features {
        if !styled.contains(&feature.layer) {
            styled.push(feature.layer);
            children.push(style(feature));
        }
    }
    children.extend(features.iter().map(|feature| placemark(feature, origin)));
    let document = parent("Document", children);
    let kml = parent("kml", vec![document]).with("xmlns", "http://www.opengis.net/kml/2.2");
    let mut written = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_owned();
    kml.write(&mut written);
    written
}

fn style(feature: &Feature) -> Element {
    let [red, green, blue] = colour(&feature.colour);
    let colour = |opacity: u8| {
        let digits = format!("{opacity:02x}{blue:02x}{green:02x}{red:02x}");
        text("color", &digits)
    };
    let line = vec![colour(0xff), text("width", LINE)];
    let styles = vec![
        parent("LineStyle", line),
        parent("PolyStyle", vec![colour(FILL)]),
    ];
    parent("Style", styles).with("id", &style_id(feature))
}

fn style_id(feature: &Feature) -> String {
    format!("layer-{}", feature.layer + 1)
}

fn placemark(feature: &Feature, origin: &Origin) -> Element {
    let data =
        |name: &str, value: &str| parent("Data", vec![text("value", value)]).with("name", name);
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
        text("name", &feature.prompt),
        text("styleUrl", &format!("#{}", style_id(feature))),
        parent("ExtendedData", attributes),
    ];
    if !feature.polygons.0.is_empty() {
        let polygons = feature.polygons.iter().map(polygon).collect();
        children.push(parent("MultiGeometry", polygons));
    }
    parent("Placemark", children)
}

fn polygon(polygon: &Polygon<f64>) -> Element {
    let boundary = |name: &'static str, line: &LineString<f64>| {
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

/// An element with its attribute and either text or children.
struct Element {
    name: &'static str,
    attribute: Option<(&'static str, String)>,
    text: String,
    children: Vec<Element>,
}

impl Element {
    fn with(self, name: &'static str, value: &str) -> Self {
        Self {
            attribute: Some((name, printable(value))),
            ..self
        }
    }

    fn write(&self, written: &mut String) {
        let name = self.name;
        // Writing to a string does not fail.
        let _ = match &self.attribute {
            Some((key, value)) => write!(written, "<{name} {key}=\"{}\">", escape(value)),
            None => write!(written, "<{name}>"),
        };
        written.push_str(&escape(&self.text));
        for child in &self.children {
            child.write(written);
        }
        let _ = write!(written, "</{name}>");
    }
}

fn text(name: &'static str, content: &str) -> Element {
    Element {
        name,
        attribute: None,
        text: printable(content),
        children: Vec::new(),
    }
}

fn parent(name: &'static str, children: Vec<Element>) -> Element {
    Element {
        name,
        attribute: None,
        text: String::new(),
        children,
    }
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
