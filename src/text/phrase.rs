//! Preparation of typed phrases for a tokenizer: the characters that are dropped, the part that is quoted in errors,
//! and the characters that no English encoder was trained on.

/// First code point after the Latin blocks (Basic Latin to Latin Extended-B).
const END_OF_LATIN: char = '\u{250}';

/// Latin letters with two accents (Latin Extended Additional).
const MORE_LATIN: std::ops::RangeInclusive<char> = '\u{1e00}'..='\u{1eff}';

/// First code point of the arrows; mathematical signs, shapes, pictures and the East Asian scripts follow.
const FIRST_SIGN: char = '\u{2190}';

/// Longest part of a phrase, in characters, that is quoted in an error.
const QUOTED_CHARS: usize = 40;

/// The words of a phrase, without control and zero-width characters.
pub(super) fn clean(phrase: &str) -> Vec<String> {
    let invisible = |c: char| {
        (c.is_control() && !c.is_whitespace())
            || matches!(
                c,
                '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{fffd}'
            )
    };
    let visible: String = phrase.chars().filter(|&c| !invisible(c)).collect();
    visible.split_whitespace().map(str::to_owned).collect()
}

/// The start of a phrase, for an error.
pub(super) fn quote(text: &str) -> String {
    let mut short: String = text.chars().take(QUOTED_CHARS).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

/// Whether a text has a letter.
pub(super) fn has_letter(text: &str) -> bool {
    text.chars().any(char::is_alphabetic)
}

/// Whether a text has a letter of a script other than Latin.
pub(super) fn has_foreign_letter(text: &str) -> bool {
    let foreign = |c: char| c.is_alphabetic() && c >= END_OF_LATIN && !MORE_LATIN.contains(&c);
    text.chars().any(foreign)
}

/// Whether a text has an arrow, a mathematical sign, a shape or an emoji (or an East Asian character).
pub(super) fn has_sign(text: &str) -> bool {
    text.chars().any(|c| c >= FIRST_SIGN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_latin_or_foreign() {
        for latin in ["car", "É", "ß", "ế", "Ǆ"] {
            assert!(has_letter(latin) && !has_foreign_letter(latin), "{latin}");
        }
        for foreign in ["дом", "建物", "سيارة", "नदी", "ｃａｒ", "λ"] {
            assert!(has_foreign_letter(foreign), "{foreign}");
        }
        for neither in ["", "4", "’", "…", "–", "🚗"] {
            assert!(!has_letter(neither), "{neither}");
        }
    }

    #[test]
    fn pictures_are_signs_and_punctuation_is_not() {
        for sign in ["🚗", "→", "≥", "■", "☂\u{fe0f}"] {
            assert!(has_sign(sign), "{sign}");
        }
        for plain in ["car", "“4”", "a–b…", "É", "€", "½"] {
            assert!(!has_sign(plain), "{plain}");
        }
    }

    #[test]
    fn a_long_phrase_is_quoted_in_part() {
        assert_eq!(quote("car"), "car");
        assert_eq!(quote(&"é".repeat(41)), "é".repeat(40) + "…");
    }
}
