//! PROJ.4 definitions of EPSG codes, from the tables of `crs-definitions`.

/// For the browser the tables are one text, which build.rs writes. It takes 25 KB of the compressed module; the crate's
/// function, with a case and a pointer for each code, takes 140 KB.
#[cfg(feature = "scene")]
const TABLE: &str = include_str!(concat!(env!("OUT_DIR"), "/epsg.txt"));

/// Returns the definition of a code.
#[cfg(feature = "scene")]
pub fn definition(code: u16) -> Option<String> {
    super::epsg_table::definition(TABLE, code)
}

/// Returns the definition of a code.
#[cfg(not(feature = "scene"))]
pub fn definition(code: u16) -> Option<String> {
    crs_definitions::from_code(code).map(|found| found.proj4.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_have_the_definition_of_their_own_number() {
        let utm = definition(32633).expect("a definition");
        assert!(utm.contains("+zone=33"), "{utm}");
        assert!(definition(3263).is_some_and(|found| found != utm));
        assert_eq!(definition(1), None);
    }
}
