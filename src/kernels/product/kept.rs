//! Packed weights, kept for the next product with the same weights. Packing takes longer than many products.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError, Weak};

use burn::tensor::Bytes;
use burn_flex::FlexTensor;

/// The packed weights, by view of numbers in memory.
static KEPT: LazyLock<Mutex<HashMap<View, Kept>>> = LazyLock::new(Mutex::default);

/// A view of numbers in memory.
#[derive(PartialEq, Eq, Hash)]
struct View {
    /// Address of the numbers' owner. While a [`Weak`] reference exists, the address is not reused by another owner.
    owner: usize,
    offset: usize,
    shape: Vec<usize>,
    strides: Vec<isize>,
}

struct Kept {
    /// The owner of the numbers that were packed. They cannot change: whoever writes to them moves them to a new owner,
    /// because of this reference.
    owner: Weak<Bytes>,
    packed: Arc<Vec<f32>>,
}

impl View {
    fn of(tensor: &FlexTensor, owner: &Arc<Bytes>) -> Self {
        let layout = tensor.layout();
        Self {
            owner: Arc::as_ptr(owner).addr(),
            offset: layout.start_offset(),
            shape: layout.shape().to_vec(),
            strides: layout.strides().to_vec(),
        }
    }
}

/// Returns `pack(matrix)`, or what it returned last time for the same view of the same numbers. A packed matrix is
/// dropped some time after its source numbers.
pub(super) fn kept(matrix: &FlexTensor, pack: impl FnOnce() -> Vec<f32>) -> Arc<Vec<f32>> {
    let owner = matrix.data_arc();
    let view = View::of(matrix, &owner);
    let locked = || KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(kept) = locked().get(&view) {
        return Arc::clone(&kept.packed);
    }
    let packed = Arc::new(pack());
    let mut all = locked();
    all.retain(|_, kept| kept.owner.strong_count() > 0);
    let kept = Kept {
        owner: Arc::downgrade(&owner),
        packed: Arc::clone(&packed),
    };
    all.insert(view, kept);
    packed
}

#[cfg(all(test, feature = "native"))]
mod tests {
    use super::*;
    use burn::tensor::TensorData;

    fn matrix(first: f32) -> FlexTensor {
        FlexTensor::from_data(TensorData::new(vec![first, 1.0, 2.0, 3.0], [2, 2]))
    }

    #[test]
    fn the_same_view_is_packed_once() {
        let (one, other) = (matrix(0.5), matrix(0.5));
        let first = kept(&one, || vec![1.0]);
        assert!(Arc::ptr_eq(&first, &kept(&one.clone(), || vec![2.0])));
        assert_eq!(*kept(&one.narrow(1, 1, 1), || vec![3.0]), [3.0]);
        assert_eq!(*kept(&one.transpose(0, 1), || vec![4.0]), [4.0]);
        assert_eq!(*kept(&other, || vec![5.0]), [5.0]);
    }

    #[test]
    fn numbers_that_were_written_are_packed_again() {
        let mut one = matrix(0.5);
        assert_eq!(*kept(&one, || vec![1.0]), [1.0]);
        one.storage_mut::<f32>()[0] = 7.0;
        assert_eq!(*kept(&one, || vec![2.0]), [2.0]);
    }

    #[test]
    fn it_is_dropped_after_its_matrix() {
        let one = matrix(0.5);
        let packed = Arc::downgrade(&kept(&one, || vec![1.0]));
        assert!(packed.upgrade().is_some());
        drop(one);
        kept(&matrix(0.5), || vec![2.0]);
        assert!(packed.upgrade().is_none());
    }
}
