use super::codec::Compression;
use super::problem::Problem;
use crate::geo::{GeoError, Georeference, Sidecars};
use crate::rare::Rare;

/// By number of the Compression tag.
const COMPRESSIONS: [(u64, Option<Rare>); 14] = [
    (1, None),
    (2, Some(Rare::Ccitt)),
    (3, Some(Rare::Ccitt)),
    (4, Some(Rare::Ccitt)),
    (5, None),
    (7, None),
    (8, None),
    (32773, None),
    (32946, None),
    (34887, Some(Rare::Lerc)),
    (50000, Some(Rare::Zstandard)),
    (50001, Some(Rare::WebP)),
    (50002, Some(Rare::JpegXl)),
    (52546, Some(Rare::JpegXl)),
];
const WORLD: &str = "0.5\n0\n0\n-0.5\n500000\n5300000\n";
const PRJ: &str = "PROJCS[\"WGS_1984_UTM_Zone_33N\",GEOGCS[\"GCS_WGS_1984\",DATUM[\"D_WGS_1984\",\
    SPHEROID[\"WGS_1984\",6378137,298.257223563]],PRIMEM[\"Greenwich\",0],UNIT[\"Degree\",0.0174532925199433]],\
    PROJECTION[\"Transverse_Mercator\"],PARAMETER[\"False_Easting\",500000],PARAMETER[\"False_Northing\",0],\
    PARAMETER[\"Central_Meridian\",15],PARAMETER[\"Scale_Factor\",0.9996],PARAMETER[\"Latitude_Of_Origin\",0],\
    UNIT[\"Meter\",1]]";

#[test]
fn files_with_something_rare_need_the_full_module_and_no_others_do() {
    for (number, rare) in COMPRESSIONS {
        let found = Compression::of(number);
        match rare.map(Rare::check) {
            Some(Err(needs)) => assert_eq!(found, Err(Problem::NeedsFull(needs)), "{number}"),
            _ => assert_eq!(found.map(Compression::rare), Ok(rare), "{number}"),
        }
    }
    let placed = |epsg, prj| {
        let beside = Sidecars {
            world: Some(WORLD),
            epsg,
            prj,
            aux: None,
        };
        Georeference::from_files(None, &beside).map(|found| found.is_placed())
    };
    assert_eq!(placed(Some(32633), None), Ok(true));
    let written_out = Rare::WrittenOut.check().map(|()| true);
    assert_eq!(placed(None, Some(PRJ)), written_out.map_err(GeoError::from));
}
