//! Tools for research on the network that segmenting does not need: the rows of the ablation table with the baselines
//! among them, adapters sized to a budget, counts of parameters and of floating-point operations. Native only.

mod ablation;
mod budget;
mod detris;
mod flops;
mod parameters;
mod tuning;

pub use ablation::{ABLATIONS, Ablation};
pub use budget::{BudgetError, with_budget};
pub use detris::DetrisAdapters;
pub use flops::Flops;
pub use parameters::ParameterTable;
pub use tuning::{freezes, prepared, trained};
