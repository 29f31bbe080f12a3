"""The peer of bench/dpc-step.ts: one training step of the DPC top-1 head in PyTorch, one thread.

Usage: dpc_step.py default|channels_last|compile WARMUP STEPS [DEVICE], cpu by default. On a card, TF32 is off. Waits for a line on standard input between warm-up and timing, so
that two of these start together; prints seconds for each step as a JSON list.
"""
import json
import sys
import time

import torch
from torch import nn

BRANCHES = [(-1, (1, 6)), (0, (18, 15)), (1, (6, 3)), (0, (1, 1)), (0, (6, 21))]


def separable(channels, rate):
    return nn.Sequential(
        nn.Conv2d(channels, channels, 3, padding=rate, dilation=rate, groups=channels, bias=False),
        nn.BatchNorm2d(channels),
        nn.ReLU(inplace=True),
        nn.Conv2d(channels, 256, 1, bias=False),
        nn.BatchNorm2d(256),
        nn.ReLU(inplace=True),
    )


class Head(nn.Module):
    def __init__(self):
        super().__init__()
        self.branches = nn.ModuleList(separable(320 if i < 0 else 256, rate) for i, rate in BRANCHES)
        self.dropout = nn.Dropout(0.1)
        self.projection = nn.Sequential(
            nn.Conv2d(5 * 256, 256, 1, bias=False), nn.BatchNorm2d(256), nn.ReLU(inplace=True)
        )
        self.logits = nn.Conv2d(256, 19, 1)

    def forward(self, features):
        outputs = []
        for (source, _), branch in zip(BRANCHES, self.branches):
            outputs.append(branch(features if source < 0 else outputs[source]))
        return self.logits(self.projection(self.dropout(torch.cat(outputs, 1))))


def main():
    layout, warmup, steps = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    device = torch.device(sys.argv[4] if len(sys.argv) > 4 else "cpu")
    torch.backends.cudnn.allow_tf32 = False
    torch.set_num_threads(1)
    torch.manual_seed(0)
    memory_format = torch.channels_last if layout == "channels_last" else torch.contiguous_format
    head = Head().to(device, memory_format=memory_format)
    optimiser = torch.optim.SGD(head.parameters(), lr=0.01, momentum=0.9, weight_decay=4e-5)
    network = torch.compile(head) if layout == "compile" else head
    features = torch.randn(8, 320, 33, 33).to(device).contiguous(memory_format=memory_format)
    labels = torch.randint(0, 19, (8, 33, 33)).to(device)
    loss_function = nn.CrossEntropyLoss(ignore_index=255)

    def step():
        optimiser.zero_grad(set_to_none=True)
        loss_function(network(features), labels).backward()
        optimiser.step()
        if device.type == "cuda":
            torch.cuda.synchronize()

    for _ in range(warmup):
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
