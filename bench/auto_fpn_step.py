"""The peer of bench/auto-fpn-step.ts: steps of Auto-FPN in PyTorch, with RoIAlign and suppression of torchvision, on one core.

Usage: auto_fpn_step.py default|channels_last weights|architecture|detector SETTINGS STEPS. Anchors, proposals, matching and sampling are
Faster R-CNN's, written with tensors.
"""
import json
import math
import sys

import torch
from torch import nn
from torch.nn import functional as F
from torchvision.ops import batched_nms, box_iou, clip_boxes_to_image, roi_align

from timing import timed

WARM_UP = 3
STRIDES = (4, 8, 16, 32, 64)
RPN_WEIGHTS, HEAD_WEIGHTS = torch.tensor([1.0, 1, 1, 1]), torch.tensor([10.0, 10, 5, 5])
# Kernel and dilation of the operators of a link, all of which are separable, beside `none` and the identity.
SEPARABLE = [(3, 2), (3, 3), (5, 2), (5, 3), (3, 1), (5, 1)]
# t, c, n, s of MobileNetV2 (arXiv 1801.04381, Table 2).
MOBILENET = [(1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)]


def conv_bn(inputs, outputs, kernel=1, stride=1, groups=1, activated=True):
    layers = [nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, groups=groups, bias=False), nn.BatchNorm2d(outputs)]
    return nn.Sequential(*layers, *([nn.ReLU6(inplace=True)] if activated else []))


class InvertedResidual(nn.Module):
    def __init__(self, inputs, outputs, expansion, stride):
        super().__init__()
        hidden = inputs * expansion
        self.layers = nn.Sequential(
            *([conv_bn(inputs, hidden)] if expansion > 1 else []),
            conv_bn(hidden, hidden, 3, stride, hidden),
            conv_bn(hidden, outputs, activated=False),
        )
        self.residual = stride == 1 and inputs == outputs

    def forward(self, x):
        return x + self.layers(x) if self.residual else self.layers(x)


class MobileNetV2(nn.Module):
    """Its last blocks at strides 4, 8, 16 and 32."""

    def __init__(self, width):
        super().__init__()

        def scaled(channels):
            rounded = max(8, int(channels * width + 4) // 8 * 8)
            return rounded + 8 if rounded < 0.9 * channels * width else rounded

        blocks, channels = [conv_bn(3, scaled(32), 3, 2)], scaled(32)
        ends, stride = {}, 2
        for expansion, outputs, count, first in MOBILENET:
            for i in range(count):
                stride *= first if i == 0 else 1
                blocks.append(InvertedResidual(channels, scaled(outputs), expansion, first if i == 0 else 1))
                channels, ends[stride] = scaled(outputs), len(blocks)
        self.blocks = nn.ModuleList(blocks)
        self.ends = [ends[stride] for stride in STRIDES[:4]]

    def forward(self, x):
        outputs = []
        for block in self.blocks:
            outputs.append(block(outputs[-1] if outputs else x))
        return [outputs[end - 1] for end in self.ends]


class FpnNeck(nn.Module):
    def __init__(self, widths, channels):
        super().__init__()
        self.laterals = nn.ModuleList(nn.Conv2d(width, channels, 1) for width in widths)
        self.outputs = nn.ModuleList(nn.Conv2d(channels, channels, 3, padding=1) for _ in widths)

    def forward(self, levels):
        merged = [lateral(level) for lateral, level in zip(self.laterals, levels)]
        for i in (2, 1, 0):
            merged[i] = merged[i] + F.interpolate(merged[i + 1], merged[i].shape[2:], mode="bilinear")
        return [output(level) for output, level in zip(self.outputs, merged)]


class RelaxedNeck(nn.Module):
    """All operators of all links (Auto-FPN, section 3.2). A gate scales the last filter, which is smaller than its output."""

    def __init__(self, widths, channels, layers):
        super().__init__()

        def separable(kernel, dilation):
            depthwise = nn.Conv2d(channels, channels, kernel, padding=kernel // 2 * dilation, dilation=dilation, groups=channels, bias=False)
            return nn.ModuleList([depthwise, nn.Conv2d(channels, channels, 1, bias=False)])

        links = len(widths) ** 2
        self.laterals = nn.ModuleList(nn.Conv2d(width, channels, 1, bias=False) for width in widths)
        self.layers = nn.ModuleList(
            nn.ModuleList(nn.ModuleList(separable(*each) for each in SEPARABLE) for _ in range(links)) for _ in range(layers)
        )
        self.alpha = nn.ParameterList(torch.zeros(links, len(SEPARABLE) + 2) for _ in range(layers))
        self.costs = torch.rand(layers, links, len(SEPARABLE) + 2)

    def weights(self):
        return [alpha.softmax(1) for alpha in self.alpha]

    def cost(self):
        return sum((weights * costs).sum() for weights, costs in zip(self.weights(), self.costs))

    def forward(self, levels):
        features = [lateral(level) for lateral, level in zip(self.laterals, levels)]
        sizes = [feature.shape[2:] for feature in features]
        count = len(sizes)
        for links, weights in zip(self.layers, self.weights()):
            rectified = [F.relu(feature) for feature in features]

            def link(source, target):
                gates, operators = weights[target * count + source], links[target * count + source]
                y = features[source] * gates[1]
                for gate, (depthwise, pointwise) in zip(gates[2:], operators):
                    y = y + F.conv2d(depthwise(rectified[source]), pointwise.weight * gate)
                if target < source:
                    return F.interpolate(y, sizes[target], mode="bilinear")
                return y if target == source else F.max_pool2d(y, 2 ** (target - source), ceil_mode=True)

            features = [sum(link(source, target) for source in range(count)) for target in range(count)]
        return features


class Rpn(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.hidden = nn.Conv2d(channels, channels, 3, padding=1)
        self.objectness, self.deltas = nn.Conv2d(channels, 3, 1), nn.Conv2d(channels, 12, 1)
        for layer in (self.hidden, self.objectness, self.deltas):
            nn.init.normal_(layer.weight, std=0.01)
            nn.init.zeros_(layer.bias)

    def forward(self, levels):
        """Of each level, logits [N,K] and offsets [N,K,4] of its anchors, by ratio and place."""
        outputs = []
        for level in levels:
            hidden = F.relu(self.hidden(level), inplace=True)
            deltas = self.deltas(hidden)
            n, _, height, width = deltas.shape
            deltas = deltas.reshape(n, 3, 4, height, width).permute(0, 1, 3, 4, 2).reshape(n, -1, 4)
            outputs.append((self.objectness(hidden).reshape(n, -1), deltas))
        return outputs


class Head(nn.Module):
    def __init__(self, channels, hidden, classes):
        super().__init__()
        self.hidden = nn.Sequential(nn.Linear(49 * channels, hidden), nn.ReLU(inplace=True), nn.Linear(hidden, hidden), nn.ReLU(inplace=True))
        self.scores, self.deltas = nn.Linear(hidden, 1 + classes), nn.Linear(hidden, 4 * (1 + classes))

    def forward(self, regions):
        hidden = self.hidden(regions.flatten(1))
        return self.scores(hidden), self.deltas(hidden)


def anchors_of(sizes, scale, ratios):
    """[K,4] of each level."""
    levels = []
    for (height, width), stride in zip(sizes, STRIDES):
        y, x = torch.meshgrid((torch.arange(height) + 0.5) * stride, (torch.arange(width) + 0.5) * stride, indexing="ij")
        halves = [(scale * stride / math.sqrt(ratio) / 2, scale * stride * math.sqrt(ratio) / 2) for ratio in ratios]
        levels.append(torch.cat([torch.stack([x - w, y - h, x + w, y + h], -1).reshape(-1, 4) for w, h in halves]))
    return levels


def centres(boxes):
    size = boxes[:, 2:] - boxes[:, :2]
    return boxes[:, :2] + size / 2, size


def encode(boxes, targets, weights):
    (centre, size), (target, extent) = centres(boxes), centres(targets)
    return torch.cat([(target - centre) / size, (extent / size).log()], 1) * weights


def decode(boxes, deltas, weights):
    (centre, size), deltas = centres(boxes), deltas / weights
    centre = centre + deltas[:, :2] * size
    half = size * deltas[:, 2:].clamp(max=math.log(1000 / 16)).exp() / 2
    return torch.cat([centre - half, centre + half], 1)


def match(boxes, truths, positive, negative, eachTruth):
    """Of each box its truth, -1 for background, -2 for what trains nothing."""
    overlap = box_iou(boxes, truths)
    best, truth = overlap.max(1)
    matches = torch.where(best >= positive, truth, torch.where(best < negative, -1, -2))
    return torch.where((overlap == overlap.max(0).values).any(1), truth, matches) if eachTruth else matches


def sample(matches, size, positive):
    found, background = (matches >= 0).nonzero()[:, 0], (matches == -1).nonzero()[:, 0]
    found = found[torch.randperm(len(found))[: int(size * positive)]]
    return found, background[torch.randperm(len(background))[: size - len(found)]]


class Detector(nn.Module):
    def __init__(self, phase, settings):
        super().__init__()
        self.options, self.image, self.truth = settings["options"], settings["image"], settings["truth"]
        channels, widths = settings["channels"], [level[0] for level in settings["levels"]]
        full = phase == "detector"
        self.backbone = MobileNetV2(settings["width"]) if full else nn.Identity()
        self.neck = FpnNeck(widths, channels) if full else RelaxedNeck(widths, channels, settings["layers"])
        self.rpn, self.head = Rpn(channels), Head(channels, settings["hidden"], self.options["classes"])
        sizes = [level[1:] for level in settings["levels"]]
        sizes.append([(side - 1) // 2 + 1 for side in sizes[-1]])
        self.anchors = anchors_of(sizes, **self.options["anchors"])

    @torch.no_grad()
    def propose(self, levels, image, perLevel, most, threshold):
        boxes, scores, indices = [], [], []
        for i, ((objectness, deltas), anchors) in enumerate(zip(levels, self.anchors)):
            score, best = objectness[image].topk(min(perLevel, len(anchors)))
            boxes.append(decode(anchors[best], deltas[image][best], RPN_WEIGHTS))
            scores.append(score)
            indices.append(torch.full_like(best, i))
        boxes, scores, indices = clip_boxes_to_image(torch.cat(boxes), self.image), torch.cat(scores), torch.cat(indices)
        whole = ((boxes[:, 2] > boxes[:, 0]) & (boxes[:, 3] > boxes[:, 1])).nonzero()[:, 0]
        boxes, scores, indices = boxes[whole], scores[whole], indices[whole]
        return boxes[batched_nms(boxes, scores, indices, threshold)[:most]]

    def forward(self, inputs, truths):
        """The sum of the four losses."""
        pyramid = self.neck(self.backbone(inputs))
        predicted = self.rpn([*pyramid, pyramid[-1][:, :, ::2, ::2]])
        boxes, labels = truths
        proposals = [self.propose(predicted, i, **self.options["proposals"]["training"]) for i in range(len(pyramid[0]))]

        anchors = torch.cat(self.anchors)
        objectness, deltas = (torch.cat(each, 1) for each in zip(*predicted))
        logits, wanted, moved, movements = [], [], [], []
        regions, classes, offsets = [], [], []
        for i, proposed in enumerate(proposals):
            matches = match(anchors, boxes, **self.options["anchorMatch"])
            positive, negative = sample(matches, **self.options["anchorSample"])
            logits.append(objectness[i][torch.cat([positive, negative])])
            wanted.append(torch.cat([torch.ones(len(positive)), torch.zeros(len(negative))]))
            moved.append(deltas[i][positive])
            movements.append(encode(anchors[positive], boxes[matches[positive]], RPN_WEIGHTS))

            candidates = torch.cat([boxes, proposed])
            matches = match(candidates, boxes, **self.options["regionMatch"])
            positive, negative = sample(matches, **self.options["regionSample"])
            regions.append(candidates[torch.cat([positive, negative])])
            classes.append(torch.cat([labels[matches[positive]] + 1, torch.zeros(len(negative), dtype=torch.long)]))
            targets = encode(candidates[positive], boxes[matches[positive]], HEAD_WEIGHTS)
            offsets.append(torch.cat([targets, torch.zeros(len(negative), 4)]))
        logits, wanted = torch.cat(logits), torch.cat(wanted)
        objectness_loss = F.binary_cross_entropy_with_logits(logits, wanted)
        anchor_loss = F.smooth_l1_loss(torch.cat(moved), torch.cat(movements), beta=1 / 9, reduction="sum") / len(logits)

        pooled = sum(roi_align(level, regions, 7, 1 / stride, 2, aligned=True) for level, stride in zip(pyramid, STRIDES)) / 4
        scores, found = self.head(pooled)
        classes, offsets = torch.cat(classes), torch.cat(offsets)
        positive = classes.nonzero()[:, 0]
        found = found.reshape(len(found), -1, 4)[positive, classes[positive]]
        box_loss = F.smooth_l1_loss(found, offsets[positive], reduction="sum") / len(classes)
        return objectness_loss + anchor_loss + F.cross_entropy(scores, classes) + box_loss


def main():
    variant, phase, settings, steps = sys.argv[1], sys.argv[2], json.loads(sys.argv[3]), int(sys.argv[4])
    torch.set_num_threads(1)
    torch.manual_seed(0)
    memory_format = torch.channels_last if variant == "channels_last" else torch.contiguous_format
    detector = Detector(phase, settings).to(memory_format=memory_format)
    architecture = [parameter for name, parameter in detector.named_parameters() if "alpha" in name]
    weights = [parameter for name, parameter in detector.named_parameters() if "alpha" not in name]
    for parameter in architecture:
        parameter.requires_grad = phase == "architecture"
    for parameter in weights:
        parameter.requires_grad = phase != "architecture"
    if phase == "architecture":
        optimiser = torch.optim.Adam(architecture, lr=3e-3, betas=(0.5, 0.999), weight_decay=1e-3)
    else:
        optimiser = torch.optim.SGD(weights, lr=1e-3, momentum=0.9, weight_decay=1e-4, fused=True)

    def maps(*shape):
        return torch.randn(settings["batch"], *shape).contiguous(memory_format=memory_format)

    inputs = maps(3, *settings["image"]) if phase == "detector" else [maps(*level) for level in settings["levels"]]
    truths = torch.tensor(settings["truth"]["boxes"], dtype=torch.float32), torch.tensor(settings["truth"]["labels"])

    def step(number):
        optimiser.zero_grad(set_to_none=True)
        loss = detector(inputs, truths)
        (loss if phase == "detector" else loss + 0.02 * detector.neck.cost()).backward()
        optimiser.step()

    timed(step, WARM_UP, steps, parameters=sum(parameter.numel() for parameter in detector.parameters()))


if __name__ == "__main__":
    main()
