//! Splits a phrase into words.

/// A word or punctuation mark of a phrase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// In lower case, in British or American spelling as written, with typing errors corrected.
    pub text: String,
    /// First byte in the phrase.
    pub start: usize,
    /// The index of the first byte after it.
    pub end: usize,
    /// Whether a hyphen joins it to the previous word.
    pub joined: bool,
}

/// Splits a phrase into words and punctuation marks. Hyphens split words, "it's" becomes "it is", a possessive becomes
/// a word "'s", quotation marks are dropped, and every other symbol is a separate word.
pub fn words(phrase: &str) -> Vec<Word> {
    let mut found: Vec<Word> = Vec::new();
    let mut letters = phrase.char_indices().peekable();
    let mut joined = false;
    while let Some((start, letter)) = letters.next() {
        if letter.is_alphanumeric() {
            let mut text: String = letter.to_lowercase().collect();
            let mut end = start + letter.len_utf8();
            while let Some(&(at, next)) = letters.peek() {
                let inner = is_apostrophe(next)
                    && phrase[at + next.len_utf8()..].starts_with(char::is_alphanumeric);
                if !next.is_alphanumeric() && !inner {
                    break;
                }
                if inner {
                    text.push('\'');
                } else {
                    text.extend(next.to_lowercase());
                }
                end = at + next.len_utf8();
                letters.next();
            }
            push(&mut found, text, (start, end), std::mem::take(&mut joined));
            continue;
        }
        let end = start + letter.len_utf8();
        let before = phrase[..start].ends_with(char::is_alphanumeric);
        let after = phrase[end..].starts_with(char::is_alphanumeric);
        joined = false;
        let mark = match letter {
            _ if letter.is_whitespace() || is_apostrophe(letter) => continue,
            '"' | '\u{201c}' | '\u{201d}' | '`' | '*' | '_' => continue,
            '-' | '\u{2010}' | '\u{2011}' if before && after => {
                joined = true;
                continue;
            }
            '-' | '\u{2010}'..='\u{2015}' => "-".to_owned(),
            '!' | '\u{2026}' => ".".to_owned(),
            '&' | '+' => "and".to_owned(),
            other => other.to_string(),
        };
        found.push(Word {
            text: mark,
            start,
            end,
            joined: false,
        });
    }
    found
}

fn is_apostrophe(letter: char) -> bool {
    matches!(letter, '\'' | '\u{2018}' | '\u{2019}')
}

/// Adds a word, splitting contractions.
fn push(found: &mut Vec<Word>, text: String, (start, end): (usize, usize), joined: bool) {
    let Some((stem, ending)) = text.split_once('\'') else {
        found.push(Word {
            text,
            start,
            end,
            joined,
        });
        return;
    };
    let second = match ending {
        "s" if matches!(
            stem,
            "where" | "there" | "it" | "that" | "what" | "here" | "who"
        ) =>
        {
            "is"
        }
        "m" => "am",
        "d" => "would",
        "re" => "are",
        "ve" => "have",
        "ll" => "will",
        "t" if stem.ends_with('n') && stem.len() > 2 => {
            // "Isn't", "don't"; "can't" keeps its n.
            let verb = if stem == "can" {
                stem
            } else {
                &stem[..stem.len() - 1]
            };
            let cut = (start + verb.len()).min(end);
            let (verb, not) = (verb.to_owned(), "not".to_owned());
            let word = |text, start, end, joined| Word {
                text,
                start,
                end,
                joined,
            };
            found.push(word(verb, start, cut, joined));
            found.push(word(not, cut, end, false));
            return;
        }
        "s" => "'s",
        _ => {
            found.push(Word {
                text,
                start,
                end,
                joined,
            });
            return;
        }
    };
    // The apostrophe takes one byte, or three if it is a typographic one.
    let cut = start + stem.len();
    found.push(Word {
        text: stem.to_owned(),
        start,
        end: cut.min(end),
        joined,
    });
    found.push(Word {
        text: second.to_owned(),
        start: cut.min(end),
        end,
        joined: false,
    });
}

/// A whole number in words or digits, up to 999.
pub fn cardinal(word: &str) -> Option<u32> {
    const WORDS: [&str; 20] = [
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
        "twenty",
    ];
    if let Some(at) = WORDS.iter().position(|known| *known == word) {
        return Some(at as u32 + 1);
    }
    let digits = word.len() <= 3 && word.bytes().all(|byte| byte.is_ascii_digit());
    word.parse().ok().filter(|number| digits && *number > 0)
}

/// The words for the first places in an order.
pub const ORDINALS: [&str; 12] = [
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
    "eleventh", "twelfth",
];

/// A place in an order, in words or digits: "third", "3rd".
pub fn ordinal(word: &str) -> Option<u32> {
    if let Some(at) = ORDINALS.iter().position(|known| *known == word) {
        return Some(at as u32 + 1);
    }
    let digits = ["st", "nd", "rd", "th"]
        .iter()
        .find_map(|ending| word.strip_suffix(ending))?;
    cardinal(digits).filter(|_| digits.starts_with(|first: char| first.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(phrase: &str) -> Vec<String> {
        words(phrase).into_iter().map(|word| word.text).collect()
    }

    #[test]
    fn hyphens_marks_and_contractions_are_taken_apart() {
        assert_eq!(
            texts("Top-left, where's it?"),
            ["top", "left", ",", "where", "is", "it", "?"]
        );
        assert_eq!(
            texts("isn't, can\u{2019}t"),
            ["is", "not", ",", "can", "not"]
        );
        assert_eq!(
            texts("the building\u{2019}s roof - red"),
            ["the", "building", "'s", "roof", "-", "red"]
        );
        assert!(words("red-roofed")[1].joined && !words("red roofed")[1].joined);
    }

    #[test]
    fn spans_are_bytes_of_the_phrase() {
        for phrase in [
            "it\u{2019}s caf\u{e9}-red, d'accord",
            "isn\u{2019}t it, don't",
            "<b>\u{1f600} cars</b>",
            "a--b",
        ] {
            for word in words(phrase) {
                assert!(
                    phrase.is_char_boundary(word.start) && phrase.is_char_boundary(word.end),
                    "{word:?}"
                );
                assert!(word.start <= word.end && word.end <= phrase.len());
            }
        }
    }

    #[test]
    fn numbers_in_words_and_digits() {
        assert_eq!(
            (cardinal("three"), cardinal("12"), cardinal("1234")),
            (Some(3), Some(12), None)
        );
        assert_eq!(
            (ordinal("third"), ordinal("22nd"), ordinal("the")),
            (Some(3), Some(22), None)
        );
        assert_eq!((cardinal("0"), ordinal("oneth")), (None, None));
    }
}
