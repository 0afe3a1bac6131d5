"""EfficientNet-Lite (Tan and Le 2019, arXiv 1905.11946; the Lite variants) with folded batch norms, as in src/model: no
squeeze-excite, ReLU6, TensorFlow's "same" padding. See network.py.

Features are NCHW tensors in channels-last order, so tokens `[batch, rows * columns, channels]` are views of them.
"""

import torch
import torch.nn.functional as F
from torch import nn


class Depthwise(torch.autograd.Function):
    """A depthwise convolution whose backward pass is a forward convolution with the mirrored kernel: on a CPU PyTorch's
    own is fifty times slower than its forward pass."""

    @staticmethod
    def forward(ctx, x, weight, bias, stride, padding):
        ctx.save_for_backward(x, weight)
        ctx.stride, ctx.padding = stride, padding
        return F.conv2d(x, weight, bias, stride, padding, groups=x.shape[1])

    @staticmethod
    def backward(ctx, gradient):
        x, weight = ctx.saved_tensors
        side, stride, padding = weight.shape[2], ctx.stride, ctx.padding
        of_x = of_weight = None
        if ctx.needs_input_grad[0]:
            spread = gradient
            if stride > 1:
                rows, columns = (length + 2 * padding - side + 1 for length in x.shape[2:])
                spread = gradient.new_zeros(len(x), x.shape[1], rows, columns).to(memory_format=torch.channels_last)
                spread[:, :, ::stride, ::stride] = gradient
            of_x = F.conv2d(spread, weight.flip(2, 3), None, 1, side - 1 - padding, groups=x.shape[1])
        if ctx.needs_input_grad[1]:
            of_weight = torch.nn.grad.conv2d_weight(x, weight.shape, gradient, stride, padding, groups=x.shape[1])
        of_bias = gradient.sum(dim=(0, 2, 3)) if ctx.needs_input_grad[2] else None
        return of_x, of_weight, of_bias, None, None


def depthwise(x, convolution, stride, padding):
    """Applies `convolution` at this stride and padding, in autocast's type if autocast is on."""
    weight, bias = convolution.weight, convolution.bias
    if torch.is_autocast_enabled(x.device.type):
        kind = torch.get_autocast_dtype(x.device.type)
        x, weight, bias = x.to(kind), weight.to(kind), bias.to(kind)
    return Depthwise.apply(x, weight, bias, stride, padding)


def same_padding(x, side, stride):
    """Pads `x` with zeros so that a convolution gives ceil(n / stride) cells; an odd one goes to the end."""
    pads = []
    for length in (x.shape[3], x.shape[2]):
        total = max((-(-length // stride) - 1) * stride + side - length, 0)
        pads += [total // 2, total - total // 2]
    return F.pad(x, pads) if any(pads) else x


class Block(nn.Module):
    """An inverted bottleneck: 1x1 expansion, depthwise convolution, 1x1 projection."""

    def __init__(self, inputs, outputs, kernel, stride, expand):
        super().__init__()
        inner = inputs * expand
        self.expand = nn.Conv2d(inputs, inner, 1) if expand > 1 else None
        self.depthwise = nn.Conv2d(inner, inner, kernel, stride=stride, groups=inner)
        self.project = nn.Conv2d(inner, outputs, 1)
        self.kernel, self.stride, self.residual = kernel, stride, stride == 1 and inputs == outputs

    def forward(self, x):
        y = x if self.expand is None else F.relu6(self.expand(x))
        if self.stride == 1:
            y = depthwise(y, self.depthwise, 1, self.kernel // 2)
        else:
            y = depthwise(same_padding(y, self.kernel, self.stride), self.depthwise, self.stride, 0)
        y = self.project(F.relu6(y))
        return x + y if self.residual else y


class EfficientNet(nn.Module):
    def __init__(self, config):
        super().__init__()
        width = config["stem"]
        self.stem = nn.Conv2d(3, width, 3, stride=2)
        blocks, stride, ends = [], 2, []
        self.shapes = []  # (stride, width) of each block's output
        for stage in config["stages"]:
            for repeat in range(stage["repeats"]):
                step = stage["stride"] if repeat == 0 else 1
                blocks.append(Block(width, stage["width"], stage["kernel"], step, stage["expand"]))
                width, stride = stage["width"], stride * step
                self.shapes.append((stride, width))
            ends.append(len(blocks) - 1)
        self.blocks = nn.ModuleList(blocks)
        # The level of a stride is the output of the last block at that stride.
        self.levels = {self.shapes[end][0]: end for end in ends}

    def forward(self, image, beside):
        """Returns the levels by stride."""
        return self.run(self.blocks[0](self.begin(image)), 0, beside)

    def begin(self, image):
        """Returns the input of the first block."""
        return F.relu6(self.stem(same_padding(image, 3, 2)))

    def run(self, x, done, beside):
        """Returns the levels by stride, from `x`, the output of block `done`, onwards. `beside` sees and may change the
        output of each block, including block `done`."""
        found = {}
        for index in range(done, len(self.blocks)):
            x = beside(index, x if index == done else self.blocks[index](x))
            stride = self.shapes[index][0]
            if self.levels[stride] == index:
                found[stride] = x
        return found
