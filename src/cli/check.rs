//! `s4eca check`: reports the defects of a dataset, how each is handled, and what the dataset contains.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};

use crate::data::check::{Report, check, draw};
use crate::data::referring::{DataPath, Dataset, MaskRule};
use crate::files::write_atomic;

/// Arguments of `check`.
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// Dataset as NAME:PATH; NAME is rrsis-d, refsegrs, risbench, or folder for your own
    data: DataPath,
    /// Folder to write report.json, findings.csv and histogram.svg into
    #[arg(long)]
    out: Option<PathBuf>,
    /// Grey values of a mask image that mark the object: nonzero, >N or =N (default: the dataset's)
    #[arg(long)]
    mask_rule: Option<MaskRule>,
}

/// Runs the command.
pub fn run(args: &CheckArgs) -> anyhow::Result<()> {
    let DataPath { layout, root } = &args.data;
    if let Some(folder) = &args.out {
        // Fail early: the check takes minutes.
        fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    }
    let dataset = Dataset::open_with(*layout, root, args.mask_rule)?;
    let bar = ProgressBar::new(0).with_style(ProgressStyle::with_template(
        "{bar:30} {pos}/{len} images, {eta} left",
    )?);
    let report = check(&dataset, &|done, total| {
        bar.set_length(total as u64);
        bar.set_position(done as u64);
    });
    bar.finish_and_clear();
    print!("{report}");
    if let Some(folder) = &args.out {
        write(&report, folder)?;
        println!(
            "\nwrote report.json, findings.csv and histogram.svg to {}",
            folder.display()
        );
    }
    Ok(())
}

fn write(report: &Report, folder: &Path) -> anyhow::Result<()> {
    write_atomic(&folder.join("report.json"), |file| {
        serde_json::to_writer_pretty(&mut *file, report).map_err(io::Error::from)?;
        file.write_all(b"\n")
    })?;
    write_atomic(&folder.join("findings.csv"), |file| {
        let mut table = csv::Writer::from_writer(file);
        table.write_record(["id", "split", "image", "finding", "what", "done"])?;
        for entry in &report.entries {
            let split = entry.split.map_or("", |split| split.name());
            table.write_record([
                &entry.id,
                split,
                &entry.image,
                entry.finding.kind(),
                &entry.finding.to_string(),
                &entry.action.to_string(),
            ])?;
        }
        table.flush()
    })?;
    let picture = draw(report)?;
    write_atomic(&folder.join("histogram.svg"), |file| {
        file.write_all(picture.as_bytes())
    })?;
    Ok(())
}
