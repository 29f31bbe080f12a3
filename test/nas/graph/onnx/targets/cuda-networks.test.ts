import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { CompileOptions, Engine } from '../../../../../nas/engines/engine.ts'
import { onnxRuntime } from '../../../../../nas/engines/onnxruntime.ts'
import type { Graph } from '../../../../../nas/graph/graph.ts'
import { cuda } from '../../../../../nas/graph/onnx/targets/cuda/index.ts'
import { random } from '../../../../../nas/random.ts'
import { networkFor } from '../../../../../nas/spaces/dpc/network.ts'
import { dpcSpace } from '../../../../../nas/spaces/dpc/space.ts'
import { segmentationSandwich } from '../../../../../nas/spaces/topformer/sandwich.ts'
import { smallest } from '../../../../../nas/spaces/topformer/space.ts'
import { topformerSupernet } from '../../../../../nas/spaces/topformer/supernet.ts'
import { sandwichGraphs } from '../../../../../nas/training/sandwich.ts'
import { segmentationStep } from '../../../../../nas/training/segmentation.ts'
import { sgd } from '../../../../../nas/training/sgd.ts'
import { memoryStore } from '../../../../functions/memory-store.ts'
import { toySearch } from '../../../spaces/densenas/search/toy-search.ts'
import { TINY_SPACE } from '../../../spaces/topformer/tiny-space.ts'
import { missingKernels } from './missing-kernels.ts'

const optimiser = sgd({ momentum: 0.9, weightDecay: 4e-5 })

/** Operations that save the CPU passes over memory: networks do not have them. */
const forTheCpu = ({ nodes }: Graph): readonly string[] =>
  nodes.flatMap(({ op }) => (['scaled-pointwise', 'moments'].includes(op.name) ? [op.name] : []))

test('whatever cell is trained, on features or on images, its step has CUDA kernels only', () => {
  const backbones = ['mobilenet-v2', 'resnet-18'] as const
  fc.assert(
    fc.property(fc.nat(), fc.constantFrom(...backbones), fc.boolean(), (seed, network, cached) => {
      const graph = segmentationStep(
        {
          network: networkFor(dpcSpace().sample(random(seed, 'cell')), {
            input: cached ? 'features' : 'image',
            backbone: { network, width: 0.25, outputStride: 16 },
            cell: { filters: 8, pyramidPooling: seed % 2 ? 'grid' : 'sliding' },
            classes: 3,
            size: [65, 65],
          }),
          input: cached
            ? { name: 'features', shape: [2, 16, 5, 5] }
            : { name: 'image', shape: [2, 3, 65, 65] },
          labels: [17, 17],
          classBalance: 0.5,
        },
        optimiser,
        100,
        cuda.rewrites,
      )
      expect(missingKernels(graph)).toEqual([])
      expect(forTheCpu(graph)).toEqual([])
    }),
    { numRuns: 8 },
  )
})

test('so have the programs of a sandwich step', () => {
  const supernet = topformerSupernet({ space: TINY_SPACE, classes: 3 })
  const task = {
    supernet,
    smallest: smallest(TINY_SPACE),
    batch: 2,
    crop: [65, 65] as const,
    optimiser,
    clip: 1,
  }
  const { parameters: _, ...graphs } = sandwichGraphs(segmentationSandwich(task), cuda.rewrites)
  expect(Object.values(graphs).flatMap(missingKernels)).toEqual([])
  expect(Object.values(graphs).flatMap(forTheCpu)).toEqual([])
})

test('so have all programs of a supernet, whose search comes to the architecture parameters of the CPU', async () => {
  const schedule = { epochs: 2, architectureFrom: 1, stepsPerEpoch: { weights: 2, architecture: 2 } }
  const options = { threads: 1, manyPrograms: true } as const
  const missing = new Set<string>()
  const watched = (engine: Engine): Engine => ({
    ...engine,
    compile(graph: Graph, options?: CompileOptions) {
      for (const each of [...missingKernels(graph), ...forTheCpu(graph)]) missing.add(each)
      return engine.compile(graph, options)
    },
  })
  const device = await onnxRuntime({ device: 'cuda', provider: 'cpu', ...options })
  const found = async (key: string, engine: Engine) => {
    const search = await toySearch(memoryStore(), key, { schedule, engine })
    await search.train({ checkpointDue: () => false })
    const { parameters } = await search.read()
    await search.dispose()
    return [parameters.beta, parameters.head, parameters.stack].flat(Infinity) as number[]
  }
  const expected = await found('cpu', await onnxRuntime(options))
  const lowered = await found('cuda', watched(device))
  expect([...missing]).toEqual([])
  expect(lowered).toEqual(expected.map((parameter) => expect.closeTo(parameter, 4)))
})
