//! The network as this build runs it: S4ECA alone in the browser; natively also with the adapters of the baselines that
//! it is compared with.

/// S4ECA. Natively, a config may ask for a baseline's adapters in place of its own.
#[cfg(feature = "native")]
pub type S4eca = crate::model::S4eca<crate::study::DetrisAdapters>;

/// S4ECA.
#[cfg(not(feature = "native"))]
pub type S4eca = crate::model::S4eca<crate::model::NoPeer>;
