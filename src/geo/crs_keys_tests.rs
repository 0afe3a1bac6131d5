use super::*;
use crate::geo::GeoTags;

fn crs(keys: &[(u16, u16)], citation: &str) -> Result<u32, GeoError> {
    let mut tags = GeoTags {
        keys: vec![1, 1, 0, keys.len() as u16],
        ..GeoTags::default()
    };
    for &(key, value) in keys {
        tags.keys.extend([key, 0, 1, value]);
    }
    if !citation.is_empty() {
        tags.keys[3] += 1;
        tags.keys
            .extend([Key::CITATION, 34737, citation.len() as u16 + 1, 0]);
        tags.ascii = format!("{citation}|");
    }
    let crs = crs_of(&tags.directory()?)?;
    Ok(crs.epsg().unwrap_or(0))
}

#[test]
fn codes_are_taken_and_descriptions_are_not_guessed_at() {
    assert_eq!(crs(&[(1024, 1), (3072, 32633)], ""), Ok(32633));
    assert_eq!(crs(&[(3072, 32633), (2048, 4326)], ""), Ok(32633));
    assert_eq!(crs(&[(1024, 2), (2048, 4326), (2054, 9102)], ""), Ok(4326));
    assert_eq!(crs(&[], ""), Err(GeoError::NoCrs));
    assert_eq!(
        crs(&[(1024, 1), (1025, 1)], ""),
        Err(GeoError::UserDefined(String::new()))
    );
    assert_eq!(
        crs(&[(1024, 3), (2048, 4978)], ""),
        Err(GeoError::Geocentric)
    );
    // As GDAL writes a Mollweide projection on WGS 84.
    let mollweide = [
        (1024, 32767),
        (1025, 1),
        (2048, 4326),
        (2054, 9102),
        (3076, 9001),
    ];
    assert_eq!(
        crs(&mollweide, "World_Mollweide"),
        Err(GeoError::UserDefined("World_Mollweide".into()))
    );
    let esri = "ESRI PE String = PROJCS[\"World_Mollweide\",GEOGCS[\"GCS_WGS_1984\",\
        UNIT[\"Degree\",0.0174532925199433]],PROJECTION[\"Mollweide\"],UNIT[\"Meter\",1.0]]";
    assert_eq!(
        crs(&mollweide, esri),
        Err(GeoError::Projection("Mollweide".into()))
    );
    assert!(matches!(
        crs(&mollweide, "ESRI PE String = PROJCS[\"unknown\",GEOGCS[]]"),
        Err(GeoError::Definition(_))
    ));
    assert_eq!(
        crs(
            &mollweide,
            "GCS Name = unknown|Datum = Unknown based on Bessel 1841 ellipsoid"
        ),
        Err(GeoError::UserDefined(String::new()))
    );
    let own = crs(&[(1024, 1), (3072, 32767), (3074, 32767)], "Site grid").unwrap_err();
    assert!(own.to_string().contains("\"Site grid\""), "{own}");
    assert!(matches!(
        crs(&[(1024, 1), (3072, 54_000)], "Sphere"),
        Err(GeoError::UnknownCode { code: 54_000, citation }) if citation == "Sphere"
    ));
    assert!(matches!(
        crs(&[(1024, 1), (3072, 1500)], ""),
        Err(GeoError::UnknownCode { code: 1500, .. })
    ));
}

#[test]
fn utm_zones_are_known_by_their_parts() {
    let zone = |projection: u16, datum: u16| {
        crs(
            &[(1024, 1), (3072, 32767), (3074, projection), (2048, datum)],
            "",
        )
    };
    assert_eq!(zone(16033, 4326), Ok(32633));
    assert_eq!(zone(16133, 4326), Ok(32733));
    assert_eq!(zone(16032, 4258), Ok(25832));
    assert_eq!(zone(16010, 4269), Ok(26910));
    assert!(zone(16033, 4267).is_err() && zone(16060, 4258).is_err());
}

#[test]
fn units_must_agree_with_the_code() {
    let units = |code: u16, unit: u16| crs(&[(1024, 1), (3072, code), (3076, unit)], "");
    assert_eq!(units(2225, 9003), Ok(2225));
    assert_eq!(units(2225, 9001), Err(GeoError::Units(2225)));
    assert_eq!(units(26910, 9003), Err(GeoError::Units(26910)));
    assert_eq!(units(2225, 9002), Err(GeoError::Units(2225)));
    let angle = |code: u16, unit: u16| crs(&[(1024, 2), (2048, code), (2054, unit)], "");
    assert_eq!(angle(4807, 9105), Ok(4807));
    assert_eq!(angle(4326, 9105), Err(GeoError::Units(4326)));
}
