//! Units of length and angle, by their EPSG codes and by their size.

/// Degrees per grad.
pub(crate) const DEGREES_PER_GRAD: f64 = 0.9;

/// Metres per US survey foot.
const US_FOOT: f64 = 1200.0 / 3937.0;

/// Metres per unit of the EPSG registry's codes for lengths.
const LENGTHS: [(u16, f64); 12] = [
    (9001, 1.0),
    (9002, 0.3048),
    (9003, US_FOOT),
    (9005, 0.304_797_265_4),
    (9014, 1.8288),
    (9030, 1852.0),
    (9031, 1.000_001_359_7),
    (9036, 1000.0),
    (9037, 0.914_391_795_4),
    (9041, 0.304_799_471_5),
    (9084, 0.914_399_204_3),
    (9094, 0.304_799_710_2),
];

/// Relative tolerance for recognising a common unit by its size: files round it.
const SLACK: f64 = 5e-8;

/// Metres per unit of an EPSG code.
pub(crate) fn metres_per_unit(code: u16) -> Option<f64> {
    LENGTHS
        .into_iter()
        .find_map(|(other, metres)| (other == code).then_some(metres))
}

/// The EPSG code of a unit of length, if it is a common one.
pub(crate) fn length_code(metres: f64) -> Option<u16> {
    LENGTHS
        .into_iter()
        .find_map(|(code, other)| (other == metres).then_some(code))
}

/// Degrees per unit of an EPSG code: degrees in the notations of map margins, radians, minutes, seconds, grads.
pub(crate) fn degrees_per_unit(code: u16) -> Option<f64> {
    match code {
        9102 | 9107 | 9108 | 9122 => Some(1.0),
        9101 => Some(180.0 / std::f64::consts::PI),
        9103 => Some(1.0 / 60.0),
        9104 => Some(1.0 / 3600.0),
        9105 | 9106 => Some(DEGREES_PER_GRAD),
        _ => None,
    }
}

/// A length in metres that a file wrote, exact if it is the rounded size of a common unit.
pub(crate) fn exact_metres(written: f64) -> f64 {
    let sizes = LENGTHS.into_iter().map(|(_, metres)| metres);
    nearest(written, sizes)
}

/// An angle that a file wrote in radians, in degrees; exact if it is a degree, a grad, a minute or a second.
pub(crate) fn exact_degrees(radians: f64) -> f64 {
    let sizes = [9102, 9105, 9103, 9104]
        .into_iter()
        .filter_map(degrees_per_unit);
    nearest(radians.to_degrees(), sizes)
}

fn nearest(written: f64, mut sizes: impl Iterator<Item = f64>) -> f64 {
    sizes
        .find(|size| (written / size - 1.0).abs() < SLACK)
        .unwrap_or(written)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounded_sizes_become_exact() {
        assert_eq!(exact_metres(0.304_800_609_601_219), US_FOOT);
        assert_eq!(exact_metres(0.3048), 0.3048);
        assert_eq!(exact_metres(0.3), 0.3);
        assert_eq!(exact_degrees(0.017_453_292_519_943_3), 1.0);
        assert_eq!(exact_degrees(0.017_453_292_5), 1.0);
        assert_eq!(exact_degrees(0.015_707_963_267_948_9), 0.9);
        assert_eq!(length_code(US_FOOT), Some(9003));
        assert_eq!(metres_per_unit(9999), None);
    }
}
