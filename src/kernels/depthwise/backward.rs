//! The derivative, for training.

use burn::backend::autodiff::NodeId;
use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, Backend, TensorMetadata};
use burn::tensor::{Shape, Slice};

use super::operation::{Depthwise, DepthwiseGradients};

#[derive(Debug)]
struct DepthwiseBackward;

/// The tensors that the backward pass needs.
#[derive(Debug, Clone)]
struct State<B: Backend> {
    /// The input, if the weight or the bias is trained.
    x: Option<NodeId>,
    /// The weight, if an earlier layer is trained.
    weight: Option<NodeId>,
    output: FloatTensor<B>,
    input: [usize; 4],
    kernel: usize,
    stride: usize,
}

impl<B: DepthwiseGradients> Backward<B, 3> for DepthwiseBackward {
    type State = State<B>;

    fn backward(
        self,
        ops: Ops<Self::State, 3>,
        grads: &mut Gradients,
        checkpointer: &mut Checkpointer,
    ) {
        let [node_x, node_weight, node_bias] = ops.parents;
        let gradient = grads.consume::<B>(&ops.node);
        let state = ops.state;
        // Retrieved in any case, because the checkpointer counts the retrievals.
        let x = state
            .x
            .map(|id| checkpointer.retrieve_node_output::<FloatTensor<B>>(id));
        let weight = state
            .weight
            .map(|id| checkpointer.retrieve_node_output::<FloatTensor<B>>(id));
        let gradient = B::depthwise_cut(state.output, gradient);
        if let (Some(node), Some(weight)) = (node_x, weight) {
            let gradient =
                B::depthwise_input_gradient(gradient.clone(), weight, state.input, state.stride);
            grads.register::<B>(node.id, gradient);
        }
        let Some(x) = x else { return };
        let (kernel, channels) = (state.kernel, state.input[3]);
        let parts = B::depthwise_weight_gradient(x, gradient, kernel, state.stride);
        let sums = B::float_sum_dim(parts, 0);
        let taps = kernel * kernel;
        let rows = |from: usize, to: usize| {
            let slices = [(0, 1), (from, to), (0, channels)]
                .map(|(from, to)| Slice::new(from as isize, Some(to as isize), 1));
            B::float_slice(sums.clone(), &slices)
        };
        if let Some(node) = node_weight {
            let shape = Shape::from([kernel, kernel, channels]);
            grads.register::<B>(node.id, B::float_reshape(rows(0, taps), shape));
        }
        if let Some(node) = node_bias {
            let shape = Shape::from([channels]);
            grads.register::<B>(node.id, B::float_reshape(rows(taps, taps + 1), shape));
        }
    }
}

impl<B: Depthwise + DepthwiseGradients, C: CheckpointStrategy> Depthwise for Autodiff<B, C> {
    fn depthwise(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        stride: usize,
    ) -> FloatTensor<Self> {
        let input: [usize; 4] = x.shape().dims();
        let [kernel, _, _] = weight.shape().dims();
        let learns = [x.is_tracked(), weight.is_tracked() || bias.is_tracked()];
        let nodes = [x.node(), weight.node(), bias.node()];
        match DepthwiseBackward
            .prepare::<C>(nodes)
            .compute_bound()
            .stateful()
        {
            OpsKind::Tracked(mut prep) => {
                let state_x = learns[1].then(|| prep.checkpoint(&x));
                let state_weight = learns[0].then(|| prep.checkpoint(&weight));
                let output = B::depthwise(
                    x.into_primitive(),
                    weight.into_primitive(),
                    bias.into_primitive(),
                    stride,
                );
                let state = State {
                    x: state_x,
                    weight: state_weight,
                    output: output.clone(),
                    input,
                    kernel,
                    stride,
                };
                prep.finish(state, output)
            }
            OpsKind::UnTracked(prep) => prep.finish(B::depthwise(
                x.into_primitive(),
                weight.into_primitive(),
                bias.into_primitive(),
                stride,
            )),
        }
    }
}
