//! Three-valued truth: an object fits a word, does not fit it, or people would disagree.

/// Whether an object fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fit {
    /// Everyone would say that it fits.
    Yes,
    /// Nobody would.
    No,
    /// The value is in the dead zone between yes and no.
    Unsure,
}

impl Fit {
    /// Combines two results: both must fit.
    pub fn and(self, other: Fit) -> Fit {
        match (self, other) {
            (Fit::No, _) | (_, Fit::No) => Fit::No,
            (Fit::Yes, Fit::Yes) => Fit::Yes,
            _ => Fit::Unsure,
        }
    }

    /// Returns yes up to `yes` and no from `no` on. The value increases with the distance from a word's meaning.
    pub fn below(value: f32, yes: f32, no: f32) -> Fit {
        if value <= yes {
            Fit::Yes
        } else if value >= no {
            Fit::No
        } else {
            Fit::Unsure
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_outweighs_doubt_and_doubt_outweighs_yes() {
        assert_eq!(Fit::No.and(Fit::Unsure), Fit::No);
        assert_eq!(Fit::Unsure.and(Fit::Yes), Fit::Unsure);
        assert_eq!(Fit::Yes.and(Fit::Yes), Fit::Yes);
        assert_eq!(Fit::below(0.4, 0.3, 0.5), Fit::Unsure);
    }
}
