"""The peer of bench/topformer-step.ts: an elastic supernet of Efficient-TopFormer in PyTorch: a step on all cores, an evaluation on one.

Usage: topformer_step.py default|channels_last|compiled step|evaluation NETWORKS STEPS. NETWORKS is JSON with the genotypes of the
`largest`, the `smallest` and the `samples` of every step. Sub-networks read slices of shared parameters, as those of OFA and BigNAS do.
`compiled`: the largest and the smallest network, which are the same in every step, by torch.compile.
"""
import json
import math
import os
import sys

import torch
from torch.nn import functional as F

from timing import timed

BATCH, CLASSES, CROP, WARM_UP = 4, 10, (128, 256), 3
BATCHES = 8  # of each half of an evaluation
STRIDES = (1, 2, 2, 2, 2)
EPSILON = 1e-5


class Supernet:
    """Parameters of the largest network, made when it is first run, by name, with the lengths of the groups along their axes."""

    def __init__(self, memory_format):
        self.memory_format = memory_format
        self.parameters, self.groups = {}, {}

    def create(self, name, axes, kernel=None, value=None):
        shape = [sum(axis) for axis in axes] + ([] if kernel is None else [kernel, kernel])
        tensor = torch.full(shape, value) if kernel is None else torch.randn(shape) * (2 / (shape[0] * kernel**2)) ** 0.5
        tensor = tensor.contiguous(memory_format=self.memory_format) if len(shape) == 4 else tensor
        self.parameters[name], self.groups[name] = torch.nn.Parameter(tensor), axes
        return self.parameters[name]

    def slice(self, name, axes, kernel=None, value=None):
        """The first channels of every group, and the centre of a kernel."""
        tensor = self.parameters[name]
        for axis, (shared, own) in enumerate(zip(self.groups[name], axes)):
            if own == shared:
                continue
            starts = [sum(shared[:i]) for i in range(len(own))]
            parts = [tensor.narrow(axis, start, length) for start, length in zip(starts, own)]
            tensor = parts[0] if len(parts) == 1 else torch.cat(parts, axis)
        if kernel is not None and tensor.shape[2] != kernel:
            rim = (tensor.shape[2] - kernel) // 2
            tensor = tensor[:, :, rim:-rim, rim:-rim]
        return tensor

    def count(self, genotype):
        numbers = 0

        def read(*parameter, **options):
            nonlocal numbers
            tensor = self.slice(*parameter, **options)
            numbers += tensor.numel()
            return tensor

        with torch.no_grad():
            forward(genotype, torch.zeros(2, 3, *CROP), read, by_batch)
        return numbers


def by_batch(scope, x, gamma, beta):
    return F.batch_norm(x, None, None, gamma, beta, True, 0.0, EPSILON)


class Calibration:
    """Statistics of a sub-network: cumulative averages over batches."""

    def __init__(self):
        self.running, self.batches, self.training = {}, 0, True

    def __call__(self, scope, x, gamma, beta):
        if scope not in self.running:
            self.running[scope] = torch.zeros(x.shape[1]), torch.ones(x.shape[1])
        share = 1 / self.batches if self.training else 0.0
        return F.batch_norm(x, *self.running[scope], gamma, beta, self.training, share, EPSILON)


def forward(genotype, image, read, normalise):
    """Logits [N,classes,H/8,W/8]."""

    def conv_bn(scope, x, outputs, kernel=1, stride=1, inputs=None, depthwise=False, activation=None, scale=1.0):
        weight = read(f"{scope}/weight", [outputs, [1] if depthwise else inputs or [x.shape[1]]], kernel=kernel)
        y = F.conv2d(x, weight, None, stride, kernel // 2, groups=x.shape[1] if depthwise else 1)
        gamma, beta = read(f"{scope}/gamma", [outputs], value=scale), read(f"{scope}/beta", [outputs], value=0.0)
        y = normalise(scope, y, gamma, beta)
        return y if activation is None else activation(y, inplace=True)

    def mbconv(scope, x, stage, stride):
        hidden = x.shape[1] * stage["expansion"]
        y = x if stage["expansion"] == 1 else conv_bn(f"{scope}/expand", x, [hidden], activation=F.relu6)
        y = conv_bn(f"{scope}/depthwise", y, [hidden], stage["kernel"], stride, depthwise=True, activation=F.relu6)
        y = conv_bn(f"{scope}/project", y, [stage["width"]])
        return x + y if x.shape == y.shape else y

    def attention(scope, x, stage, widths):
        heads, channels = stage["heads"], stage["keyDim"]
        values = math.trunc(stage["attentionRatio"] * channels)
        project = lambda name, each: conv_bn(f"{scope}/{name}", x, [each] * heads, inputs=widths).reshape(x.shape[0], heads, each, -1)
        query, key, value = project("query", channels), project("key", channels), project("value", values)
        weights = (query.transpose(2, 3) @ key).softmax(3)
        mixed = (value @ weights.transpose(2, 3)).reshape(x.shape[0], heads * values, *x.shape[2:])
        return conv_bn(f"{scope}/project", F.relu6(mixed), widths, inputs=[values] * heads, scale=0.0)

    def mlp(scope, x, stage, widths):
        hidden = math.trunc(x.shape[1] * stage["mlpRatio"])
        y = conv_bn(f"{scope}/expand", x, [hidden], inputs=widths)
        weight = read(f"{scope}/depthwise/weight", [[hidden], [1]], kernel=3)
        bias = read(f"{scope}/depthwise/bias", [[hidden]], value=0.0)
        y = F.relu6(F.conv2d(y, weight, bias, 1, 1, groups=hidden), inplace=True)
        return conv_bn(f"{scope}/project", y, widths)

    def enlarged(x, like):
        return F.interpolate(x, like.shape[2:], mode="bilinear", align_corners=False)

    x = conv_bn("pyramid/stem", image, [genotype["stem"]], 3, 2, activation=F.relu6)
    levels = []
    for i, stage in enumerate(genotype["convolutions"]):
        for j in range(stage["depth"]):
            x = mbconv(f"pyramid/stage{i}/block{j}", x, stage, STRIDES[i] if j == 0 else 1)
        levels.append(x)
    levels = levels[1:]
    widths = [level.shape[1] for level in levels]
    size = [(side - 1) // 2 + 1 for side in x.shape[2:]]
    tokens = torch.cat([F.adaptive_avg_pool2d(level, size) for level in levels], 1)
    for i, stage in enumerate(genotype["transformers"]):
        for j in range(stage["depth"]):
            scope = f"semantics/stage{i}/block{j}"
            tokens = tokens + attention(f"{scope}/attention", tokens, stage, widths)
            tokens = tokens + mlp(f"{scope}/mlp", tokens, stage, widths)
    injection = [genotype["injection"]]
    injected = []
    for i, (level, semantics) in list(enumerate(zip(levels, tokens.split(widths, 1))))[1:]:
        scope = f"injection/level{i}"
        local = conv_bn(f"{scope}/local", level, injection)
        gate = F.hardsigmoid(conv_bn(f"{scope}/gate", semantics, injection))
        shift = conv_bn(f"{scope}/global", semantics, injection)
        injected.append(local * enlarged(gate, level) + enlarged(shift, level))
    first, *coarser = injected
    total = first
    for level in coarser:
        total = total + enlarged(level, first)
    fused = conv_bn("head/fuse", total, injection, activation=F.relu)
    weight = read("head/logits/weight", [[CLASSES], injection], kernel=1)
    return F.conv2d(fused, weight, read("head/logits/bias", [[CLASSES]], value=0.0))


def main():
    variant, phase, networks, steps = sys.argv[1], sys.argv[2], json.loads(sys.argv[3]), int(sys.argv[4])
    torch.set_num_threads(len(os.sched_getaffinity(0)) if phase == "step" else 1)
    torch.manual_seed(0)
    memory_format = torch.channels_last if variant == "channels_last" else torch.contiguous_format
    supernet = Supernet(memory_format)
    forward(networks["largest"], torch.zeros(2, 3, *CROP), supernet.create, by_batch)
    images = [torch.randn(BATCH, 3, *CROP).contiguous(memory_format=memory_format) for _ in range(BATCHES)]
    labels = torch.randint(0, CLASSES, (BATCH, CROP[0] // 4, CROP[1] // 4))

    def logits_of(genotype):
        return forward(genotype, images[0], supernet.slice, by_batch)

    def teach():
        logits = logits_of(networks["largest"])
        resized = F.interpolate(logits, labels.shape[1:], mode="bilinear", align_corners=True)
        return F.cross_entropy(resized, labels, ignore_index=255), logits.detach().softmax(1)

    def learn(genotype, target):
        return F.cross_entropy(logits_of(genotype), target)

    def learn_smallest(target):
        return learn(networks["smallest"], target)

    if variant == "compiled":
        teach, learn_smallest = torch.compile(teach), torch.compile(learn_smallest)
    decayed = [p for p in supernet.parameters.values() if p.dim() == 4 and p.shape[1] > 1]
    others = [p for p in supernet.parameters.values() if not (p.dim() == 4 and p.shape[1] > 1)]
    optimiser = torch.optim.SGD([{"params": decayed}, {"params": others, "weight_decay": 0}], lr=0.01, momentum=0.9, weight_decay=4e-5, fused=True)

    def step(number):
        optimiser.zero_grad(set_to_none=True)
        loss, target = teach()
        loss.backward()
        learn_smallest(target).backward()
        for genotype in networks["samples"][number]:
            learn(genotype, target).backward()
        torch.nn.utils.clip_grad_norm_(supernet.parameters.values(), 1.0)
        optimiser.step()

    @torch.no_grad()
    def evaluation(number):
        genotype, calibration = networks["samples"][number][0], Calibration()
        for image in images:
            calibration.batches += 1
            forward(genotype, image, supernet.slice, calibration)
        calibration.training = False
        for image in images:
            logits = forward(genotype, image, supernet.slice, calibration)
            F.interpolate(logits, CROP, mode="bilinear", align_corners=True).argmax(1)

    counted = [networks["largest"], networks["smallest"], networks["samples"][0][0]]
    parameters = [supernet.count(genotype) for genotype in counted]
    timed(step if phase == "step" else evaluation, WARM_UP, steps, parameters=parameters)


if __name__ == "__main__":
    main()
