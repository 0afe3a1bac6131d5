//! The bytes of a pickle: numbers, lines and texts taken from them in order.

use super::{Node, PickleError};

/// The bytes of a pickle and the position of the next one to read.
pub struct Bytes<'a> {
    bytes: &'a [u8],
    position: usize,
}

impl<'a> Bytes<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, position: 0 }
    }

    /// The position of the byte that was taken last.
    pub fn position(&self) -> usize {
        self.position.saturating_sub(1)
    }

    /// The error for the byte that was taken last.
    pub fn damaged(&self, what: &str) -> PickleError {
        PickleError::Damaged {
            what: what.to_owned(),
            position: self.position(),
        }
    }

    pub fn take(&mut self, count: usize) -> Result<&'a [u8], PickleError> {
        let end = self.position.checked_add(count);
        let taken = end.and_then(|end| self.bytes.get(self.position..end));
        let taken = taken.ok_or(PickleError::Truncated)?;
        self.position += count;
        Ok(taken)
    }

    /// An unsigned number of `count` bytes.
    pub fn size(&mut self, count: usize) -> Result<usize, PickleError> {
        let bytes = self.take(count)?;
        let value = bytes
            .iter()
            .rev()
            .fold(0, |all, &byte| all << 8 | u64::from(byte));
        usize::try_from(value).map_err(|_| PickleError::Truncated)
    }

    pub fn line(&mut self) -> Result<&'a str, PickleError> {
        let line = self.line_bytes()?;
        std::str::from_utf8(line).map_err(|_| self.damaged("a line that is not ASCII"))
    }

    pub fn line_bytes(&mut self) -> Result<&'a [u8], PickleError> {
        let rest = &self.bytes[self.position..];
        let end = rest
            .iter()
            .position(|&byte| byte == b'\n')
            .ok_or(PickleError::Truncated)?;
        self.position += end + 1;
        Ok(rest[..end].strip_suffix(b"\r").unwrap_or(&rest[..end]))
    }

    pub fn parse<T: std::str::FromStr>(&self, text: &str) -> Result<T, PickleError> {
        text.parse()
            .map_err(|_| self.damaged(&format!("{text:?} is not a number")))
    }

    pub fn number(&mut self) -> Result<u32, PickleError> {
        let text = self.line()?;
        self.parse(text)
    }

    /// A signed number, preceded by its length in bytes.
    pub fn long(&mut self, prefix: usize) -> Result<Node, PickleError> {
        let count = self.size(prefix)?;
        let bytes = self.take(count)?;
        if count > 8 {
            return Err(self.damaged("a whole number of more than 64 bits"));
        }
        let fill = if bytes.last().is_some_and(|byte| byte & 0x80 != 0) {
            0xff
        } else {
            0
        };
        let mut whole = [fill; 8];
        whole[..count].copy_from_slice(bytes);
        Ok(Node::Int(i64::from_le_bytes(whole)))
    }

    pub fn unicode(&mut self, prefix: usize) -> Result<Node, PickleError> {
        let count = self.size(prefix)?;
        let bytes = self.take(count)?;
        Ok(Node::Text(String::from_utf8_lossy(bytes).into_owned()))
    }

    pub fn byte_string(&mut self, prefix: usize) -> Result<Node, PickleError> {
        let count = self.size(prefix)?;
        Ok(Node::Bytes(self.take(count)?.to_vec()))
    }
}

/// Unescapes text of protocol 0, in which a backslash begins an escape.
pub fn unescaped(text: &str) -> String {
    let mut output = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(character) = rest.next() {
        if character != '\\' {
            output.push(character);
            continue;
        }
        let digits = match rest.next() {
            Some('n') => {
                output.push('\n');
                continue;
            }
            Some('t') => {
                output.push('\t');
                continue;
            }
            Some('x') => 2,
            Some('u') => 4,
            Some('U') => 8,
            Some(other) => {
                output.push(other);
                continue;
            }
            None => break,
        };
        let code: String = rest.by_ref().take(digits).collect();
        let code = u32::from_str_radix(&code, 16).ok().and_then(char::from_u32);
        output.push(code.unwrap_or(char::REPLACEMENT_CHARACTER));
    }
    output
}
