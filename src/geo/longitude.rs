//! Longitudes that continue across the 180th meridian.

/// Returns `next`, moved by whole turns to be within half a turn of `before`. Both are in degrees.
pub(crate) fn continued(before: f64, next: f64) -> f64 {
    next - 360.0 * ((next - before) / 360.0).round()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_longitude_is_within_half_a_turn_of_the_one_before() {
        assert_eq!(continued(179.0, -179.0), 181.0);
        assert_eq!(continued(-179.0, 179.0), -181.0);
        assert_eq!(continued(530.0, 175.0), 535.0);
        assert_eq!(continued(10.0, 20.0), 20.0);
    }
}
