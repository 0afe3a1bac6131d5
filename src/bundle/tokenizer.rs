//! Reads the tokenizer of a text encoder and checks that the two belong together.

use crate::model::{TextArchitecture, TextConfig};
use crate::text::{PhraseTokenizer, TextError, TokenizerFamily};

/// Reads a tokenizer for the text encoder of `config` from the bytes of a `tokenizer.json`.
///
/// # Errors
/// Fails if the file is not a tokenizer, is of the other family, or has ids beyond the encoder's word table.
pub fn tokenizer_for(json: &[u8], config: &TextConfig) -> Result<PhraseTokenizer, TextError> {
    let tokenizer = PhraseTokenizer::from_bytes(json, config.tokens)?;
    let misfit = |found: String, wanted: String| TextError::Misfit { found, wanted };
    let (found, wanted) = (
        family(tokenizer.family()),
        architecture(config.architecture),
    );
    if found != wanted {
        return Err(misfit(format!("{found}'s"), format!("{wanted}'s")));
    }
    let (found, wanted) = (tokenizer.vocabulary(), config.vocabulary);
    if found > wanted {
        return Err(misfit(
            format!("one of {found} entries"),
            format!("one of {wanted}, the rows of its word table"),
        ));
    }
    Ok(tokenizer)
}

fn family(family: TokenizerFamily) -> &'static str {
    match family {
        TokenizerFamily::Bert => "BERT",
        TokenizerFamily::Clip => "CLIP",
    }
}

fn architecture(architecture: TextArchitecture) -> &'static str {
    match architecture {
        TextArchitecture::Bert => "BERT",
        TextArchitecture::Clip => "CLIP",
    }
}
