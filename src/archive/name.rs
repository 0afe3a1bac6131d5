//! The names of entries: paths inside a folder, with forward slashes.

use super::error::ArchiveError;

/// Longest name in bytes.
const LONGEST: usize = 1024;

/// Checks that `name` is a path that stays inside its folder on every system: parts between single forward slashes,
/// none of them `.` or `..`, no drive, no backslash, no control character.
///
/// # Errors
/// Fails if it is not.
pub fn check_name(name: &str) -> Result<(), ArchiveError> {
    let Some(problem) = problem(name) else {
        return Ok(());
    };
    Err(ArchiveError::Name {
        name: shown(name),
        problem,
    })
}

fn problem(name: &str) -> Option<&'static str> {
    let mut parts = name.split('/');
    if name.is_empty() {
        Some("it has no name")
    } else if name.len() > LONGEST {
        Some("the name is too long")
    } else if name.chars().any(char::is_control) {
        Some("the name holds a control character")
    } else if name.contains('\\') {
        Some("the name holds a backslash, and paths need forward slashes")
    } else if name.starts_with('/') || name.contains(':') {
        Some("it is an absolute path, outside of the zip's folder")
    } else if parts.clone().any(|part| part == "..") {
        Some("it leads out of the zip's folder")
    } else if parts.any(|part| part.is_empty() || part == "." || part.ends_with(['.', ' '])) {
        Some("a part of the path is no proper name")
    } else {
        None
    }
}

/// A name for messages, cut if it is very long.
pub(super) fn shown(name: &str) -> String {
    match name.char_indices().nth(80) {
        Some((end, _)) => format!("{}…", &name[..end]),
        None => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_stay_inside_their_folder() {
        for name in [
            "phrases.csv",
            "images/a b-ö.png",
            "a/b/c..png",
            "..a/.hidden",
        ] {
            assert!(check_name(name).is_ok(), "{name}");
        }
        for (name, said) in [
            ("", "no name"),
            ("../evil.png", "leads out"),
            ("images/../../evil.png", "leads out"),
            ("/etc/passwd", "absolute"),
            ("C:/evil.png", "absolute"),
            ("file:stream", "absolute"),
            ("images\\evil.png", "backslash"),
            ("..\\evil.png", "backslash"),
            ("a\0.png", "control"),
            ("a//b", "no proper name"),
            ("./a", "no proper name"),
            ("images/evil.png.", "no proper name"),
            (&"a".repeat(2000), "too long"),
        ] {
            let error = check_name(name).expect_err(name).to_string();
            assert!(error.contains(said) && error.len() < 500, "{error}");
        }
    }
}
