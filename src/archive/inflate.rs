//! Deflate without a header (RFC 1951).

use flate2::{Decompress, FlushDecompress, Status};

/// Decodes `packed`; None unless it holds exactly `size` bytes.
pub(super) fn inflate(packed: &[u8], size: usize) -> Option<Vec<u8>> {
    // Room for one more byte shows whether the data is longer.
    let mut bytes = vec![0; size + 1];
    let mut inflate = Decompress::new(false);
    loop {
        let (from, to) = (inflate.total_in() as usize, inflate.total_out() as usize);
        let rest = packed.get(from..)?;
        let step = inflate.decompress(rest, &mut bytes[to..], FlushDecompress::Finish);
        let (read, written) = (inflate.total_in() as usize, inflate.total_out() as usize);
        match step.ok()? {
            Status::StreamEnd => {
                bytes.truncate(written);
                return (written == size && read == packed.len()).then_some(bytes);
            }
            _ if (read, written) == (from, to) || written > size => return None,
            _ => {}
        }
    }
}
