//! What research on the network needs and no mask does: the rows of the ablation table, adapters sized to a budget,
//! counts of parameters and of floating-point operations. Native only.

mod ablation;
mod budget;
mod flops;
mod parameters;

pub use ablation::{ABLATIONS, Ablation};
pub use budget::{BudgetError, with_budget};
pub use flops::Flops;
pub use parameters::ParameterTable;
