//! A rectangle of whole pixels.

/// Columns `x .. x + width` and rows `y .. y + height` of some grid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Window {
    /// First column.
    pub x: usize,
    /// First row.
    pub y: usize,
    /// Columns.
    pub width: usize,
    /// Rows.
    pub height: usize,
}

impl Window {
    /// The window with that corner and size.
    pub fn new(x: usize, y: usize, width: usize, height: usize) -> Self {
        Self {
            x,
            y,
            width,
            height,
        }
    }

    /// The whole of a grid of `width` x `height`.
    pub fn all(width: usize, height: usize) -> Self {
        Self::new(0, 0, width, height)
    }

    /// The column after the last.
    pub fn right(&self) -> usize {
        self.x.saturating_add(self.width)
    }

    /// The row after the last one.
    pub fn bottom(&self) -> usize {
        self.y.saturating_add(self.height)
    }

    /// Number of pixels; in 64 bits, because a scene can have more pixels than a 32-bit `usize` can count.
    pub fn pixels(&self) -> u64 {
        self.width as u64 * self.height as u64
    }

    /// Whether it has no pixels.
    pub fn is_empty(&self) -> bool {
        self.width == 0 || self.height == 0
    }

    /// The pixels in both; empty if they do not overlap.
    pub fn intersection(&self, other: &Self) -> Self {
        let (x, y) = (self.x.max(other.x), self.y.max(other.y));
        let width = self.right().min(other.right()).saturating_sub(x);
        let height = self.bottom().min(other.bottom()).saturating_sub(y);
        Self::new(x, y, width, height)
    }

    /// Whether every pixel of `other` is in it.
    pub fn contains(&self, other: &Self) -> bool {
        other.x >= self.x
            && other.y >= self.y
            && other.right() <= self.right()
            && other.bottom() <= self.bottom()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_meet_or_do_not() {
        let scene = Window::all(10, 8);
        let inside = Window::new(2, 3, 8, 5);
        assert!(scene.contains(&inside) && scene.intersection(&inside) == inside);
        let beyond = Window::new(8, 6, 4, 4);
        assert!(!scene.contains(&beyond));
        assert_eq!(scene.intersection(&beyond), Window::new(8, 6, 2, 2));
        assert!(scene.intersection(&Window::new(10, 0, 5, 5)).is_empty());
        assert!(
            inside
                .intersection(&Window::new(usize::MAX, 0, 2, 2))
                .is_empty()
        );
    }
}
