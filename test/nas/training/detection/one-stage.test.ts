import { describe, expect, it } from 'vitest'
import { boxAt, rowsOf } from '../../../../nas/boxes/boxes.ts'
import { detectionsOf } from '../../../../nas/boxes/detections.ts'
import { iou } from '../../../../nas/boxes/iou.ts'
import { likeliestAnchors } from '../../../../nas/boxes/likeliest.ts'
import { GraphBuilder } from '../../../../nas/graph/builder.ts'
import { gradient } from '../../../../nas/graph/gradient.ts'
import { pyramidOf } from '../../../../nas/pipelines/auto-fpn/network.ts'
import { supernetSpec } from '../../../../nas/pipelines/auto-fpn/specs.ts'
import { supernetOf } from '../../../../nas/pipelines/auto-fpn/supernet-network.ts'
import { random } from '../../../../nas/random.ts'
import { supernetLoss } from '../../../../nas/spaces/auto-fpn/search/graphs.ts'
import { float32, sizeOf, type Tensor, type Tensors } from '../../../../nas/tensor.ts'
import { fromCache } from '../../../../nas/training/detection/features.ts'
import { detectorGeometry, levelShapes } from '../../../../nas/training/detection/level-shapes.ts'
import { multiboxTargets, NOT_LEARNT } from '../../../../nas/training/detection/one-stage/targets.ts'
import { initialise } from '../../../../nas/training/initialise.ts'
import { engine } from '../../nets/networks.ts'
import { aRun } from '../../pipelines/auto-fpn/example.ts'

const spec = supernetSpec(
  aRun(
    'one-stage',
    'detector={ kind: one-stage, levels: 4, channels: 4 }',
    'space.layers=1',
    'search={ batch: 2, lambda: 0.5 }',
  ),
  'neck',
  'softmax',
  null,
)
const shapes = levelShapes(pyramidOf(spec), spec.image)
const supernet = supernetOf(spec, fromCache(shapes, 2))
const geometry = detectorGeometry(supernet.detector, spec.image)
const options = supernet.detector.stages === 1 ? supernet.detector.options : undefined
const truths = [
  {
    boxes: rowsOf([
      [4, 6, 30, 40],
      [20, 10, 62, 60],
      [50, 50, 58, 57],
    ]),
    labels: [1, 0, 1],
  },
  { boxes: rowsOf([]), labels: [] },
]

const normal = (name: string, shape: readonly number[], scale = 1): Tensor => {
  const rng = random(3, name)
  return float32(
    shape,
    Array.from({ length: sizeOf(shape) }, () => scale * rng.normal()),
  )
}

const [CLASSES, K] = [3, geometry.anchors.length / 4]

describe('what the heads learn', () => {
  const scores = normal('scores', [2, CLASSES, K])
  const targets = multiboxTargets(geometry, scores, truths, options!)
  const labels = targets['anchor/label']!.data
  const rows = (image: number, of: (label: number) => boolean) =>
    [...Array(K).keys()].filter((anchor) => of(labels[image * K + anchor]!))

  it('has an anchor for every truth, all that overlap one by half, and three of the background for each', () => {
    const positive = rows(0, (label) => label > 0)
    const { boxes } = truths[0]!
    for (const truth of [0, 1, 2])
      expect(positive.some((anchor) => iou(geometry.anchors, anchor, boxes, truth) > 0)).toBe(true)
    for (let anchor = 0; anchor < K; anchor++)
      if ([0, 1, 2].some((truth) => iou(geometry.anchors, anchor, boxes, truth) >= 0.5))
        expect(positive).toContain(anchor)
    expect(rows(0, (label) => label === 0).length).toBe(3 * positive.length)
    expect(targets['anchor/share']!.data[0]).toBe(4)
  })

  it('leaves out no anchor that is taken for more than one that is learnt', () => {
    const loss = (anchor: number) => {
      const logits = [0, 1, 2].map((label) => scores.data[label * K + anchor]!)
      return Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit), 0)) - logits[0]!
    }
    const learnt = Math.min(...rows(0, (label) => label === 0).map(loss))
    expect(Math.max(...rows(0, (label) => label === NOT_LEARNT).map(loss))).toBeLessThanOrEqual(learnt)
  })

  it('is nothing of an image without things', () => {
    expect(rows(1, (label) => label !== NOT_LEARNT)).toEqual([])
  })

  it('is what finds the true boxes, once it is learnt', () => {
    const probabilities = new Float32Array(CLASSES * K)
    for (let anchor = 0; anchor < K; anchor++) probabilities[Math.max(labels[anchor]!, 0) * K + anchor] = 1
    const deltas = (targets['anchor/target']!.data as Float32Array).subarray(0, 4 * K)
    const likely = likeliestAnchors(geometry.anchors, probabilities, deltas, 100)
    const found = detectionsOf(likely.regions, likely.probabilities, likely.deltas, geometry, {
      score: 0.5,
      threshold: 0.5,
      most: 10,
    })
    const show = (boxes: typeof found.boxes, label: number, i: number) =>
      `${label}: ${boxAt(boxes, i).map(Math.round)}`
    expect([...found.labels].map((label, i) => show(found.boxes, label, i)).sort()).toEqual(
      truths[0]!.labels.map((label, i) => show(truths[0]!.boxes, label, i)).sort(),
    )
  })
})

describe('the relaxed loss', async () => {
  const graph = new GraphBuilder()
  const { loss, metrics } = supernetLoss(supernet)(graph)
  const WRT = [
    'neck/layer0/alpha',
    'extra/level3/halve/weight',
    'head/level1/scores/weight',
    'head/level0/deltas/bias',
  ]
  const gradients = gradient(
    graph,
    loss,
    WRT.map((name) => graph.parameters.get(name)!.value),
  )
  const program = await (await engine).compile(
    graph.build({
      loss,
      ...metrics,
      ...Object.fromEntries(WRT.map((name, i) => [`d ${name}`, gradients[i]!])),
    }),
  )
  const weights = {
    ...initialise(graph.parameters, 1),
    'neck/layer0/alpha': normal('alpha', [16, 8]),
    'head/level0/deltas/bias': normal('bias', [16], 0.1),
  }
  const levels = Object.fromEntries(
    shapes.map((shape, i) => [`level${i}`, normal(`level${i}`, [2, ...shape])]),
  )
  const run = async (parameters: Tensors, targets: Tensors) =>
    program.run((await engine).state(parameters), { ...levels, ...targets })
  const nothing = multiboxTargets(
    geometry,
    float32([2, CLASSES, K], new Float32Array(2 * CLASSES * K)),
    [],
    options!,
  )
  const { scores } = await run(weights, nothing)
  const targets = multiboxTargets(geometry, scores!, truths, options!)
  const whole = await run(weights, targets)

  it('is SSD’s, over the anchors that match: their classes, those of the hard background, and their boxes', () => {
    const labels = targets['anchor/label']!.data
    let [sum, matched] = [0, 0]
    for (let image = 0; image < 2; image++)
      for (let anchor = 0; anchor < K; anchor++) {
        const label = labels[image * K + anchor]!
        if (label === NOT_LEARNT) continue
        if (label > 0) matched++
        const logits = [0, 1, 2].map((c) => scores!.data[(image * CLASSES + c) * K + anchor]!)
        sum += Math.log(logits.reduce((all, logit) => all + Math.exp(logit), 0)) - logits[label]!
      }
    expect(whole.classLoss!.data[0]).toBeCloseTo(sum / matched, 4)
  })

  it.each(WRT)('has the gradient of finite differences by %s', async (name) => {
    const [step, { shape, data }] = [5e-3, weights[name as keyof typeof weights] as Tensor]
    const analytic = whole[`d ${name}`]!.data
    const largest = [...analytic.keys()].toSorted((i, j) => Math.abs(analytic[j]!) - Math.abs(analytic[i]!))
    expect(Math.abs(analytic[largest[0]!]!)).toBeGreaterThan(0.004)
    for (const at of largest.slice(0, 4)) {
      const lossAt = async (by: number) => {
        const moved = Float32Array.from(data as Float32Array)
        moved[at]! += by
        return (await run({ ...weights, [name]: float32(shape, moved) }, targets)).loss!.data[0]!
      }
      const difference = ((await lossAt(step)) - (await lossAt(-step))) / (2 * step)
      expect(Math.abs(difference - analytic[at]!)).toBeLessThan(2e-4 + 0.02 * Math.abs(analytic[at]!))
    }
  })
})
