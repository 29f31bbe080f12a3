/* The smallest searches that go through every step. */

export const TINY = `
pipeline: dpc
name: tiny
dataset: { kind: street, images: 4, validation: 2, height: 32, width: 64 }
backbone: { width: 0.1, pretrain: { steps: 2, batch: 2, crop: [33, 33] } }
space: { branches: 2, filters: 8 }
proxy: { steps: 2, batch: 2, crop: [33, 33], views: 1 }
search: { perRound: 2, trialsPerJob: 2 }
rerank: { top: 2, steps: 2, batch: 2, crop: [33, 33], baselines: { aspp: false, random: 0 } }
budget: { trials: 4 }
`

export const TINY_DENSENAS = `
pipeline: densenas
name: tiny
dataset: { kind: shapes, images: 60, validation: 20, size: 16 }
image: 16
space:
  operations: [mbconv_k3_t3, mbconv_k5_t3]
  stages:
    - { stride: 2, widths: [8], layers: 0 }
    - { stride: 4, widths: [16, 24], layers: 1 }
  reach: 2
  last: 16
search: { epochs: 6, architectureFrom: 2, batch: 5, cost: { batch: 2 } }
retrain: { epochs: 2, batch: 10 }
baselines: { random: 1, mobileNetV2: false }
`

/** For tests of other things: on a machine that is busy with other tests, latencies take long to settle. */
export const WITHOUT_LATENCY = TINY_DENSENAS.replace('batch: 2 }', 'kind: multiply-adds }')

export const TINY_AUTO_FPN = `
pipeline: auto-fpn
name: tiny
dataset: { kind: street, images: 6, validation: 2, height: 64, width: 64 }
image: [64, 64]
backbone: { width: 0.1, pretrain: { steps: 2, batch: 2, warmUp: 1 } }
detector: { channels: 8, hidden: 8, cell: 8, regions: 4, proposals: 4 }
space: { layers: 1, cells: 1 }
search: { views: 1, steps: 3, batch: 2, warmUp: 1 }
retrain: { steps: 2, batch: 2, warmUp: 1 }
baselines: { random: 1 }
`

export const TINY_ONE_STAGE = `
pipeline: auto-fpn
name: tiny
dataset: { kind: street, images: 4, validation: 2, height: 64, width: 64 }
image: [64, 64]
backbone: { width: 0.1, pretrain: { steps: 1, batch: 2, warmUp: 1 } }
detector: { kind: one-stage, levels: 4, channels: 8, candidates: 20 }
space: { layers: 1 }
search: { views: 1, steps: 2, batch: 2, warmUp: 1, stepTraining: false }
retrain: { steps: 1, batch: 2, warmUp: 1 }
baselines: { random: 0 }
`

/** With every kind of choice in its first stages, and one of everything in the others. */
export const TINY_TOPFORMER = `
pipeline: topformer
name: tiny
dataset: { kind: street, images: 6, validation: 2, height: 80, width: 80 }
space:
  stem: [2, 4]
  convolutions:
    - { width: [2, 4], depth: [1], kernel: [3], expansion: [1] }
    - { width: [4], depth: [1, 2], kernel: [3, 5], expansion: [2, 3] }
    - { width: [4], depth: [1], kernel: [3], expansion: [2] }
    - { width: [6], depth: [1], kernel: [3], expansion: [2] }
    - { width: [6, 8], depth: [1], kernel: [3], expansion: [2] }
  transformers:
    - { heads: [1, 2], keyDim: [2, 4], attentionRatio: [1, 2], mlpRatio: [1, 2], depth: [1, 2] }
    - { heads: [1], keyDim: [2], attentionRatio: [1], mlpRatio: [1], depth: [1] }
    - { heads: [1], keyDim: [2], attentionRatio: [1], mlpRatio: [1], depth: [1] }
    - { heads: [1], keyDim: [2], attentionRatio: [1], mlpRatio: [1], depth: [1] }
  injection: 4
supernet: { steps: 2, batch: 2, crop: [80, 80] }
search: { limit: { most: [1.0e+6] }, iterations: 1, samples: 2, calibration: 2, trialsPerJob: 1 }
retrain: { steps: 2, batch: 2, crop: [80, 80] }
baselines: { random: 1 }
`
