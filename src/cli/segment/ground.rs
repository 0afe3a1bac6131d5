//! Position and pixel size of a scene, from its file, the files beside it or the user.

use anyhow::{Context, bail};

use crate::files::SidecarFiles;
use crate::geo::{Footprint, GeoError, Georeference, Grid, GroundArea, Source};
use crate::raster::RasterSource;

/// A scene's position and scale, as far as they are known.
pub struct Ground {
    /// The georeference from the file, the files beside it or, if they contain none, the user's scale. It is written
    /// into output files.
    georeference: Option<Georeference>,
    /// Basis for lengths and areas: this georeference or the user's scale.
    measure: Option<Georeference>,
    size: (usize, usize),
}

impl Ground {
    /// Determines position and scale of `source`, with the user's `scale` in cm per pixel and `epsg` code.
    ///
    /// # Errors
    /// Fails if a file beside the scene cannot be read, the world file is not valid, or the scale is not a length or
    /// contradicts the file.
    pub fn of(
        source: &RasterSource,
        scale: Option<f64>,
        epsg: Option<u32>,
    ) -> anyhow::Result<Self> {
        let size = source.size();
        if source.exif_ignored() {
            let files = source.path().map(SidecarFiles::beside).transpose()?;
            match files.is_some_and(|files| files.places_pixels()) {
                true => eprintln!(
                    "note: the georeferencing file beside the scene refers to the pixels as stored, so the EXIF rotation \
                     is not applied"
                ),
                false => eprintln!("note: the EXIF rotation of a WebP image is not applied"),
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
        let by_world_file = georeference
            .as_ref()
            .is_some_and(|place| place.source() == Some(Source::WorldFile));
        match georeference.as_ref().and_then(Georeference::problem) {
            Some(GeoError::NoCrs) if by_world_file => eprintln!(
                "note: the world file places the scene, but does not state the coordinate system: give \
                 --epsg, or put a .prj file beside it"
            ),
            Some(GeoError::Missing) | None => {}
            Some(problem) => eprintln!("note: {problem}"),
        }
        if let Some(fit) = georeference.as_ref().and_then(Georeference::fit) {
            eprintln!("note: {}", fit.note());
        }
        // A georeference that cannot be written to output files is replaced there by the scale.
        let georeference = georeference.filter(|place| place.tags(&Grid::SCENE).is_some());
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
        let pixel = self.measure.as_ref()?.square_metres_per_pixel(x, y)?;
        Some(pixel * grid.step_x * grid.step_y)
    }
}

fn georeference(source: &RasterSource, epsg: Option<u32>) -> anyhow::Result<Option<Georeference>> {
    let files = match source.path() {
        Some(path) => SidecarFiles::beside(path)?,
        None => SidecarFiles::default(),
    };
    let place = Georeference::from_files(source.geo_tags().cloned(), &files.texts(epsg));
    let place = place.with_context(|| match &files.world {
        Some((path, _)) => format!("the world file {}", path.display()),
        None => "the scene's place".to_owned(),
    })?;
    match (place.source(), epsg) {
        (None, Some(code)) => {
            bail!("--epsg {code}: there is no world file beside the scene to apply it to")
        }
        (Some(Source::Geotags | Source::AuxXml), Some(code)) => {
            bail!("--epsg {code}: the scene has its own georeferencing; omit --epsg")
        }
        _ => {
            if let (Some(Source::AuxXml), Some((path, _))) = (place.source(), &files.aux) {
                eprintln!("note: {} places the scene", path.display());
            }
            Ok(Some(place))
        }
    }
}
