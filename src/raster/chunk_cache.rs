//! Decoded pieces of a scene that are likely to be needed again.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// A piece's level and number.
type Key = (usize, u32);

/// Cache of the most recently used pieces, limited in bytes.
#[derive(Debug)]
pub struct ChunkCache {
    limit: usize,
    used: usize,
    /// Counts uses.
    time: u64,
    chunks: HashMap<Key, (Arc<[u8]>, u64)>,
    by_time: BTreeMap<u64, Key>,
}

impl ChunkCache {
    /// Creates an empty cache for up to `limit` bytes. A single larger piece is kept until the next one is added.
    pub fn new(limit: usize) -> Self {
        Self {
            limit,
            used: 0,
            time: 0,
            chunks: HashMap::new(),
            by_time: BTreeMap::new(),
        }
    }

    /// Returns piece `key` if it is cached.
    pub fn get(&mut self, key: Key) -> Option<Arc<[u8]>> {
        self.time += 1;
        let (bytes, time) = self.chunks.get_mut(&key)?;
        self.by_time.remove(time);
        self.by_time.insert(self.time, key);
        *time = self.time;
        Some(bytes.clone())
    }

    /// Caches `bytes` as piece `key` and drops the least recently used pieces.
    pub fn put(&mut self, key: Key, bytes: Arc<[u8]>) {
        while self.used + bytes.len() > self.limit {
            let Some((_, oldest)) = self.by_time.pop_first() else {
                break;
            };
            if let Some((gone, _)) = self.chunks.remove(&oldest) {
                self.used -= gone.len();
            }
        }
        self.time += 1;
        self.used += bytes.len();
        self.by_time.insert(self.time, key);
        if let Some((former, time)) = self.chunks.insert(key, (bytes, self.time)) {
            self.used -= former.len();
            self.by_time.remove(&time);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_used_for_longest_goes() {
        let mut cache = ChunkCache::new(100);
        let piece = |size: usize| Arc::from(vec![0u8; size]);
        for number in 0..3 {
            cache.put((0, number), piece(30));
        }
        assert!(cache.get((0, 0)).is_some());
        cache.put((0, 3), piece(30));
        let kept = [0, 1, 2, 3].map(|number| cache.get((0, number)).is_some());
        assert_eq!(kept, [true, false, true, true]);
        cache.put((0, 3), piece(90));
        assert_eq!(cache.used, 90);
        cache.put((1, 3), piece(500));
        assert!(cache.get((1, 3)).is_some() && cache.chunks.len() == 1);
        cache.put((1, 4), piece(1));
        assert_eq!((cache.used, cache.by_time.len()), (1, 1));
    }
}
