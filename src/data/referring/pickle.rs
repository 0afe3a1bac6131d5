//! Python pickles as plain data: only numbers, text, lists, tuples and dicts.
//!
//! A pickle is a program for a small stack machine, and loading one in Python may run any code. Here the
//! instructions that name a class or call it are refused (`pickletools` lists all of them; protocols 0 to 5 are
//! read). Values are stored in one flat list and refer to each other by index, so that the cost of depth and of
//! shared values is bounded by the length of the file.

mod bytes;
mod machine;
#[cfg(test)]
mod tests;

use thiserror::Error;

use self::machine::Machine;

/// Why a pickle cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PickleError {
    /// It creates an object of a class, or calls a function.
    #[error(
        "the pickle asks to run Python code ({what}, byte {position}), which is refused: save it again \
         with plain lists, dicts, text and numbers only"
    )]
    Code {
        /// The name or the instruction.
        what: String,
        /// Counted from 0.
        position: usize,
    },
    /// It ends too soon.
    #[error("the pickle is truncated: copy or download it again")]
    Truncated,
    /// It is not a pickle, or it is damaged.
    #[error("not a pickle that can be read ({what}, byte {position}): copy or download it again")]
    Damaged {
        /// What is wrong.
        what: String,
        /// Counted from 0.
        position: usize,
    },
}

#[derive(Debug)]
enum Node {
    None,
    Bool,
    Int(i64),
    Float(f64),
    Text(String),
    Bytes(Vec<u8>),
    List(Vec<usize>),
    Dict(Vec<(usize, usize)>),
}

/// A pickle's values.
#[derive(Debug)]
pub struct Pickle {
    nodes: Vec<Node>,
    root: usize,
}

/// One value of a pickle.
#[derive(Debug, Clone, Copy)]
pub struct Item<'a> {
    nodes: &'a [Node],
    index: usize,
}

impl Pickle {
    /// Reads a pickle's bytes; bytes after its end are ignored.
    ///
    /// # Errors
    /// See [`PickleError`].
    pub fn read(bytes: &[u8]) -> Result<Self, PickleError> {
        let (nodes, root) = Machine::new(bytes).run()?;
        Ok(Self { nodes, root })
    }

    /// The outermost value.
    pub fn root(&self) -> Item<'_> {
        Item {
            nodes: &self.nodes,
            index: self.root,
        }
    }
}

impl<'a> Item<'a> {
    fn at(self, index: usize) -> Self {
        Self {
            nodes: self.nodes,
            index,
        }
    }

    /// The members of a list or tuple.
    pub fn list(self) -> Option<impl ExactSizeIterator<Item = Item<'a>>> {
        match &self.nodes[self.index] {
            Node::List(items) => Some(items.iter().map(move |&index| self.at(index))),
            _ => None,
        }
    }

    /// The value of a text key of a dict; the last one if the key occurs more than once.
    pub fn get(self, key: &str) -> Option<Item<'a>> {
        let Node::Dict(pairs) = &self.nodes[self.index] else {
            return None;
        };
        let found = pairs
            .iter()
            .rev()
            .find(|pair| self.at(pair.0).is_text(key))?;
        Some(self.at(found.1))
    }

    fn is_text(self, key: &str) -> bool {
        match &self.nodes[self.index] {
            Node::Text(text) => text == key,
            Node::Bytes(bytes) => bytes == key.as_bytes(),
            _ => false,
        }
    }

    /// A whole number.
    pub fn int(self) -> Option<i64> {
        match self.nodes[self.index] {
            Node::Int(value) => Some(value),
            Node::Float(value) if value.fract() == 0.0 && value.abs() < 1e15 => Some(value as i64),
            _ => None,
        }
    }

    /// Text. The byte strings of Python 2 are read as UTF-8, with invalid bytes replaced.
    pub fn text(self) -> Option<String> {
        match &self.nodes[self.index] {
            Node::Text(text) => Some(text.clone()),
            Node::Bytes(bytes) => Some(String::from_utf8_lossy(bytes).into_owned()),
            _ => None,
        }
    }

    /// What kind of value it is, for messages.
    pub fn kind(self) -> &'static str {
        match self.nodes[self.index] {
            Node::None => "None",
            Node::Bool => "a bool",
            Node::Int(_) | Node::Float(_) => "a number",
            Node::Text(_) | Node::Bytes(_) => "text",
            Node::List(_) => "a list",
            Node::Dict(_) => "a dict",
        }
    }
}
