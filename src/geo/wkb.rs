//! Polygons as well-known binary (OGC 06-103r4, section 8), for a GeoPackage.

use ::geo::MultiPolygon;

const LITTLE_ENDIAN: u8 = 1;
const POLYGON: u32 = 3;
const MULTI_POLYGON: u32 = 6;

/// Writes a MultiPolygon, little-endian, with two numbers per point.
pub fn wkb(polygons: &MultiPolygon<f64>) -> Vec<u8> {
    let mut bytes = Vec::new();
    header(&mut bytes, MULTI_POLYGON, polygons.0.len());
    for polygon in polygons {
        header(&mut bytes, POLYGON, 1 + polygon.interiors().len());
        for ring in std::iter::once(polygon.exterior()).chain(polygon.interiors()) {
            bytes.extend((ring.0.len() as u32).to_le_bytes());
            for point in &ring.0 {
                bytes.extend(point.x.to_le_bytes());
                bytes.extend(point.y.to_le_bytes());
            }
        }
    }
    bytes
}

fn header(bytes: &mut Vec<u8>, kind: u32, count: usize) {
    bytes.push(LITTLE_ENDIAN);
    bytes.extend(kind.to_le_bytes());
    bytes.extend((count as u32).to_le_bytes());
}
