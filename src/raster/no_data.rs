//! The value of each band that means no data. The rules are GDAL's: a value in the `.aux.xml` file beside the scene
//! goes before the one in the file, and NODATA_VALUES, a value for each band, goes before both.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::depth::spread;
use super::directory::Directory;
use super::layout::{Layout, tag};
use super::reader::ByteSource;

/// Longest text of the value in the file.
const MAX_NO_DATA: u64 = 100;
/// Longest XML that is read.
const MAX_XML: u64 = 16 << 20;
/// Most bands with a value of their own.
const MAX_BANDS: usize = 1 << 16;
/// Name of the values of all bands among the metadata.
const VALUES: &str = "NODATA_VALUES";

/// Returns the no-data value of each band as its samples are read, None for a band without one; empty if no band has
/// one. `aux` is the text of the `.aux.xml` file.
pub fn no_data(
    source: &mut ByteSource,
    directory: &Directory,
    layout: &Layout,
    aux: Option<&str>,
) -> Vec<Option<f64>> {
    let text = directory.text(source, tag::GDAL_NO_DATA, MAX_NO_DATA);
    let own = text.as_deref().and_then(number);
    let metadata = directory.text(source, tag::GDAL_METADATA, MAX_XML);
    let [inside, beside] = [metadata.as_deref(), aux].map(|xml| xml.map(Stated::read));
    let count = layout.depths.len();
    let list = [&beside, &inside].into_iter().flatten();
    let mut whole = list.filter_map(|stated| stated.values.as_ref());
    let mut values = match whole.next().filter(|values| values.len() == count) {
        Some(values) => values.clone(),
        None => {
            let mut values = vec![own; count];
            for (band, value) in beside.iter().flat_map(|stated| &stated.bands) {
                if let Some(place) = values.get_mut(*band) {
                    *place = Some(*value);
                }
            }
            values
        }
    };
    for (value, depth) in values.iter_mut().zip(&layout.depths) {
        *value = value.and_then(|value| as_read(value, depth.bits, layout));
    }
    match values.iter().any(Option::is_some) {
        true => values,
        false => Vec::new(),
    }
}

/// The number in the text of a value, which may end with spaces, a line break or a NUL with more behind it.
fn number(text: &str) -> Option<f64> {
    let blank = |letter: char| letter.is_ascii_whitespace() || letter == '\0';
    let text = text.trim_matches(blank).split('\0').next()?;
    text.trim_matches(blank).parse().ok()
}

/// A stored value as samples of so many bits are read.
fn as_read(value: f64, bits: u16, layout: &Layout) -> Option<f64> {
    // Samples of few bits are scaled, so the value is too.
    if bits >= 8 || layout.is_palette() {
        return Some(value);
    }
    let stored = value >= 0.0 && value < f64::from(1u16 << bits) && value.fract() == 0.0;
    stored.then(|| f64::from(spread(value as u8, bits)))
}

/// What XML says about no-data values: GDAL's metadata in the file, or an `.aux.xml` file.
#[derive(Debug, Default, PartialEq)]
struct Stated {
    /// Bands, counted from 0, with their values.
    bands: Vec<(usize, f64)>,
    /// The values of all bands.
    values: Option<Vec<Option<f64>>>,
}

impl Stated {
    /// Reads the text as far as it is XML.
    fn read(text: &str) -> Self {
        let mut found = Self::default();
        if text.len() as u64 > MAX_XML {
            return found;
        }
        let mut reader = Reader::from_str(text.trim_start_matches('\u{feff}'));
        let mut depth = 0usize;
        // The band or the metadata whose children are read, and what the text of the open element is.
        let (mut band, mut is_metadata) = (None, false);
        let mut meaning = Meaning::Other;
        while let Ok(event) = reader.read_event() {
            match event {
                Event::Start(start) => {
                    depth += 1;
                    let name = start.name();
                    let name = name.as_ref();
                    meaning = Meaning::Other;
                    if depth == 2 {
                        let number = |text: String| text.trim().parse::<usize>().ok();
                        band = (name == b"PAMRasterBand")
                            .then(|| attribute(&start, "band").and_then(number))
                            .flatten();
                        is_metadata = name == b"Metadata" && attribute(&start, "domain").is_none();
                    }
                    let is_value = |key| attribute(&start, key).as_deref() == Some(VALUES);
                    match (depth, name) {
                        (3, b"NoDataValue") if let Some(band) = band => {
                            meaning = Meaning::Band(band)
                        }
                        (3, b"MDI") if is_metadata && is_value("key") => meaning = Meaning::All,
                        (2, b"Item")
                            if is_value("name") && attribute(&start, "sample").is_none() =>
                        {
                            meaning = Meaning::All
                        }
                        _ => {}
                    }
                }
                Event::Text(text) => found.add(meaning, &String::from_utf8_lossy(&text)),
                Event::End(_) => {
                    depth = depth.saturating_sub(1);
                    meaning = Meaning::Other;
                }
                Event::Eof => break,
                _ => {}
            }
        }
        found
    }

    fn add(&mut self, meaning: Meaning, text: &str) {
        match meaning {
            Meaning::Band(band @ 1..) if self.bands.len() < MAX_BANDS => {
                self.bands
                    .extend(number(text).map(|value| (band - 1, value)));
            }
            Meaning::All => {
                let words = text.split_whitespace().take(MAX_BANDS);
                self.values = Some(words.map(number).collect());
            }
            _ => {}
        }
    }
}

/// What the text of an element is.
#[derive(Debug, Clone, Copy)]
enum Meaning {
    /// The value of a band, counted from 1.
    Band(usize),
    /// The values of all bands.
    All,
    /// Something else.
    Other,
}

fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = element.try_get_attribute(name).ok()??;
    Some(String::from_utf8_lossy(&found.value).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_bands_are_read_and_the_rest_is_not() {
        // As GDAL 3.6 writes it.
        let text = "<PAMDataset>\n  <Metadata domain=\"x\"><MDI key=\"NODATA_VALUES\">9 9</MDI></Metadata>\n  \
            <PAMRasterBand band=\"1\">\n    <NoDataValue>1.00000000000000E+00</NoDataValue>\n  </PAMRasterBand>\n  \
            <PAMRasterBand band=\"3\"><NoDataValue le_hex_equiv=\"x\">nan</NoDataValue></PAMRasterBand>\n  \
            <PAMRasterBand band=\"0\"><NoDataValue>5</NoDataValue></PAMRasterBand>\n  \
            <PAMRasterBand><NoDataValue>6</NoDataValue></PAMRasterBand>\n</PAMDataset>";
        let found = Stated::read(text);
        assert_eq!((found.bands[0], found.bands.len()), ((0, 1.0), 2));
        assert!(found.bands[1].0 == 2 && found.bands[1].1.is_nan());
        assert_eq!(found.values, None);
        let text = "<PAMDataset><Metadata><MDI key=\"OTHER\">7</MDI><MDI key=\"NODATA_VALUES\">3 -4.5 x</MDI>\
            </Metadata></PAMDataset>";
        let expected = Some(vec![Some(3.0), Some(-4.5), None]);
        assert_eq!(Stated::read(text).values, expected);
        let text = "<GDALMetadata><Item name=\"NODATA_VALUES\" sample=\"0\">1 1</Item>\
            <Item name=\"NODATA_VALUES\">3 -4.5 x</Item><Item name=\"A\">1</Item></GDALMetadata>";
        assert_eq!(Stated::read(text).values, expected);
        assert_eq!(Stated::read("<A><B></A>"), Stated::default());
    }

    #[test]
    fn spaces_line_breaks_and_text_behind_a_nul_are_no_part_of_the_value() {
        for text in ["-9999", " -9999\n", "-9999 \0", "-9999\0more"] {
            assert_eq!(number(text), Some(-9999.0), "{text:?}");
        }
        assert_eq!(number("none"), None);
    }
}
