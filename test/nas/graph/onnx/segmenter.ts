import type { Graph } from '../../../../nas/graph/graph.ts'
import type { BackboneName } from '../../../../nas/nets/backbones/names.ts'
import type { DpcGenotype, DpcOperation } from '../../../../nas/spaces/dpc/genotype.ts'
import { networkFor } from '../../../../nas/spaces/dpc/network.ts'
import { float32, type Tensors } from '../../../../nas/tensor.ts'
import { segmentationGraph } from '../../../../nas/training/segmentation.ts'

/* A segmenter with every kind of branch, of any weights. */

export const noise = (shape: readonly number[], seed: number) =>
  float32(
    shape,
    Float32Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => Math.sin(i * 12.9898 + seed)),
  )

const cell = (...operations: DpcOperation[]): DpcGenotype => ({
  space: 'dpc',
  version: 1,
  branches: operations.map((operation, i) => ({ input: i - 1, operation })),
})

export function segmenter(
  pyramidPooling: 'grid' | 'sliding',
  samples: number,
  size: readonly [number, number],
  network: BackboneName = 'mobilenet-v2',
  decoder = false,
): Graph {
  const genotype = cell(
    { kind: 'atrous', rate: [1, 3] },
    { kind: 'pyramid-pooling', grid: [2, 4] },
    { kind: 'pyramid-pooling', grid: [1, 1] },
    { kind: 'pyramid-pooling', grid: [8, 1] },
    { kind: 'conv1x1' },
  )
  const segmenting = networkFor(genotype, {
    input: 'image',
    backbone: { network, width: network === 'mobilenet-v2' ? 0.1 : 1, outputStride: 16 },
    cell: { filters: 8, pyramidPooling },
    classes: 3,
    decoder,
    size,
  })
  return segmentationGraph({
    network: segmenting,
    input: { name: 'image', shape: [samples, 3, ...size] },
  })
}

export const weightsOf = (graph: Graph): Tensors =>
  Object.fromEntries(
    [...graph.parameters].map(([name, { parameter }], i) => {
      const { shape } = parameter
      const values = noise(shape, i)
      return [
        name,
        name.endsWith('variance')
          ? float32(shape, values.data.map((v) => 1 + v * v) as Float32Array)
          : values,
      ]
    }),
  )
