//! The six tags of GeoTIFF (OGC 19-008r4): where they place a scene, and the same tags for a map of a part of the
//! scene.

use super::affine::{Affine, Grid};
use super::control_points::ControlPoint;
use super::crs::Crs;
use super::crs_keys::keys_of;
use super::error::GeoError;
use super::key::Key;
use super::keys::{KeyDirectory, RASTER_PIXEL_IS_POINT};

/// The values of a TIFF's geotags as they are stored; empty where a tag is absent.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct GeoTags {
    /// ModelPixelScale, tag 33550: three numbers.
    pub scale: Vec<f64>,
    /// ModelTiepoint, tag 33922: six numbers per point, raster coordinates and then model coordinates.
    pub tiepoints: Vec<f64>,
    /// ModelTransformation, tag 34264: a 4 x 4 matrix, row by row.
    pub transformation: Vec<f64>,
    /// GeoKeyDirectory, tag 34735.
    pub keys: Vec<u16>,
    /// GeoDoubleParams, tag 34736.
    pub doubles: Vec<f64>,
    /// GeoAsciiParams, tag 34737.
    pub ascii: String,
    /// Whether the file has rational polynomial coefficients, tag 50844. They are not read.
    pub rpc: bool,
}

/// How far, in pixels, another tiepoint may be from the position that follows from the first one and the scale.
const TIEPOINT_SLACK: f64 = 0.01;

impl GeoTags {
    /// Whether no tag places the image.
    pub fn is_empty(&self) -> bool {
        self.scale.is_empty() && self.tiepoints.is_empty() && self.transformation.is_empty()
    }

    /// The transform from pixels, with corners at whole numbers, to the model's coordinates. The raster space of a
    /// PixelIsPoint file is shifted by half a pixel, because its whole numbers are pixel centres.
    pub fn affine(&self) -> Result<Affine, GeoError> {
        // A file should not have both. If it does, GDAL uses the scale.
        let affine = if self.transformation.is_empty() || self.has_scale() {
            self.by_tiepoints()?
        } else {
            self.by_transformation()?
        };
        if !affine.is_usable() {
            return Err(GeoError::Tags("the pixels have no extent"));
        }
        Ok(if self.pixel_is_point() {
            affine.shifted(-0.5, -0.5)
        } else {
            affine
        })
    }

    /// The tiepoints of a file without a scale: ground control points.
    pub(crate) fn control_points(&self) -> Vec<ControlPoint> {
        let shift = if self.pixel_is_point() { 0.5 } else { 0.0 };
        let point = |point: &[f64; 6]| ControlPoint {
            pixel: [point[0] + shift, point[1] + shift],
            coordinates: [point[3], point[4]],
        };
        let (points, _) = self.tiepoints.as_chunks::<6>();
        points.iter().map(point).collect()
    }

    /// Creates tags that place an image by ground control points, in `crs` if it is known.
    pub(crate) fn by_control_points(points: &[ControlPoint], crs: Option<&Crs>) -> Self {
        let tiepoint = |point: &ControlPoint| {
            let ([column, row], [x, y]) = (point.pixel, point.coordinates);
            [column, row, 0.0, x, y, 0.0]
        };
        Self {
            tiepoints: points.iter().flat_map(tiepoint).collect(),
            ..Self::in_system(crs)
        }
    }

    /// Whether raster coordinates are pixel centres (GTRasterType 2).
    pub fn pixel_is_point(&self) -> bool {
        self.directory()
            .is_ok_and(|keys| keys.short(Key::RASTER_TYPE) == Some(RASTER_PIXEL_IS_POINT))
    }

    /// The directory of keys. Fails if it is missing or truncated.
    pub(crate) fn directory(&self) -> Result<KeyDirectory<'_>, GeoError> {
        KeyDirectory::read(&self.keys, &self.doubles, &self.ascii)
    }

    fn has_scale(&self) -> bool {
        let sides = self.scale.get(..2);
        self.tiepoints.len() >= 6
            && sides.is_some_and(|sides| sides.iter().all(|&side| side != 0.0))
    }

    fn by_transformation(&self) -> Result<Affine, GeoError> {
        match self.transformation[..] {
            [a, b, _, x0, d, e, _, y0, ..] if self.transformation.len() >= 16 => {
                Ok(Affine([x0, a, b, y0, d, e]))
            }
            _ => Err(GeoError::Tags("its transformation is not a 4 x 4 matrix")),
        }
    }

    fn by_tiepoints(&self) -> Result<Affine, GeoError> {
        let points: Vec<&[f64]> = self.tiepoints.chunks_exact(6).collect();
        let (Some(first), [width, height, ..]) = (points.first(), &self.scale[..]) else {
            return Err(match points.len() {
                0 if self.rpc => GeoError::Rpc,
                0 => GeoError::Tags("it gives a scale and no tiepoint"),
                1 => GeoError::Tags("it gives a tiepoint and no scale"),
                count => GeoError::ControlPoints(count),
            });
        };
        // Rows go south. Some writers give the second number a minus sign; GDAL reads both forms this way.
        let (width, height) = (*width, -height.abs());
        let affine = Affine([
            first[3] - first[0] * width,
            width,
            0.0,
            first[4] - first[1] * height,
            0.0,
            height,
        ]);
        if !affine.is_usable() {
            return Err(GeoError::Tags("the pixels have no extent"));
        }
        let agrees = |point: &&[f64]| {
            let (x, y) = affine.apply(point[0], point[1]);
            (x - point[3]).abs() <= TIEPOINT_SLACK * width.abs()
                && (y - point[4]).abs() <= TIEPOINT_SLACK * height.abs()
        };
        if points.iter().all(agrees) {
            Ok(affine)
        } else {
            Err(GeoError::ControlPoints(points.len()))
        }
    }

    /// Returns the tags of a map on `grid` over the image that these tags belong to: the same coordinate system and
    /// raster type, with the place and pixel size of the map. Ground control points keep their model coordinates and
    /// get new raster coordinates.
    pub fn on(&self, grid: &Grid) -> Self {
        let mut tags = self.clone();
        match self.affine() {
            Ok(affine) => tags.place(&affine.after(grid)),
            Err(_) => {
                let shift = if self.pixel_is_point() { 0.5 } else { 0.0 };
                for point in tags.tiepoints.chunks_exact_mut(6) {
                    let (column, row) = grid.invert(point[0] + shift, point[1] + shift);
                    (point[0], point[1]) = (column - shift, row - shift);
                }
            }
        }
        tags
    }

    /// Creates tags that place an image by `affine`, in `crs` if it is known: by its code, or written out.
    pub fn new(affine: &Affine, crs: Option<&Crs>) -> Self {
        let mut tags = Self::in_system(crs);
        tags.place(affine);
        tags
    }

    /// Tags that state only a system.
    fn in_system(crs: Option<&Crs>) -> Self {
        let mut tags = Self::default();
        if let Some(keys) = crs.and_then(keys_of) {
            (tags.keys, tags.doubles, tags.ascii) = keys.finish();
        }
        tags
    }

    /// Returns the tags as a TIFF can store them. The text is ASCII, and other bytes become `?`. Keys that point beyond
    /// their parameters are dropped, because readers treat a directory with such a key as corrupt, including the
    /// coordinate system.
    pub fn storable(&self) -> Self {
        let plain = |byte: u8| match byte {
            1..=127 => char::from(byte),
            _ => '?',
        };
        let ascii = self.ascii.trim_end_matches('\0').bytes().map(plain);
        let mut tags = Self {
            ascii: ascii.collect(),
            ..self.clone()
        };
        let kept = tags.directory().ok().and_then(|keys| keys.without_stray());
        tags.keys = kept.unwrap_or(tags.keys);
        tags
    }

    /// Sets the tags that place the image; heights stay unchanged.
    fn place(&mut self, affine: &Affine) {
        let affine = if self.pixel_is_point() {
            affine.shifted(0.5, 0.5)
        } else {
            *affine
        };
        let [x0, a, b, y0, d, e] = affine.0;
        if !affine.is_rotated() && a > 0.0 && e < 0.0 {
            let (height, scale_z) = self.heights();
            self.scale = vec![a, -e, scale_z];
            self.tiepoints = vec![0.0, 0.0, 0.0, x0, y0, height];
            self.transformation.clear();
            return;
        }
        let (height, scale_z) = self.heights();
        let mut rows = [0.0; 16];
        if let Some(old) = self.transformation.get(8..16) {
            rows[8..].copy_from_slice(old);
        } else {
            (rows[10], rows[11], rows[15]) = (scale_z, height, 1.0);
        }
        [rows[0], rows[1], rows[3], rows[4], rows[5], rows[7]] = [a, b, x0, d, e, y0];
        self.transformation = rows.to_vec();
        self.scale.clear();
        self.tiepoints.clear();
    }

    /// Height of the first tiepoint and the scale of heights.
    fn heights(&self) -> (f64, f64) {
        (
            self.tiepoints.get(5).copied().unwrap_or(0.0),
            self.scale.get(2).copied().unwrap_or(0.0),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tags(scale: &[f64], tiepoints: &[f64], transformation: &[f64], point: bool) -> GeoTags {
        GeoTags {
            scale: scale.into(),
            tiepoints: tiepoints.into(),
            transformation: transformation.into(),
            keys: vec![1, 1, 0, 1, 1025, 0, 1, if point { 2 } else { 1 }],
            ..GeoTags::default()
        }
    }

    // Geotransforms as gdalinfo prints them for files with these tags.
    #[test]
    fn places_are_those_that_gdal_reads() {
        let tie = [10.0, 20.0, 0.0, 500_000.0, 4_600_000.0, 0.0];
        let area = tags(&[0.5, 0.25, 0.0], &tie, &[], false);
        let expected = [499_995.0, 0.5, 0.0, 4_600_005.0, 0.0, -0.25];
        assert_eq!(area.affine(), Ok(Affine(expected)));
        let point = tags(&[0.5, 0.25, 0.0], &tie, &[], true);
        let expected = [499_994.75, 0.5, 0.0, 4_600_005.125, 0.0, -0.25];
        assert_eq!(point.affine(), Ok(Affine(expected)));
        let upside = tags(&[0.5, -0.25, 0.0], &tie, &[], false);
        assert_eq!(upside.affine(), area.affine());
        let matrix = [
            2.0, 0.0, 0.0, 7.0, 0.0, -2.0, 0.0, 7.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0,
        ];
        for matrix in [matrix, [0.0; 16]] {
            let both = tags(&[0.5, 0.25, 0.0], &tie, &matrix, false);
            assert_eq!(both.affine(), area.affine());
        }
        let unscaled = tags(&[0.0, 0.0, 0.0], &tie, &matrix, false);
        assert_eq!(
            unscaled.affine(),
            Ok(Affine([7.0, 2.0, 0.0, 7.0, 0.0, -2.0]))
        );
    }

    #[test]
    fn keys_without_their_text_are_left_out() {
        let mut source = GeoTags {
            keys: vec![
                1, 1, 0, 4, 1025, 0, 1, 1, 1026, 34737, 6, 0, 2057, 34736, 1, 0, 3072, 0, 1, 32633,
            ],
            ascii: "S\u{e9}te|".into(),
            doubles: vec![6_378_137.0],
            ..GeoTags::default()
        };
        let stored = source.storable();
        assert_eq!(
            (stored.ascii.as_str(), &stored.keys),
            ("S??te|", &source.keys)
        );
        source.ascii = "S".into();
        source.doubles.clear();
        let expected = [1, 1, 0, 2, 1025, 0, 1, 1, 3072, 0, 1, 32633];
        assert_eq!(source.storable().keys, expected);
        source.keys[3] = 9;
        assert_eq!(
            source.storable().keys,
            source.keys,
            "a cut directory stays as it was"
        );
    }

    #[test]
    fn several_tiepoints_are_one_placement_only_where_they_agree() {
        let two = [
            0.0, 0.0, 0.0, 100.0, 200.0, 0.0, 10.0, 10.0, 0.0, 120.0, 180.0, 0.0,
        ];
        assert!(tags(&[2.0, 2.0, 0.0], &two, &[], false).affine().is_ok());
        assert_eq!(
            tags(&[2.0, 2.5, 0.0], &two, &[], false).affine(),
            Err(GeoError::ControlPoints(2))
        );
        assert_eq!(
            tags(&[], &two, &[], false).affine(),
            Err(GeoError::ControlPoints(2))
        );
        let moved = tags(&[], &two, &[], false).on(&Grid {
            origin_x: 4.0,
            origin_y: 2.0,
            step_x: 2.0,
            step_y: 2.0,
        });
        assert_eq!(moved.tiepoints[6..11], [3.0, 4.0, 0.0, 120.0, 180.0]);
    }

    #[test]
    fn nonsense_is_an_error() {
        for (scale, tie, matrix) in [
            (&[0.0, 0.0, 0.0][..], &[0.0; 6][..], &[][..]),
            (&[f64::NAN, 1.0, 0.0], &[0.0; 6], &[]),
            (&[1.0, 1.0, 0.0], &[], &[]),
            (&[1.0], &[0.0; 6], &[]),
            (&[], &[0.0; 6], &[]),
            (&[], &[], &[1.0, 0.0, 0.0, 5.0]),
            (&[], &[], &[0.0; 16]),
            (&[], &[], &[]),
        ] {
            let tags = tags(scale, tie, matrix, false);
            assert!(matches!(tags.affine(), Err(GeoError::Tags(_))), "{tags:?}");
        }
    }

    #[test]
    fn a_part_of_an_image_keeps_its_place() {
        let rotated: Vec<f64> = vec![
            0.4, 0.3, 0.0, 5e5, 0.3, -0.4, 0.0, 4.6e6, 0.0, 0.0, 1.0, 7.0, 0.0, 0.0, 0.0, 1.0,
        ];
        let grid = Grid {
            origin_x: 128.0,
            origin_y: 64.0,
            step_x: 4.0,
            step_y: 3.0,
        };
        for point in [false, true] {
            for source in [
                tags(
                    &[0.5, 0.25, 2.0],
                    &[1.0, 2.0, 0.0, 5e5, 4e6, 9.0],
                    &[],
                    point,
                ),
                tags(&[], &[], &rotated, point),
            ] {
                let part = source.on(&grid);
                let (scene, map) = (source.affine().unwrap(), part.affine().unwrap());
                let (x, y) = grid.apply(10.0, 20.0);
                let (expected, found) = (scene.apply(x, y), map.apply(10.0, 20.0));
                assert!((expected.0 - found.0).abs() < 1e-9 && (expected.1 - found.1).abs() < 1e-9);
                assert_eq!(part.pixel_is_point(), point);
                assert_eq!(source.on(&Grid::SCENE).affine(), source.affine());
            }
        }
        // A scale cannot express rows that go north.
        let south_up = GeoTags::new(
            &Affine([0.0, 1.0, 0.0, 0.0, 0.0, 1.0]),
            Crs::from_epsg(32633).as_ref().ok(),
        );
        assert!(south_up.scale.is_empty() && south_up.transformation[5] == 1.0);
    }
}
