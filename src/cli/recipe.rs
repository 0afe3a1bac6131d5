//! `--recipe NAME`: a file of arguments, inserted before those on the command line, which take precedence.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

/// Folder of the recipes that come with the project.
const FOLDER: &str = "recipes";
/// The option.
const OPTION: &str = "--recipe";

/// Replaces each `--recipe` by the arguments in its file and puts these before the others. A line of a recipe is one
/// option with its values; `#` starts a comment.
///
/// # Errors
/// Fails if a recipe does not exist, or `--recipe` has no name.
pub fn expanded(arguments: Vec<String>) -> anyhow::Result<Vec<String>> {
    let mut before: Vec<String> = arguments.iter().take(2).cloned().collect();
    let mut own = Vec::new();
    let mut rest = arguments.into_iter().skip(2);
    while let Some(argument) = rest.next() {
        let name = match argument.strip_prefix(OPTION) {
            Some("") => rest
                .next()
                .context("--recipe needs a name, such as s4eca")?,
            Some(value) if value.starts_with('=') => value[1..].to_owned(),
            _ => {
                own.push(argument);
                continue;
            }
        };
        before.extend(read(&name)?);
    }
    before.extend(own);
    Ok(before)
}

fn read(name: &str) -> anyhow::Result<Vec<String>> {
    let given = PathBuf::from(name);
    let path = if given.is_file() {
        given
    } else {
        Path::new(FOLDER).join(format!("{name}.args"))
    };
    if !path.is_file() {
        bail!("there is no recipe {name:?}: {}", known());
    }
    let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    let words = text.lines().flat_map(|line| {
        let line = line.split('#').next().unwrap_or_default();
        line.split_whitespace()
            .map(str::to_owned)
            .collect::<Vec<_>>()
    });
    Ok(words.collect())
}

/// Lists the available recipes, for the error message.
fn known() -> String {
    let entries = fs::read_dir(FOLDER).into_iter().flatten().flatten();
    let mut names: Vec<String> = entries
        .filter_map(|entry| {
            let path = entry.path();
            (path.extension()? == "args").then_some(())?;
            Some(path.file_stem()?.to_string_lossy().into_owned())
        })
        .collect();
    names.sort();
    match names.is_empty() {
        true => format!("{FOLDER}/ has none here, give the path of a recipe file"),
        false => format!("give a file, or one of {}", names.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        text.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn a_recipe_comes_before_what_is_typed() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("mine.args");
        fs::write(&path, "# how we train\n--steps 10   # few\n\n--batch 2\n").expect("room");
        let typed = format!(
            "s4eca train --seed 3 --recipe {} --steps 20",
            path.display()
        );
        let all = expanded(words(&typed)).expect("a recipe");
        assert_eq!(
            all,
            words("s4eca train --steps 10 --batch 2 --seed 3 --steps 20")
        );
        let typed = format!("s4eca train --recipe={}", path.display());
        assert_eq!(expanded(words(&typed)).expect("a recipe").len(), 6);
    }

    #[test]
    fn an_unknown_recipe_says_which_there_are() {
        let error = expanded(words("s4eca train --recipe none")).expect_err("no such recipe");
        assert!(error.to_string().contains("no recipe"), "{error}");
        assert!(expanded(words("s4eca train --recipe")).is_err());
        assert_eq!(expanded(words("s4eca")).expect("as it was"), words("s4eca"));
    }
}
