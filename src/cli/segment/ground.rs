//! Where a scene lies and how large its pixels are, from its file, a world file beside it or the user.

use std::fs;

use anyhow::{Context, bail};

use crate::geo::ground::square_metres_per_pixel;
use crate::geo::{Footprint, GeoError, GeoTags, Georeference, Grid, GroundArea};
use crate::raster::RasterSource;

/// What is known of a scene's place.
pub struct Ground {
    /// From the file or its world file; goes into what is written.
    georeference: Option<Georeference>,
    /// What lengths and areas are measured by: the same, or the user's scale.
    measure: Option<Georeference>,
    size: (usize, usize),
}

impl Ground {
    /// What is known of `source`, with the user's cm per pixel and EPSG code.
    ///
    /// # Errors
    /// A world file that is none, a scale that is no length or that contradicts the file.
    pub fn of(
        source: &RasterSource,
        scale: Option<f64>,
        epsg: Option<u32>,
    ) -> anyhow::Result<Self> {
        let size = source.size();
        let georeference = georeference(source, epsg)?;
        let metres = |place: &Georeference| place.metres_per_pixel(size.0, size.1);
        let known = georeference.as_ref().and_then(metres);
        let measure = match (scale, known) {
            (Some(given), Some(known)) => bail!(
                "--scale {given}: the scene's own georeferencing says {:.2} cm per pixel; leave --scale out",
                known * 100.0
            ),
            (Some(given), None) => Some(Georeference::from_scale(given)?),
            (None, Some(_)) => georeference.clone(),
            (None, None) => None,
        };
        match georeference.as_ref().and_then(Georeference::problem) {
            Some(GeoError::NoCrs) if source.geo_tags().is_none_or(GeoTags::is_empty) => eprintln!(
                "note: the world file places the scene, but does not say in which coordinate system: give \
                 --epsg"
            ),
            Some(problem) => eprintln!("note: {problem}"),
            None => {}
        }
        Ok(Self {
            // A scale goes into a GeoTIFF too, where nothing better is known.
            georeference: georeference.or_else(|| measure.clone()),
            measure,
            size,
        })
    }

    /// For what is written.
    pub fn georeference(&self) -> Option<&Georeference> {
        self.georeference.as_ref()
    }

    /// Metres a scene pixel at the scene's centre.
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

    /// Square metres of a map pixel in the middle of row `y` of a map, `width` pixels wide.
    pub fn row_pixel(&self, grid: &Grid, width: usize, y: usize) -> Option<f64> {
        let (x, y) = grid.apply(width as f64 / 2.0, y as f64 + 0.5);
        let pixel = square_metres_per_pixel(self.measure.as_ref()?, x, y)?;
        Some(pixel * grid.step_x * grid.step_y)
    }
}

fn georeference(source: &RasterSource, epsg: Option<u32>) -> anyhow::Result<Option<Georeference>> {
    if let Some(tags) = source.geo_tags().filter(|tags| !tags.is_empty()) {
        if let Some(code) = epsg {
            bail!("--epsg {code}: the scene has georeferencing of its own; leave --epsg out");
        }
        return Ok(Some(Georeference::from_tags(tags.clone())));
    }
    let Some(path) = source.world_file() else {
        if let Some(code) = epsg {
            bail!("--epsg {code}: there is no world file beside the scene that it could be for");
        }
        return Ok(None);
    };
    let text = fs::read_to_string(&path).with_context(|| {
        let path = path.display();
        format!("the world file {path} cannot be read: repair it, or move it away")
    })?;
    let place = Georeference::from_world_file(&text, epsg);
    place
        .map(Some)
        .with_context(|| format!("the world file {}", path.display()))
}
