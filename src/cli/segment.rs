//! `s4eca segment`: writes masks for a scene of any size and one or more phrases.

mod choice;
mod executing;
mod ground;
mod layer;
mod output;
mod scene_window;
mod tile_runner;
#[cfg(test)]
mod tile_runner_tests;
mod vectors;

use std::path::PathBuf;
use std::time::Instant;

use anyhow::ensure;
use burn::tensor::Device;
use clap::Args;
use rayon::prelude::*;

use self::choice::plan;
use self::executing::{Asked, note, unread};
use self::ground::Ground;
use self::layer::{Layer, can_be_held, grid};
use self::output::{Output, Values, are_apart, can_be_drawn, can_be_written, has_folder, numbered};
use self::scene_window::SceneWindow;
use self::tile_runner::{TileRunner, maps};
use self::vectors::Vectors;
use super::DeviceChoice;
use super::reading::ReadingChoice;
use super::shipped::shipped_weights;
use crate::bundle::{read_bundle, read_pack};
use crate::raster::RasterSource;
use crate::segment::{
    MAX_SMOOTH, ReadPhrase, Refine, Segmenter, THRESHOLD, Tile, TilePlan, Wanted,
};
use crate::vision::{RgbImage, Window, check_sides};

/// Colours of the phrases in pictures and maps, in turn.
const COLOURS: [[u8; 3]; 6] = [
    [255, 64, 96],
    [64, 156, 255],
    [255, 196, 0],
    [0, 200, 140],
    [190, 110, 255],
    [255, 128, 32],
];

/// Maximum number of tiles that are computed side by side: their pixels are in memory at the same time.
const MOST_TILES: usize = 4;

/// Arguments of `segment`.
#[derive(Debug, Args)]
pub struct SegmentArgs {
    /// Scene: TIFF or GeoTIFF of any size, PNG, JPEG or WebP
    image: PathBuf,
    /// Phrase to segment, in English; repeat for several masks
    #[arg(long, required = true)]
    text: Vec<String>,
    /// File for the mask, black and white at the scene's resolution: .tif (GeoTIFF, any size) or .png. With several
    /// phrases, one file per phrase: the phrase's number replaces %n in the name, or is inserted before the extension
    #[arg(long)]
    out: PathBuf,
    /// File for the mask drawn over the scene: a PNG of up to 100 million pixels
    #[arg(long)]
    overlay: Option<PathBuf>,
    /// File for the probabilities: .tif or .png
    #[arg(long)]
    probability: Option<PathBuf>,
    /// File for the masks' polygons as GeoJSON in WGS 84
    #[arg(long)]
    geojson: Option<PathBuf>,
    /// File for the masks' polygons as KML
    #[arg(long)]
    kml: Option<PathBuf>,
    /// Folder of the weights bundle (default: the shipped one)
    #[arg(long, default_value_os_t = shipped_weights(), hide_default_value = true)]
    weights: PathBuf,
    /// Adapter pack made by `adapt` for these weights
    #[arg(long)]
    pack: Option<PathBuf>,
    /// How phrases are answered: network (the network gets the whole phrase), execute (the network finds the things,
    /// rules choose among them), or auto (whichever the bundle records as better for each kind of phrase)
    #[arg(long, value_enum, default_value = "auto")]
    reading: ReadingChoice,
    /// Ground resolution in cm/px. Default: 30 for scenes over 192 m; every other pixel for scenes over 1024 px of
    /// unknown scale. Smaller scenes, and those coarser than 1 m/px up to 1536 px, are segmented in one pass; if one
    /// over 432 px and not so coarse shows small things, closer looks follow
    #[arg(long, value_name = "CM")]
    resolution: Option<f64>,
    /// Pixel size of the scene in cm, if the scene does not state it
    #[arg(long, value_name = "CM")]
    scale: Option<f64>,
    /// EPSG code of the coordinates in the scene's world file (default: that of the .prj file beside the scene)
    #[arg(long)]
    epsg: Option<u32>,
    /// Overlap of neighbouring tiles in map pixels (default: a quarter of the tile side). If given, even a small scene
    /// is segmented in tiles
    #[arg(long, value_name = "PX")]
    overlap: Option<usize>,
    /// Part of the scene to segment and write: column, row, width and height in scene pixels
    #[arg(long, value_name = "X,Y,W,H")]
    window: Option<SceneWindow>,
    /// Probability from which a pixel belongs to the mask, 0 to 1
    #[arg(long, default_value_t = THRESHOLD)]
    threshold: f32,
    /// Radius in map pixels for averaging the probabilities before the threshold, 0 to 5
    #[arg(long, default_value_t = 0, value_name = "PX")]
    smooth: usize,
    /// Remove connected components smaller than this, in m2, or in map pixels if the scale is unknown
    #[arg(long, default_value_t = 0.0, value_name = "AREA")]
    min_area: f64,
    /// Fill holes up to this size, in m2, or in map pixels if the scale is unknown
    #[arg(long, default_value_t = 0.0, value_name = "AREA")]
    fill_holes: f64,
    /// Device to compute on
    #[arg(long, value_enum, default_value = "auto")]
    device: DeviceChoice,
}

/// Runs the command.
pub fn run(args: &SegmentArgs) -> anyhow::Result<()> {
    ensure!(
        (0.0..=1.0).contains(&args.threshold),
        "--threshold {} is not a probability: give a number from 0 to 1",
        args.threshold
    );
    ensure!(
        args.smooth <= MAX_SMOOTH,
        "--smooth {}: give 0 to {MAX_SMOOTH}",
        args.smooth
    );
    let mut source = RasterSource::open(&args.image)?;
    let size = source.size();
    check_sides(size.0, size.1)?;
    let ground = Ground::of(&source, args.scale, args.epsg)?;
    let wanted = Wanted {
        window: args.window.map(|window| window.0),
        resolution: args.resolution,
        overlap: args.overlap,
    };
    let window = wanted.window.unwrap_or(Window::all(size.0, size.1));
    check_outputs(args, &window, &ground)?;

    let device = args.device.open()?;
    let (manifest, loaded) = read_bundle(&args.weights, device.storage, &device.device)?;
    let pack = args.pack.as_deref();
    let pack = pack.map(|path| read_pack(path, &manifest, &loaded));
    let pack = pack.transpose()?;
    let mut segmenter = Segmenter::new(loaded, &device.device);
    segmenter.use_pack(pack);
    let plan = plan(size, &wanted, &ground, segmenter.model().config().input)?;
    let refine = refine(args, &plan, &ground)?;
    let held = check_held(args, &plan, &refine)?;
    let began = Instant::now();
    let ways = args.reading.ways(manifest.reading);
    let asked: Vec<Asked> = args
        .text
        .iter()
        .map(|phrase| Asked::new(ways.answer(phrase)))
        .collect();
    let prompts: Vec<String> = asked.iter().flat_map(|one| one.prompts.clone()).collect();
    let looks = NetworkRunner {
        segmenter: &segmenter,
        phrases: read_phrases(&segmenter, &prompts)?,
        on_cpu: device.device == Device::flex(),
    };
    if !matches!(args.reading, ReadingChoice::Network) {
        for phrase in &args.text {
            if let Some(reason) = unread(phrase) {
                eprintln!("note: {phrase:?}: {reason}");
            }
        }
    }
    let may_look_closer: Vec<bool> = asked
        .iter()
        .flat_map(|one| vec![one.is_executed(); one.prompts.len()])
        .collect();
    let mut found = maps(&mut source, &plan, &may_look_closer, &looks)?.into_iter();
    let mut stores = Vec::with_capacity(asked.len());
    for (one, phrase) in asked.iter().zip(&args.text) {
        let of_prompts = found.by_ref().take(one.prompts.len()).collect();
        let (store, chosen) = one.map(of_prompts, &plan, &mut source)?;
        if let Some(note) = chosen.as_ref().and_then(note) {
            eprintln!("note: {phrase:?}: {note}");
        }
        stores.push(store);
    }
    let seconds = began.elapsed().as_secs_f64();

    let output = Output {
        window,
        map: plan.map_size(),
        grid: grid(&plan),
        ground: &ground,
    };
    let mut vectors = Vectors::new(&args.image, &manifest.name);
    let count = args.text.len();
    for (index, (store, phrase)) in stores.into_iter().zip(&args.text).enumerate() {
        let mut layer = Layer::new(store, &plan, refine, held)?;
        let numbers = layer.numbers(&ground)?;
        let colour = COLOURS[index % COLOURS.len()];
        let out = numbered(&args.out, index, count);
        output.raster(&out, &mut layer, Values::Mask, phrase)?;
        if let Some(path) = &args.probability {
            let path = numbered(path, index, count);
            output.raster(&path, &mut layer, Values::Probabilities, phrase)?;
        }
        if let Some(path) = &args.overlay {
            let path = numbered(path, index, count);
            output.overlay(&path, &mut source, &mut layer, colour)?;
        }
        if args.geojson.is_some() || args.kml.is_some() {
            vectors.add(
                &layer,
                numbers.score,
                args.threshold,
                phrase,
                colour,
                &ground,
            )?;
        }
        let named = if count > 1 {
            format!("{phrase:?}: ")
        } else {
            String::new()
        };
        println!(
            "{named}{:.2} % of the image{}{}, score {:.2}, {seconds:.2} s on {device}{}: {}",
            100.0 * numbers.share,
            area_words(numbers.area),
            part_words(numbers.parts),
            numbers.score,
            tile_words(&plan),
            out.display()
        );
        if numbers.share == 0.0 {
            eprintln!(
                "note: no pixel matches {phrase:?} at threshold {}",
                args.threshold
            );
        }
    }
    vectors.write(args.geojson.as_deref(), args.kml.as_deref())
}

/// Checks the output paths before anything is computed.
fn check_outputs(args: &SegmentArgs, window: &Window, ground: &Ground) -> anyhow::Result<()> {
    can_be_written(&args.out, window)?;
    if let Some(path) = &args.probability {
        can_be_written(path, window)?;
    }
    if let Some(path) = &args.overlay {
        can_be_drawn(path, window)?;
    }
    for (path, name) in [(&args.geojson, "GeoJSON"), (&args.kml, "KML")] {
        if let Some(path) = path {
            has_folder(path)?;
            vectors::can_be_placed(ground, name)?;
        }
    }
    let count = args.text.len();
    let each = [
        Some(&args.out),
        args.probability.as_ref(),
        args.overlay.as_ref(),
    ];
    let each = each.into_iter().flatten();
    let mut written: Vec<PathBuf> = each
        .flat_map(|path| (0..count).map(move |index| numbered(path, index, count)))
        .collect();
    written.extend(args.geojson.iter().chain(&args.kml).cloned());
    are_apart(&args.image, &written)
}

/// Returns whether the whole map is held in memory. Fails if an option needs this and the map is too large.
fn check_held(args: &SegmentArgs, plan: &TilePlan, refine: &Refine) -> anyhow::Result<bool> {
    let asked = [
        (refine.smooth > 0, "--smooth"),
        (refine.min_area > 1, "--min-area"),
        (refine.fill_holes > 0, "--fill-holes"),
        (args.geojson.is_some(), "--geojson"),
        (args.kml.is_some(), "--kml"),
    ];
    for (_, what) in asked.iter().filter(|(asked, _)| *asked) {
        can_be_held(plan, what)?;
    }
    // A map that fits is always held: areas are then exactly those of the polygons.
    Ok(can_be_held(plan, "").is_ok())
}

fn refine(args: &SegmentArgs, plan: &TilePlan, ground: &Ground) -> anyhow::Result<Refine> {
    let (across, down) = plan.step();
    let metres = ground.metres();
    let pixels = |area: f64, name: &str| {
        ensure!(
            area.is_finite() && area >= 0.0,
            "{name} {area} is not an area: give 0 or more"
        );
        let Some(metres) = metres else {
            if area > 0.0 {
                eprintln!("note: the scale is unknown, so {name} is in map pixels");
            }
            return Ok(area.round() as usize);
        };
        Ok((area / (metres * metres * across * down)).round() as usize)
    };
    Ok(Refine {
        threshold: args.threshold,
        smooth: args.smooth,
        min_area: pixels(args.min_area, "--min-area")?,
        fill_holes: pixels(args.fill_holes, "--fill-holes")?,
    })
}

fn area_words(area: Option<f64>) -> String {
    match area {
        Some(area) => format!(", {area:.1} m2 ({:.4} ha)", area / 10_000.0),
        None => String::new(),
    }
}

fn part_words(parts: Option<usize>) -> String {
    match parts {
        Some(1) => " in 1 part".to_owned(),
        Some(parts) if parts > 1 => format!(" in {parts} parts"),
        _ => String::new(),
    }
}

fn tile_words(plan: &TilePlan) -> String {
    match plan.len() {
        tiles if tiles > 1 && !plan.has_overview() => format!(" in {tiles} tiles"),
        _ => String::new(),
    }
}

fn read_phrases(segmenter: &Segmenter, phrases: &[String]) -> anyhow::Result<Vec<ReadPhrase>> {
    let mut read = Vec::with_capacity(phrases.len());
    for phrase in phrases {
        let found = segmenter.read(phrase)?;
        if found.tokens.truncated {
            eprintln!("warning: {phrase:?} is longer than the model can read; its end is ignored");
        }
        read.push(found);
    }
    Ok(read)
}

/// The network, run for every phrase.
struct NetworkRunner<'a> {
    segmenter: &'a Segmenter,
    phrases: Vec<ReadPhrase>,
    on_cpu: bool,
}

impl TileRunner for NetworkRunner<'_> {
    fn at_once(&self) -> usize {
        match self.on_cpu {
            true => rayon::current_num_threads().min(MOST_TILES),
            false => 1,
        }
    }

    fn run(
        &self,
        image: &RgbImage,
        tile: &Tile,
        phrases: &[usize],
    ) -> anyhow::Result<Vec<Vec<u8>>> {
        let prepared = self.segmenter.prepare(image);
        let answer = |&phrase: &usize| {
            let found = self.segmenter.answer(&prepared, &self.phrases[phrase]);
            Ok(pollster::block_on(found)?.to_bytes(tile.place.width, tile.place.height))
        };
        match self.on_cpu && phrases.len() > 1 {
            true => phrases.par_iter().map(answer).collect(),
            false => phrases.iter().map(answer).collect(),
        }
    }
}
