//! Position and pixel size of a scene, from its file, a world file beside it or the user.

use std::fs;

use anyhow::{Context, bail};

use crate::geo::ground::square_metres_per_pixel;
use crate::geo::{Footprint, GeoError, GeoTags, Georeference, Grid, GroundArea};
use crate::raster::RasterSource;

/// What is known of a scene's position and scale.
pub struct Ground {
    /// From the file, its world file or, if there is neither, the user's scale; written into output files.
    georeference: Option<Georeference>,
    /// Basis for lengths and areas: the same, or the user's scale.
    measure: Option<Georeference>,
    size: (usize, usize),
}

impl Ground {
    /// Determines position and scale of `source`, with the user's `scale` in cm per pixel and `epsg` code.
    ///
    /// # Errors
    /// Fails if the world file is not valid, or the scale is not a length or contradicts the file.
    pub fn of(
        source: &RasterSource,
        scale: Option<f64>,
        epsg: Option<u32>,
    ) -> anyhow::Result<Self> {
        let size = source.size();
        if source.exif_ignored() {
            match source.world_file() {
                Some(_) => eprintln!(
                    "note: the world file refers to the image as stored: its EXIF rotation is not applied"
                ),
                None => eprintln!("note: the EXIF rotation of a WebP image is not applied"),
            }
        }
        let georeference = georeference(source, epsg)?;
        let metres = |place: &Georeference| place.metres_per_pixel(size.0, size.1);
        let known = georeference.as_ref().and_then(metres);
        let measure = match (scale, known) {
            (Some(given), Some(known)) => bail!(
                "--scale {given}: the scene's own georeferencing says {:.2} cm per pixel; omit --scale",
                known * 100.0
            ),
            (Some(given), None) => Some(Georeference::from_scale(given)?),
            (None, Some(_)) => georeference.clone(),
            (None, None) => None,
        };
        match georeference.as_ref().and_then(Georeference::problem) {
            Some(GeoError::NoCrs) if source.geo_tags().is_none_or(GeoTags::is_empty) => eprintln!(
                "note: the world file places the scene, but does not state the coordinate system: give \
                 --epsg"
            ),
            Some(problem) => eprintln!("note: {problem}"),
            None => {}
        }
        Ok(Self {
            // If nothing better is known, the scale goes into GeoTIFFs.
            georeference: georeference.or_else(|| measure.clone()),
            measure,
            size,
        })
    }

    /// The georeference for output files.
    pub fn georeference(&self) -> Option<&Georeference> {
        self.georeference.as_ref()
    }

    /// Metres per scene pixel at the scene's centre.
    pub fn metres(&self) -> Option<f64> {
        let (width, height) = self.size;
        self.measure.as_ref()?.metres_per_pixel(width, height)
    }

    /// Square metres that a footprint covers.
    pub fn area(&self, footprint: &Footprint<'_>) -> Option<f64> {
        let mask = footprint.mask();
        let (width, height) = (mask.width(), mask.height());
        let pixels = GroundArea::new(self.measure.as_ref()?, footprint.grid(), width, height)?;
        pixels.of(footprint)
    }

    /// Square metres of the map pixel in the middle of row `y` of a map that is `width` pixels wide.
    pub fn row_pixel(&self, grid: &Grid, width: usize, y: usize) -> Option<f64> {
        let (x, y) = grid.apply(width as f64 / 2.0, y as f64 + 0.5);
        let pixel = square_metres_per_pixel(self.measure.as_ref()?, x, y)?;
        Some(pixel * grid.step_x * grid.step_y)
    }
}

fn georeference(source: &RasterSource, epsg: Option<u32>) -> anyhow::Result<Option<Georeference>> {
    if let Some(tags) = source.geo_tags().filter(|tags| !tags.is_empty()) {
        if let Some(code) = epsg {
            bail!("--epsg {code}: the scene has its own georeferencing; omit --epsg");
        }
        return Ok(Some(Georeference::from_tags(tags.clone())));
    }
    let Some(path) = source.world_file() else {
        if let Some(code) = epsg {
            bail!("--epsg {code}: there is no world file beside the scene to apply it to");
        }
        return Ok(None);
    };
    let text = fs::read_to_string(&path).with_context(|| {
        let path = path.display();
        format!("the world file {path} cannot be read: repair or remove it")
    })?;
    let place = Georeference::from_world_file(&text, epsg);
    place
        .map(Some)
        .with_context(|| format!("the world file {}", path.display()))
}
