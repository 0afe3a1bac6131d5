//! PackBits: runs and literals (TIFF 6.0, section 9).

/// Decodes up to `most` bytes; fewer if the data ends.
pub fn decode(bytes: &[u8], most: usize) -> Vec<u8> {
    let mut decoded = Vec::with_capacity(most);
    let mut rest = bytes;
    while let [head, tail @ ..] = rest {
        if decoded.len() >= most {
            break;
        }
        let head = *head as i8;
        rest = match (head, tail) {
            (0.., _) => {
                let count = (head as usize + 1).min(tail.len());
                decoded.extend_from_slice(&tail[..count]);
                &tail[count..]
            }
            // No operation.
            (-128, _) => tail,
            (_, [value, tail @ ..]) => {
                let count = 1 - isize::from(head);
                decoded.resize(decoded.len() + count as usize, *value);
                tail
            }
            _ => tail,
        };
    }
    decoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_the_specification() {
        let packed = [
            0xfe, 0xaa, 0x02, 0x80, 0x00, 0x2a, 0xfd, 0xaa, 0x03, 0x80, 0x00, 0x2a, 0x22, 0xf7,
            0xaa,
        ];
        let whole = [
            0xaa, 0xaa, 0xaa, 0x80, 0x00, 0x2a, 0xaa, 0xaa, 0xaa, 0xaa, 0x80, 0x00, 0x2a, 0x22,
            0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa,
        ];
        assert_eq!(decode(&packed, whole.len()), whole);
        assert_eq!(decode(&[0x80, 0x00, 0x07], 9), [7]);
        // Ends inside a literal and inside a run.
        assert_eq!(decode(&[0x05, 1, 2], 9), [1, 2]);
        assert!(decode(&[0xf0], 9).is_empty());
    }
}
