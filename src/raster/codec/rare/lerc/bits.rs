//! The bytes of a blob, and integers that are packed into fewer bits.

/// The bytes that are still to be read; each method returns None if there are too few.
#[derive(Debug, Clone, Copy)]
pub struct Input<'a>(&'a [u8]);

impl<'a> Input<'a> {
    /// Reads `bytes`.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// The bytes that are left.
    pub fn rest(&self) -> &'a [u8] {
        self.0
    }

    /// The next `count` bytes.
    pub fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    /// A byte.
    pub fn u8(&mut self) -> Option<u8> {
        Some(self.take(1)?[0])
    }

    /// A 32-bit number.
    pub fn u32(&mut self) -> Option<u32> {
        Some(u32::from_le_bytes(self.take(4)?.try_into().ok()?))
    }

    /// A 64-bit floating-point number.
    pub fn f64(&mut self) -> Option<f64> {
        Some(f64::from_le_bytes(self.take(8)?.try_into().ok()?))
    }

    /// A 32-bit number that is not negative.
    pub fn size(&mut self) -> Option<usize> {
        usize::try_from(i32::from_le_bytes(self.take(4)?.try_into().ok()?)).ok()
    }

    /// Reads packed integers, at most `most` of them, into `numbers`. Small alphabets are stored as a table and indices
    /// into it.
    pub fn packed(&mut self, most: usize, version: u32, numbers: &mut Vec<u32>) -> Option<()> {
        let head = self.u8()?;
        let bits = u32::from(head & 31);
        let count = match head >> 6 {
            0 => self.u32()? as usize,
            1 => usize::from(u16::from_le_bytes(self.take(2)?.try_into().ok()?)),
            2 => usize::from(self.u8()?),
            _ => return None,
        };
        if count > most {
            return None;
        }
        if head & 32 == 0 {
            if bits == 0 {
                numbers.clear();
                numbers.resize(count, 0);
                return Some(());
            }
            return self.unpack(count, bits, version, numbers);
        }
        let entries = usize::from(self.u8()?).checked_sub(1)?;
        if bits == 0 || entries == 0 {
            return None;
        }
        let mut table = Vec::new();
        self.unpack(entries, bits, version, &mut table)?;
        // Index 0 is the number 0.
        table.insert(0, 0);
        self.unpack(
            count,
            usize::BITS - entries.leading_zeros(),
            version,
            numbers,
        )?;
        for number in numbers {
            *number = *table.get(*number as usize)?;
        }
        Some(())
    }

    /// Reads `count` integers of 1 to 31 bits.
    fn unpack(
        &mut self,
        count: usize,
        bits: u32,
        version: u32,
        numbers: &mut Vec<u32>,
    ) -> Option<()> {
        if count == 0 {
            return None;
        }
        let length = (count as u64 * u64::from(bits)).div_ceil(8) as usize;
        let bytes = self.take(length)?;
        numbers.clear();
        numbers.reserve(count);
        match version {
            3.. => low_first(bytes, count, bits, numbers),
            _ => high_first(bytes, count, bits, numbers),
        }
        Some(())
    }
}

/// Integers from the low bit of each byte on.
fn low_first(bytes: &[u8], count: usize, bits: u32, numbers: &mut Vec<u32>) {
    let (mut kept, mut there) = (0u64, 0);
    let mut bytes = bytes.iter();
    for _ in 0..count {
        while there < bits {
            kept |= u64::from(bytes.next().copied().unwrap_or(0)) << there;
            there += 8;
        }
        numbers.push((kept & ((1 << bits) - 1)) as u32);
        kept >>= bits;
        there -= bits;
    }
}

/// Integers from the high bit of each 32-bit word on (before version 3). The unused bytes of the last word are its low
/// ones and are not stored.
fn high_first(bytes: &[u8], count: usize, bits: u32, numbers: &mut Vec<u32>) {
    let (mut kept, mut there) = (0u64, 0);
    let mut words = bytes.chunks(4).map(|word| {
        let mut whole = [0; 4];
        whole[4 - word.len()..].copy_from_slice(word);
        u32::from_le_bytes(whole)
    });
    for _ in 0..count {
        if there < bits {
            kept = kept << 32 | u64::from(words.next().unwrap_or(0));
            there += 32;
        }
        there -= bits;
        numbers.push((kept >> there & ((1 << bits) - 1)) as u32);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_of_few_bits() {
        let mut numbers = Vec::new();
        // 3 integers of 5 bits: 1, 2, 31.
        let mut input = Input::new(&[0x85, 3, 0b0100_0001, 0b0111_1100]);
        input.packed(9, 4, &mut numbers).expect("integers");
        assert_eq!(numbers, [1, 2, 31]);
        // The same for versions before 3.
        let stored = (0b00001_00010_11111_u32 << 17) >> 16;
        let low = stored.to_le_bytes();
        let bytes = [0x85, 3, low[0], low[1]];
        let mut input = Input::new(&bytes);
        input.packed(9, 2, &mut numbers).expect("integers");
        assert_eq!(numbers, [1, 2, 31]);
        // A table of the number 9, and indices 1, 0, 1, 1.
        let mut input = Input::new(&[0xa4, 4, 2, 9, 0b1101]);
        input.packed(4, 4, &mut numbers).expect("integers");
        assert_eq!(numbers, [9, 0, 9, 9]);
        for wrong in [
            &[0x85, 3, 0][..],
            &[0x85, 10, 0, 0],
            &[0xc5, 1, 0],
            &[0xa0, 1, 2, 0, 0],
        ] {
            assert_eq!(Input::new(wrong).packed(9, 4, &mut numbers), None);
        }
    }
}
