//! The instructions of pickles, as listed in Python's `pickletools`.

use std::collections::HashMap;

use super::bytes::{Bytes, unescaped};
use super::{Item, Node, PickleError};

/// The stack machine, limited to the instructions that make data.
pub struct Machine<'a> {
    bytes: Bytes<'a>,
    nodes: Vec<Node>,
    stack: Vec<usize>,
    marks: Vec<usize>,
    memo: HashMap<u32, usize>,
}

impl<'a> Machine<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        Self {
            bytes: Bytes::new(bytes),
            nodes: Vec::new(),
            stack: Vec::new(),
            marks: Vec::new(),
            memo: HashMap::new(),
        }
    }

    /// Runs to the end of the pickle. Returns its values and the index of the outermost one.
    pub fn run(mut self) -> Result<(Vec<Node>, usize), PickleError> {
        let root = self.steps()?;
        Ok((self.nodes, root))
    }

    fn steps(&mut self) -> Result<usize, PickleError> {
        loop {
            let code = self.bytes.take(1)?[0];
            match code {
                b'.' => return self.pop(),
                0x80 => drop(self.bytes.take(1)?),
                0x95 => drop(self.bytes.take(8)?),
                b'(' => self.marks.push(self.stack.len()),
                b'0' if self.marks.last() == Some(&self.stack.len()) => drop(self.marks.pop()),
                b'0' => drop(self.pop()?),
                b'1' => drop(self.pop_mark()?),
                b'2' => self.stack.push(self.top()?),
                b'p' | b'q' | b'r' | 0x94 => {
                    let key = match code {
                        b'p' => self.bytes.number()?,
                        b'q' => self.bytes.size(1)? as u32,
                        b'r' => self.bytes.size(4)? as u32,
                        _ => self.memo.len() as u32,
                    };
                    let top = self.top()?;
                    self.memo.insert(key, top);
                }
                b'g' | b'h' | b'j' => {
                    let key = match code {
                        b'g' => self.bytes.number()?,
                        b'h' => self.bytes.size(1)? as u32,
                        _ => self.bytes.size(4)? as u32,
                    };
                    match self.memo.get(&key) {
                        Some(&index) => self.stack.push(index),
                        None => {
                            return Err(self
                                .bytes
                                .damaged("it refers to a value that does not exist"));
                        }
                    }
                }
                b'l'
                | b't'
                | b'd'
                | b']'
                | b'}'
                | b')'
                | b'a'
                | b'e'
                | b's'
                | b'u'
                | 0x85..=0x87 => {
                    self.collection(code)?;
                }
                _ => {
                    let node = self.scalar(code)?;
                    self.push(node);
                }
            }
        }
    }

    /// Makes lists, tuples and dicts, and adds to them.
    fn collection(&mut self, code: u8) -> Result<(), PickleError> {
        match code {
            b']' | b')' => self.push(Node::List(Vec::new())),
            b'}' => self.push(Node::Dict(Vec::new())),
            b'l' | b't' => {
                let items = self.pop_mark()?;
                self.push(Node::List(items));
            }
            0x85..=0x87 => {
                let first = self.floor(usize::from(code - 0x84))?;
                let items = self.stack.split_off(first);
                self.push(Node::List(items));
            }
            b'd' => {
                let pairs = self.pairs()?;
                self.push(Node::Dict(pairs));
            }
            b'a' | b'e' => {
                let items = if code == b'a' {
                    vec![self.pop()?]
                } else {
                    self.pop_mark()?
                };
                let list = self.top()?;
                match &mut self.nodes[list] {
                    Node::List(all) => all.extend(items),
                    _ => return Err(self.bytes.damaged("it appends to a non-list value")),
                }
            }
            _ => {
                let pairs = if code == b's' {
                    let value = self.pop()?;
                    vec![(self.pop()?, value)]
                } else {
                    self.pairs()?
                };
                let dict = self.top()?;
                match &mut self.nodes[dict] {
                    Node::Dict(all) => all.extend(pairs),
                    _ => return Err(self.bytes.damaged("it adds keys to a non-dict value")),
                }
            }
        }
        Ok(())
    }

    fn scalar(&mut self, code: u8) -> Result<Node, PickleError> {
        let node = match code {
            b'N' => Node::None,
            0x88 | 0x89 => Node::Bool,
            b'I' => match self.bytes.line()? {
                "00" | "01" => Node::Bool,
                text => Node::Int(self.bytes.parse(text)?),
            },
            b'L' => {
                let text = self.bytes.line()?;
                Node::Int(self.bytes.parse(text.trim_end_matches('L'))?)
            }
            b'F' => {
                let text = self.bytes.line()?;
                Node::Float(self.bytes.parse(text)?)
            }
            b'J' => Node::Int((self.bytes.size(4)? as u32 as i32).into()),
            b'K' => Node::Int(self.bytes.size(1)? as i64),
            b'M' => Node::Int(self.bytes.size(2)? as i64),
            0x8a => self.bytes.long(1)?,
            0x8b => self.bytes.long(4)?,
            b'G' => {
                let bytes = self.bytes.take(8)?;
                let bits = bytes
                    .iter()
                    .fold(0, |all, &byte| all << 8 | u64::from(byte));
                Node::Float(f64::from_bits(bits))
            }
            b'X' => self.bytes.unicode(4)?,
            0x8c => self.bytes.unicode(1)?,
            0x8d => self.bytes.unicode(8)?,
            b'T' | b'B' => self.bytes.byte_string(4)?,
            b'U' | b'C' => self.bytes.byte_string(1)?,
            0x8e | 0x96 => self.bytes.byte_string(8)?,
            b'S' => {
                let line = self.bytes.line()?;
                let inner = line.get(1..line.len().saturating_sub(1)).unwrap_or("");
                Node::Text(unescaped(inner))
            }
            // Latin-1, with other characters escaped.
            b'V' => {
                let line = self
                    .bytes
                    .line_bytes()?
                    .iter()
                    .map(|&byte| char::from(byte));
                Node::Text(unescaped(&line.collect::<String>()))
            }
            b'c' | b'i' => {
                let position = self.bytes.position();
                let what = format!("{}.{}", self.bytes.line()?, self.bytes.line()?);
                return Err(PickleError::Code { what, position });
            }
            b'R' | b'b' | b'o' | b'P' | b'Q' | 0x81..=0x84 | 0x92 | 0x93 | 0x97 | 0x98 => {
                // The names of a class are already on the stack.
                let names = self.stack.iter().rev().take(2).rev();
                let names: Vec<_> = names.filter_map(|&index| self.item(index).text()).collect();
                return Err(PickleError::Code {
                    what: match code {
                        0x93 => names.join("."),
                        _ => format!("instruction {code:#04x}"),
                    },
                    position: self.bytes.position(),
                });
            }
            _ => {
                return Err(self
                    .bytes
                    .damaged(&format!("unknown instruction {code:#04x}")));
            }
        };
        Ok(node)
    }

    fn item(&self, index: usize) -> Item<'_> {
        Item {
            nodes: &self.nodes,
            index,
        }
    }

    fn push(&mut self, node: Node) {
        self.stack.push(self.nodes.len());
        self.nodes.push(node);
    }

    /// The stack position at which the topmost `count` values begin; never below the last mark.
    fn floor(&self, count: usize) -> Result<usize, PickleError> {
        let mark = self.marks.last().copied().unwrap_or(0);
        let floor = self.stack.len().checked_sub(count);
        floor
            .filter(|&floor| floor >= mark)
            .ok_or_else(|| self.bytes.damaged("it takes more values than there are"))
    }

    fn top(&self) -> Result<usize, PickleError> {
        self.floor(1).map(|floor| self.stack[floor])
    }

    fn pop(&mut self) -> Result<usize, PickleError> {
        let floor = self.floor(1)?;
        Ok(self.stack.split_off(floor)[0])
    }

    fn pop_mark(&mut self) -> Result<Vec<usize>, PickleError> {
        match self.marks.pop() {
            Some(mark) => Ok(self.stack.split_off(mark)),
            None => Err(self.bytes.damaged("a mark is missing")),
        }
    }

    fn pairs(&mut self) -> Result<Vec<(usize, usize)>, PickleError> {
        let items = self.pop_mark()?;
        if items.len() % 2 == 1 {
            return Err(self.bytes.damaged("a key without a value"));
        }
        Ok(items
            .chunks_exact(2)
            .map(|pair| (pair[0], pair[1]))
            .collect())
    }
}
