//! `--recipe NAME`: a file of arguments, inserted before those on the command line, which take precedence.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::Path;

use anyhow::{Context, bail};

/// The recipes that come with the project.
const RECIPES: [(&str, &str); 3] = [
    ("detris", include_str!("../../recipes/detris.args")),
    ("rmsin", include_str!("../../recipes/rmsin.args")),
    ("s4eca", include_str!("../../recipes/s4eca.args")),
];
/// The option.
const OPTION: &str = "--recipe";

/// Replaces each `--recipe` by the arguments in its file and puts these before the others. A line of a recipe is one
/// option with its values; `#` starts a comment.
///
/// # Errors
/// Fails if a recipe does not exist, or `--recipe` has no name.
pub fn expanded(arguments: Vec<OsString>) -> anyhow::Result<Vec<OsString>> {
    let mut before: Vec<OsString> = arguments.iter().take(2).cloned().collect();
    let mut own = Vec::new();
    let mut rest = arguments.into_iter().skip(2);
    while let Some(argument) = rest.next() {
        let name = match argument.to_str().and_then(|text| text.strip_prefix(OPTION)) {
            Some("") => rest
                .next()
                .context("--recipe needs a name, such as s4eca")?,
            Some(value) if value.starts_with('=') => value[1..].into(),
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

/// The arguments of a recipe: a file, or one of [`RECIPES`].
fn read(name: &OsStr) -> anyhow::Result<Vec<OsString>> {
    let path = Path::new(name);
    if path.is_file() {
        let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
        return Ok(words(&text));
    }
    match RECIPES.iter().find(|(known, _)| *known == name) {
        Some((_, text)) => Ok(words(text)),
        None => {
            let names: Vec<&str> = RECIPES.iter().map(|(name, _)| *name).collect();
            bail!(
                "there is no recipe {name:?}: give a file, or one of {}",
                names.join(", ")
            )
        }
    }
}

fn words(text: &str) -> Vec<OsString> {
    let lines = text.lines();
    let kept = lines.map(|line| line.split('#').next().unwrap_or_default());
    kept.flat_map(str::split_whitespace)
        .map(OsString::from)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn a_recipe_of_the_project_needs_no_file() {
        let all = expanded(words("s4eca train --recipe rmsin")).expect("a recipe");
        assert!(all.len() > 4, "{all:?}");
    }

    #[test]
    fn an_unknown_recipe_says_which_there_are() {
        let error = expanded(words("s4eca train --recipe none")).expect_err("no such recipe");
        assert!(
            error.to_string().contains("detris, rmsin, s4eca"),
            "{error}"
        );
        assert!(expanded(words("s4eca train --recipe")).is_err());
        assert_eq!(expanded(words("s4eca")).expect("as it was"), words("s4eca"));
    }

    #[cfg(unix)]
    #[test]
    fn a_name_that_is_not_utf_8_passes_through() {
        use std::os::unix::ffi::OsStrExt;
        let mut typed = words("s4eca segment");
        typed.push(OsStr::from_bytes(b"sc\xe8ne.tif").into());
        assert_eq!(expanded(typed.clone()).expect("as it was"), typed);
    }
}
