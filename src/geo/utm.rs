//! EPSG codes of UTM zones.

/// The EPSG code of a UTM zone on WGS 84, ETRS89 or NAD83.
pub(crate) fn utm_code(base: u16, zone: u16, south: bool) -> Option<u16> {
    match (base, south) {
        (4326, false) => Some(32600 + zone),
        (4326, true) => Some(32700 + zone),
        (4258, false) if (28..=38).contains(&zone) => Some(25800 + zone),
        (4269, false) if zone <= 23 => Some(26900 + zone),
        _ => None,
    }
}
