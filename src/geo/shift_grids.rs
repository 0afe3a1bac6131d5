//! Shift grids in PROJ.4 definitions: files that transform an older datum to WGS 84. No such files are shipped.

/// Returns a definition without the shift grids that are not shipped, and whether it can still be transformed to WGS
/// 84.
pub(crate) fn without_grids(definition: &str) -> (String, bool) {
    let mut kept: Vec<&str> = Vec::new();
    let mut has_shift = false;
    let mut near_wgs84 = false;
    for part in definition.split_whitespace() {
        match part.trim_start_matches('+').split_once('=') {
            Some(("nadgrids", "@null")) => has_shift = true,
            Some(("nadgrids", _)) => continue,
            // In PROJ its shift is a set of grids.
            Some(("datum", "NAD27")) => {
                kept.push("+ellps=clrk66");
                continue;
            }
            Some(("datum" | "towgs84", _)) => has_shift = true,
            // National realisations of the same geocentric datum, at most a metre or two apart.
            Some(("ellps", "GRS80" | "WGS84")) => near_wgs84 = true,
            _ => {}
        }
        kept.push(part);
    }
    (kept.join(" "), has_shift || near_wgs84)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grids_are_dropped_and_other_shifts_stay() {
        let grid = "+proj=longlat +ellps=bessel +nadgrids=BETA2007.gsb +no_defs";
        let kept = "+proj=longlat +ellps=bessel +no_defs".to_owned();
        assert_eq!(without_grids(grid), (kept, false));
        let nad27 = "+proj=longlat +ellps=clrk66 +no_defs".to_owned();
        assert_eq!(
            without_grids("+proj=longlat +datum=NAD27 +no_defs"),
            (nad27, false)
        );
        for text in [
            "+proj=merc +a=6378137 +b=6378137 +nadgrids=@null +no_defs",
            "+proj=longlat +ellps=bessel +towgs84=598.1,73.7,418.2 +no_defs",
            "+proj=longlat +datum=WGS84 +no_defs",
            "+proj=longlat +ellps=GRS80 +no_defs",
        ] {
            assert_eq!(without_grids(text), (text.to_owned(), true));
        }
    }
}
