//! Little-endian numbers in the records of a zip file.

/// The fields of a record, read from its first byte on.
pub(super) struct Fields<'a>(pub(super) &'a [u8]);

impl<'a> Fields<'a> {
    /// The next `count` bytes; None if there are fewer.
    pub(super) fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    /// The next two bytes.
    pub(super) fn u16(&mut self) -> Option<u16> {
        Some(u16::from_le_bytes(self.take(2)?.try_into().ok()?))
    }

    /// The next four bytes.
    pub(super) fn u32(&mut self) -> Option<u32> {
        Some(u32::from_le_bytes(self.take(4)?.try_into().ok()?))
    }
}

/// Appends two bytes.
pub(super) fn put_u16(record: &mut Vec<u8>, value: u16) {
    record.extend(value.to_le_bytes());
}

/// Appends four bytes.
pub(super) fn put_u32(record: &mut Vec<u8>, value: u32) {
    record.extend(value.to_le_bytes());
}
