//! How far a convolution's windows reach beyond the edge.

/// Padding cells before and after `count` cells so that a kernel of `side` with `stride` gives `count / stride`
/// cells, rounded up: TensorFlow's "same" padding.
pub fn same_padding(count: usize, side: usize, stride: usize) -> (usize, usize) {
    let total = (count.div_ceil(stride).saturating_sub(1) * stride + side).saturating_sub(count);
    (total / 2, total - total / 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn padding_is_that_of_tensorflow() {
        assert_eq!(same_padding(384, 3, 2), (0, 1));
        assert_eq!(same_padding(384, 5, 2), (1, 2));
        assert_eq!(same_padding(65, 3, 2), (1, 1));
        assert_eq!(same_padding(24, 5, 1), (2, 2));
        assert_eq!(same_padding(1, 3, 2), (1, 1));
    }
}
