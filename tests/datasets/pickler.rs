//! Pickles of protocol 2, limited to the values that the test data needs.

/// A value to pickle.
pub enum Py {
    Int(i64),
    Text(String),
    List(Vec<Py>),
    Dict(Vec<(&'static str, Py)>),
}

impl From<&str> for Py {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl Py {
    /// The whole pickle.
    pub fn pickled(&self) -> Vec<u8> {
        let mut bytes = vec![0x80, 2];
        self.write(&mut bytes);
        bytes.push(b'.');
        bytes
    }

    fn write(&self, bytes: &mut Vec<u8>) {
        match self {
            Self::Int(value) => {
                let value = i32::try_from(*value).expect("a small number");
                bytes.push(b'J');
                bytes.extend(value.to_le_bytes());
            }
            Self::Text(text) => write_text(text, bytes),
            Self::List(items) => {
                bytes.extend(b"](");
                items.iter().for_each(|item| item.write(bytes));
                bytes.push(b'e');
            }
            Self::Dict(pairs) => {
                bytes.extend(b"}(");
                for (key, value) in pairs {
                    write_text(key, bytes);
                    value.write(bytes);
                }
                bytes.push(b'u');
            }
        }
    }
}

fn write_text(text: &str, bytes: &mut Vec<u8>) {
    bytes.push(b'X');
    bytes.extend((text.len() as u32).to_le_bytes());
    bytes.extend(text.as_bytes());
}
