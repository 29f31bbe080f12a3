"""The peer of bench/densenas-step.ts: sampled steps of the supernet of densenas-cifar in PyTorch, on all cores.

Usage: densenas_step.py weights|architecture default|channels_last STEPS [DEVICE], cpu by default. On a card, TF32 is off. Waits for a line on standard input between
warm-up and timing; prints seconds for each step as a JSON list.
"""
import json
import os
import random
import sys
import time

import torch
from torch import nn
from torch.nn.functional import cross_entropy

BATCH, CLASSES, LAST = 64, 10, 512
# Width, stride and number of stacking layers of each block; the blocks that each one reads.
BLOCKS = [(16, 2, 0), (24, 2, 2), (32, 2, 2), (40, 4, 2), (48, 4, 2), (64, 4, 2), (80, 8, 2), (96, 8, 2), (128, 8, 2)]
INPUTS = [[], [0], [1, 0], [2, 1], [3, 2, 1], [4, 3, 2], [5, 4, 3], [6, 5, 4], [7, 6, 5]]
LAST_INPUTS = [8, 7, 6]
OPERATIONS = [(kernel, expansion) for kernel in (3, 5, 7) for expansion in (3, 6)]


def normalisation(channels):
    return nn.BatchNorm2d(channels, affine=False, track_running_stats=False)


class MBConv(nn.Module):
    def __init__(self, inputs, outputs, kernel, expansion, stride):
        super().__init__()
        inner = inputs * expansion
        expand = [nn.Conv2d(inputs, inner, 1, bias=False), normalisation(inner), nn.ReLU6(inplace=True)]
        self.layers = nn.Sequential(
            *(expand if expansion > 1 else []),
            nn.Conv2d(inner, inner, kernel, stride, kernel // 2, groups=inner, bias=False),
            normalisation(inner),
            nn.ReLU6(inplace=True),
            nn.Conv2d(inner, outputs, 1, bias=False),
            normalisation(outputs),
        )
        self.residual = inputs == outputs and stride == 1

    def forward(self, x):
        return x + self.layers(x) if self.residual else self.layers(x)


class Layer(nn.Module):
    def __init__(self, inputs, outputs, stride, skips):
        super().__init__()
        candidates = [MBConv(inputs, outputs, k, e, stride) for k, e in OPERATIONS]
        self.candidates = nn.ModuleList(candidates + ([nn.Identity()] if skips else []))
        self.alpha = nn.Parameter(torch.zeros(len(self.candidates)), requires_grad=False)

    def forward(self, x, sampled):
        if sampled == 1:
            return random.choice(self.candidates)(x)
        chosen = random.sample(range(len(self.candidates)), sampled)
        weights = self.alpha[chosen].softmax(0)
        return sum(weight * self.candidates[i](x) for weight, i in zip(weights, chosen))


class Supernet(nn.Module):
    def __init__(self):
        super().__init__()
        width = BLOCKS[0][0]
        self.stem = nn.Sequential(
            nn.Conv2d(3, width, 3, 2, 1, bias=False), normalisation(width), nn.ReLU6(inplace=True), MBConv(width, width, 3, 1, 1)
        )
        self.heads = nn.ModuleList(
            nn.ModuleList(Layer(BLOCKS[j][0], width, stride // BLOCKS[j][1], False) for j in inputs)
            for (width, stride, _), inputs in zip(BLOCKS, INPUTS)
        )
        self.stacks = nn.ModuleList(
            nn.ModuleList(Layer(width, width, 1, True) for _ in range(layers)) for width, _, layers in BLOCKS
        )
        self.last = nn.ModuleList(
            nn.Sequential(nn.Conv2d(BLOCKS[j][0], LAST, 1, bias=False), normalisation(LAST), nn.ReLU6(inplace=True))
            for j in LAST_INPUTS
        )
        self.classifier = nn.Linear(LAST, CLASSES)
        readers = [[i for i, inputs in enumerate(INPUTS) if j in inputs] + ([len(BLOCKS)] if j in LAST_INPUTS else []) for j in range(len(BLOCKS))]
        self.readers = readers
        self.beta = nn.ParameterList(nn.Parameter(torch.zeros(len(each)), requires_grad=False) for each in readers)

    def forward(self, image, sampled):
        paths = [beta.softmax(0) for beta in self.beta]
        path = lambda source, target: paths[source][self.readers[source].index(target)]
        features = [self.stem(image)]
        for i in range(1, len(BLOCKS)):
            x = sum(path(j, i) * head(features[j], sampled) for j, head in zip(INPUTS[i], self.heads[i]))
            for layer in self.stacks[i]:
                x = layer(x, sampled)
            features.append(x)
        x = sum(path(j, len(BLOCKS)) * last(features[j]) for j, last in zip(LAST_INPUTS, self.last))
        return self.classifier(x.mean((2, 3)))


def main():
    phase, layout, steps = sys.argv[1], sys.argv[2], int(sys.argv[3])
    device = torch.device(sys.argv[4] if len(sys.argv) > 4 else "cpu")
    torch.backends.cudnn.allow_tf32 = False
    torch.set_num_threads(len(os.sched_getaffinity(0)))
    torch.manual_seed(0)
    random.seed(0)
    memory_format = torch.channels_last if layout == "channels_last" else torch.contiguous_format
    net = Supernet().to(device, memory_format=memory_format)
    architecture = [parameter for name, parameter in net.named_parameters() if "alpha" in name or "beta" in name]
    weights = [parameter for name, parameter in net.named_parameters() if not ("alpha" in name or "beta" in name)]
    for parameter in architecture:
        parameter.requires_grad = phase == "architecture"
    for parameter in weights:
        parameter.requires_grad = phase == "weights"
    if phase == "weights":
        optimiser = torch.optim.SGD(weights, lr=0.01, momentum=0.9, weight_decay=4e-5)
    else:
        optimiser = torch.optim.Adam(architecture, lr=3e-4, betas=(0.5, 0.999), weight_decay=1e-3)
    image = torch.randn(BATCH, 3, 32, 32).to(device).contiguous(memory_format=memory_format)
    labels = torch.randint(0, CLASSES, (BATCH,)).to(device)

    def step():
        optimiser.zero_grad(set_to_none=True)
        cross_entropy(net(image, 1 if phase == "weights" else 2), labels).backward()
        optimiser.step()
        if device.type == "cuda":
            torch.cuda.synchronize()

    for _ in range(10):
        step()
    print("ready", flush=True)
    sys.stdin.readline()
    seconds = []
    for _ in range(steps):
        start = time.perf_counter()
        step()
        seconds.append(time.perf_counter() - start)
    print(json.dumps(seconds), flush=True)


main()
