"""Converts weights that torch.save wrote, torchvision's or a training's, to the safetensors file that Trellis reads.

pip install torch safetensors
python convert-weights.py resnet50-0676ba61.pth resnet50.safetensors
"""
import sys

import safetensors.torch
import torch

source, target = sys.argv[1:]
weights = torch.load(source, map_location="cpu", weights_only=True)
for wrapper in ("state_dict", "model"):  # of checkpoints
    weights = weights.get(wrapper, weights)
weights = {name.removeprefix("module."): value for name, value in weights.items() if torch.is_tensor(value)}
safetensors.torch.save_file({name: value.clone().contiguous() for name, value in weights.items()}, target)
