import { expect, test } from 'vitest'
import { GraphBuilder } from '../../../../nas/graph/builder.ts'
import type { Value } from '../../../../nas/graph/graph.ts'
import { add } from '../../../../nas/graph/ops/add.ts'
import { reduceMean } from '../../../../nas/graph/ops/reduce-mean.ts'
import { reshape } from '../../../../nas/graph/ops/reshape.ts'
import { fpn } from '../../../../nas/nets/detection/detector.ts'
import { fpnNeck } from '../../../../nas/nets/detection/fpn.ts'
import { fpnHead } from '../../../../nas/nets/detection/head.ts'
import { backboneLevels, withCoarserLevel } from '../../../../nas/nets/detection/pyramid.ts'
import { regionProposals } from '../../../../nas/nets/detection/rpn.ts'
import type { LayerContext } from '../../../../nas/nets/layers.ts'
import { float32, type Tensors } from '../../../../nas/tensor.ts'
import { sgd } from '../../../../nas/training/sgd.ts'
import { trainingStep } from '../../../../nas/training/step.ts'
import { engine } from '../networks.ts'

const contextOf = (graph: GraphBuilder, mode: LayerContext['mode'] = 'evaluation'): LayerContext => ({
  graph,
  mode,
  batchNorm: { decay: 0.9, epsilon: 1e-5 },
})

const input = (graph: GraphBuilder, name: string, ...shape: number[]) =>
  graph.input(name, { dtype: 'float32', shape })

async function run(
  graph: GraphBuilder,
  outputs: Readonly<Record<string, Value>>,
  inputs: Tensors,
  weights: Tensors,
) {
  const program = await (await engine).compile(graph.build(outputs))
  return program.run((await engine).state(weights), inputs)
}

test('a pyramid has the last features of the strides 4 to 32, sizes rounded up', () => {
  const graph = new GraphBuilder()
  const levels = backboneLevels(contextOf(graph), input(graph, 'image', 2, 3, 100, 68), {
    network: 'resnet-18',
    width: 1,
  })
  expect(withCoarserLevel(graph, levels).map(({ type }) => type.shape)).toEqual([
    [2, 64, 25, 17],
    [2, 128, 13, 9],
    [2, 256, 7, 5],
    [2, 512, 4, 3],
    [2, 512, 2, 2],
  ])
})

test('the level after the last is every second pixel of it', async () => {
  const graph = new GraphBuilder()
  const [, coarser] = withCoarserLevel(graph, [input(graph, 'x', 1, 1, 3, 4)])
  const x = float32([1, 1, 3, 4], [...Array(12).keys()])
  const { y } = await run(graph, { y: coarser! }, { x }, {})
  expect([...y!.data]).toEqual([0, 2, 8, 10])
})

test('the neck adds to every level all that are coarser, after the 1x1 convolution of each', async () => {
  const graph = new GraphBuilder()
  const sizes = [4, 2, 1]
  const levels = sizes.map((size, i) => input(graph, `level${i}`, 1, 1, size, size))
  const outputs = fpnNeck(contextOf(graph), levels, { channels: 1 })
  const inputs = sizes.map((size, i) => [
    `level${i}`,
    float32([1, 1, size, size], Array(size ** 2).fill(10 ** i)),
  ])
  const weights = sizes.flatMap((_, i) => [
    [`neck/lateral${i}/weight`, float32([1, 1, 1, 1], [2])],
    [`neck/lateral${i}/bias`, float32([1], [0])],
    [`neck/output${i}/weight`, float32([1, 1, 3, 3], [0, 0, 0, 0, 1, 0, 0, 0, 0])],
    [`neck/output${i}/bias`, float32([1], [0.5])],
  ])
  const { p0, p1, p2 } = await run(
    graph,
    { p0: outputs[0]!, p1: outputs[1]!, p2: outputs[2]! },
    Object.fromEntries(inputs),
    Object.fromEntries(weights),
  )
  expect([p0, p1, p2].map((p) => [...new Set(p!.data)])).toEqual([[222.5], [220.5], [200.5]])
})

test('proposals of all levels come from the same weights: 3 anchors, 4 offsets each', () => {
  const graph = new GraphBuilder()
  const levels = [8, 4].map((size, i) => input(graph, `p${i}`, 2, 16, size, size))
  const proposals = regionProposals(contextOf(graph), levels)
  expect(proposals.map(({ objectness, deltas }) => [objectness.type.shape, deltas.type.shape])).toEqual([
    [
      [2, 3, 8, 8],
      [2, 12, 8, 8],
    ],
    [
      [2, 3, 4, 4],
      [2, 12, 4, 4],
    ],
  ])
  expect(graph.parameters.size).toBe(6)
})

test('the head gives scores of all classes and the background, and a box for each', () => {
  const graph = new GraphBuilder()
  const { scores, deltas } = fpnHead(contextOf(graph), input(graph, 'regions', 5, 8, 7, 7), {
    width: 16,
    classes: 3,
  })
  expect([scores.type.shape, deltas.type.shape]).toEqual([
    [5, 4],
    [5, 16],
  ])
})

test('a step trains all of a detector', () => {
  const detector = fpn('resnet-18', 2, { channels: 8, width: 8 })
  const mean = (graph: GraphBuilder, x: Value) =>
    reshape(graph, reduceMean(graph, x, [...x.type.shape.keys()]), [])
  const step = trainingStep(
    (graph) => {
      const context = contextOf(graph, 'training')
      const image = input(graph, 'image', 1, 3, 64, 64)
      const levels = detector.neck(context, backboneLevels(context, image, detector.backbone))
      const proposals = regionProposals(context, withCoarserLevel(graph, levels))
      const regions = detector.head(context, input(graph, 'regions', 2, 8, 7, 7))
      const outputs = [
        ...proposals.flatMap(({ objectness, deltas }) => [objectness, deltas]),
        regions.scores,
        regions.deltas,
      ]
      return { loss: outputs.map((x) => mean(graph, x)).reduce((sum, term) => add(graph, sum, term)) }
    },
    sgd({ momentum: 0.9, weightDecay: 1e-4 }),
  )
  const scopes = new Set([...step.updates.keys()].map((name) => name.split('/')[0]))
  expect([...scopes].sort()).toEqual(['backbone', 'head', 'neck', 'rpn'])
})
