//! The `.aux.xml` files of GDAL (PAM) and of Esri's programs beside an image: its coordinate system, its grid or its
//! ground control points. Statistics and everything else in them are ignored.

use quick_xml::Reader;
use quick_xml::escape::unescape;
use quick_xml::events::{BytesStart, Event};

use super::affine::Affine;
use super::control_points::ControlPoint;
use super::error::GeoError;

/// Longest text that is parsed, in bytes. Histograms make some files long.
const LONGEST: usize = 16 << 20;
/// Maximum length of an element's text that is kept.
const LONGEST_TEXT: usize = 64 << 10;
/// Maximum number of ground control points that are kept.
const MOST_POINTS: usize = 100_000;

/// The georeferencing in an `.aux.xml` file.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct AuxXml {
    /// The coordinate system as well-known text.
    pub system: Option<String>,
    /// The grid.
    pub affine: Option<Affine>,
    /// The ground control points.
    pub points: Vec<ControlPoint>,
}

impl AuxXml {
    /// Reads the file's text.
    ///
    /// # Errors
    /// Fails if it is not XML, or if a coordinate in it is not a number.
    pub fn read(text: &str) -> Result<Self, GeoError> {
        let wrong = |what: String| GeoError::AuxXml(what);
        if text.len() > LONGEST {
            return Err(wrong(format!("it has {} bytes", text.len())));
        }
        let mut reader = Reader::from_str(text.trim_start_matches('\u{feff}'));
        let mut found = Self::default();
        let mut points_system = None;
        // Names of the open elements: only the children of the root count.
        let mut depth = 0usize;
        let mut element = Vec::new();
        let mut content = String::new();
        let mut is_list = false;
        loop {
            let event = reader
                .read_event()
                .map_err(|error| wrong(error.to_string()))?;
            match event {
                Event::Start(start) => {
                    depth += 1;
                    if depth == 2 {
                        element = start.name().as_ref().to_vec();
                        content.clear();
                        is_list = element == b"GCPList";
                        if is_list {
                            points_system = attribute(&start, "Projection");
                        }
                    } else if depth == 3 && is_list && start.name().as_ref() == b"GCP" {
                        found.add(&start)?;
                    } else if depth == 3 && is_list && start.name().as_ref() == b"SRS" {
                        content.clear();
                    }
                }
                Event::Empty(start) if depth == 2 && is_list && start.name().as_ref() == b"GCP" => {
                    found.add(&start)?;
                }
                Event::Text(text) if (2..=3).contains(&depth) && content.len() < LONGEST_TEXT => {
                    content.push_str(&String::from_utf8_lossy(&text));
                }
                Event::CData(text) if depth == 2 && content.len() < LONGEST_TEXT => {
                    content.push_str(&String::from_utf8_lossy(&text));
                }
                Event::GeneralRef(name)
                    if (2..=3).contains(&depth) && content.len() < LONGEST_TEXT =>
                {
                    content.push('&');
                    content.push_str(&String::from_utf8_lossy(&name));
                    content.push(';');
                }
                Event::End(end) => {
                    let text = || Some(plain(&content)).filter(|text| !text.is_empty());
                    match (depth, element.as_slice()) {
                        (2, b"SRS") => found.system = text(),
                        (2, b"GeoTransform") => {
                            found.affine = Some(geotransform(&plain(&content))?)
                        }
                        (3, b"GCPList") if end.name().as_ref() == b"SRS" => points_system = text(),
                        _ => {}
                    }
                    depth = depth.saturating_sub(1);
                }
                Event::Eof => break,
                _ => {}
            }
        }
        if !found.points.is_empty() {
            found.system = points_system.or(found.system);
        }
        Ok(found)
    }

    /// Whether nothing in the file places the image or names its system.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    fn add(&mut self, element: &BytesStart<'_>) -> Result<(), GeoError> {
        if self.points.len() >= MOST_POINTS {
            return Err(GeoError::AuxXml(
                "it has too many ground control points".into(),
            ));
        }
        let number = |name: &str| {
            attribute(element, name)
                .and_then(|text| text.trim().parse::<f64>().ok())
                .filter(|value| value.is_finite())
                .ok_or_else(|| {
                    GeoError::AuxXml(format!("{name} of a ground control point is not a number"))
                })
        };
        self.points.push(ControlPoint {
            pixel: [number("Pixel")?, number("Line")?],
            coordinates: [number("X")?, number("Y")?],
        });
        Ok(())
    }
}

fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = element.try_get_attribute(name).ok()??;
    Some(plain(&String::from_utf8_lossy(&found.value))).filter(|text| !text.is_empty())
}

/// A text without its escapes; one with unknown escapes stays as it is.
fn plain(text: &str) -> String {
    match unescape(text.trim()) {
        Ok(text) => text.into_owned(),
        Err(_) => text.trim().to_owned(),
    }
}

fn geotransform(text: &str) -> Result<Affine, GeoError> {
    let wrong = || GeoError::AuxXml("its GeoTransform does not hold six numbers".into());
    let numbers: Result<Vec<f64>, _> = text.split(',').map(|word| word.trim().parse()).collect();
    let numbers = numbers.map_err(|_| wrong())?;
    let affine = Affine(numbers.try_into().map_err(|_| wrong())?);
    if affine.is_usable() {
        Ok(affine)
    } else {
        Err(GeoError::AuxXml(
            "its GeoTransform gives the pixels no extent".into(),
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn place_and_system_are_read_and_the_rest_is_not() {
        // As GDAL 3.6 writes it.
        let text = "<PAMDataset>\n  <SRS dataAxisToSRSAxisMapping=\"1,2\">PROJCS[&quot;A &amp; B&quot;]</SRS>\n  \
            <GeoTransform>  3.9e+05,  3.0e-01,  0.0,  5.819e+06,  0.0, -3.0e-01</GeoTransform>\n  \
            <Metadata domain=\"x\"><MDI key=\"SRS\">no</MDI><SRS>no</SRS></Metadata>\n  \
            <PAMRasterBand band=\"1\"><Histograms><SRS>no</SRS></Histograms></PAMRasterBand>\n</PAMDataset>";
        let found = AuxXml::read(text).unwrap();
        assert_eq!(found.system.as_deref(), Some("PROJCS[\"A & B\"]"));
        assert_eq!(
            found.affine,
            Some(Affine([3.9e5, 0.3, 0.0, 5.819e6, 0.0, -0.3]))
        );
        assert!(found.points.is_empty());
        let statistics = "<PAMDataset><PAMRasterBand band=\"1\"/></PAMDataset>";
        assert!(AuxXml::read(statistics).unwrap().is_empty());
    }

    #[test]
    fn control_points_come_with_their_own_system() {
        let text = "<PAMDataset><GCPList Projection=\"GEOGCS[&quot;W&quot;]\"><GCP Id=\"1\" Pixel=\"1.5\" Line=\"2\" \
            X=\"8.5E+00\" Y=\"47\" /><GCP Id=\"\" Pixel=\"3\" Line=\"4\" X=\"9\" Y=\"46\"></GCP></GCPList></PAMDataset>";
        let found = AuxXml::read(text).unwrap();
        assert_eq!(found.system.as_deref(), Some("GEOGCS[\"W\"]"));
        let expected = ControlPoint {
            pixel: [1.5, 2.0],
            coordinates: [8.5, 47.0],
        };
        assert_eq!((found.points.len(), found.points[0]), (2, expected));
    }

    #[test]
    fn other_texts_are_refused_with_words() {
        for (text, part) in [
            (
                "<PAMDataset><GeoTransform>1,2,3</GeoTransform></PAMDataset>",
                "six numbers",
            ),
            (
                "<PAMDataset><GeoTransform>1,0,0,2,0,north</GeoTransform></PAMDataset>",
                "six numbers",
            ),
            (
                "<PAMDataset><GeoTransform>1,0,0,2,0,0</GeoTransform></PAMDataset>",
                "no extent",
            ),
            (
                "<A><GCPList><GCP Pixel=\"x\"/></GCPList></A>",
                "Pixel of a ground control point",
            ),
            (
                "<A><GCPList><GCP Pixel=\"1\" Line=\"nan\"/></GCPList></A>",
                "Line of a ground control point",
            ),
            ("<A><B></A>", ".aux.xml"),
        ] {
            let error = AuxXml::read(text).unwrap_err().to_string();
            assert!(error.contains(part), "{error}");
        }
        let deep = "<A>".repeat(10_000);
        assert!(AuxXml::read(&deep).is_ok_and(|found| found.is_empty()));
    }
}
