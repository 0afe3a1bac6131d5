//! How well something fits a word, from 0 to 1: the graded form of [`Fit`](super::fit::Fit).

/// A score that falls as `value` moves away from a word's meaning: 0.75 at `yes`, 0.5 halfway, 0.25 at `no`,
/// approaching 1 and 0 beyond these. It agrees with [`Fit::below`](super::fit::Fit::below): above 0.5 if that returns
/// yes, below 0.5 if it returns no. It uses only exact arithmetic, so every target computes the same.
pub fn below(value: f32, yes: f32, no: f32) -> f32 {
    let half = (no - yes) / 2.0;
    let away = ((value - yes - half) / half).clamp(-1e6, 1e6);
    0.5 - 0.5 * away / (1.0 + away.abs())
}

/// Moves a score towards 0.5 in case of doubt.
pub fn doubted(score: f32) -> f32 {
    0.5 + (score - 0.5) * 0.4
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_fall_and_agree_with_the_borders() {
        assert!((below(0.3, 0.3, 0.5) - 0.75).abs() < 1e-5);
        assert!((below(0.4, 0.3, 0.5) - 0.5).abs() < 1e-5);
        assert!((below(0.5, 0.3, 0.5) - 0.25).abs() < 1e-5);
        let values: Vec<f32> = (0..100).map(|v| below(v as f32 / 50.0, 0.3, 0.5)).collect();
        assert!(values.windows(2).all(|pair| pair[1] < pair[0]));
        assert!(below(f32::MAX, 0.0, 1.0) < 1e-5 && below(f32::MIN, 0.0, 1.0) > 1.0 - 1e-5);
    }
}
