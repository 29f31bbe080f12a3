import { expect, test } from 'vitest'
import { autoFpnDurations } from '../../../../cli/pipelines/auto-fpn/durations.ts'
import type { Work } from '../../../../cli/throughput.ts'
import { aConfig } from '../../../nas/pipelines/auto-fpn/example.ts'

/** Seconds are multiply-adds: memory is never waited for. */
const multiplyAdds = (work: Work) => work.multiplyAdds
const SPEED = { job: multiplyAdds, alone: multiplyAdds }
const IMAGES = { train: 10, validation: 2 }
const TRAINING = 3
const BATCH = 2

const durationsOf = (...overrides: readonly string[]) =>
  autoFpnDurations(
    aConfig(
      'detector={channels: 8, cell: 8, regions: 4}',
      `search={batch: ${BATCH}, views: 3}`,
      ...overrides,
    ),
    IMAGES,
    SPEED,
  )

test('another layer of a neck costs all its operators, at the resolution of their sources', () => {
  const two = durationsOf('space.layers=2').secondsPerStep
  const three = durationsOf('space.layers=3').secondsPerStep
  // Depthwise kernels of 3x3 and 5x5, three of each, and 1x1 convolutions behind them.
  const operators = 3 * (8 * 9 + 8 * 8) + 3 * (8 * 25 + 8 * 8)
  // Four links out of each level, of strides 4 to 32.
  const places = 4 * (16 ** 2 + 8 ** 2 + 4 ** 2 + 2 ** 2)
  expect(three.neck - two.neck).toBeCloseTo(TRAINING * BATCH * operators * places)
  expect(three.head).toBe(two.head)
  expect(three.detector).toBeGreaterThan(two.detector)
})

test('another cell of a head costs all its operators, for every region', () => {
  const one = durationsOf('space.cells=1').secondsPerStep
  const two = durationsOf('space.cells=2').secondsPerStep
  // Nodes have a quarter of the channels; two kernels of either size are depthwise, one is not.
  const operators = 2 * (2 * 9 + 2 * 2) + 2 * (2 * 25 + 2 * 2) + 2 * 2 * 9 + 2 * 2 * 25
  const links = 2 + 3 + 4 + 5
  // The 1x1 convolutions of both inputs.
  const inputs = 2 * 8 * 2
  const places = 4 * 7 * 7
  expect(two.head - one.head).toBeCloseTo(TRAINING * BATCH * (operators * links + inputs) * places)
  expect(two.neck).toBe(one.neck)
})

test('a search reads cached features, or runs the backbone on every image of a step', () => {
  const frozen = durationsOf()
  const trained = durationsOf('search.freezeBackbone=false')
  // Each training image in three views, forward alone.
  const backbone = frozen.features / (10 * 3)
  expect(backbone).toBeGreaterThan(0)
  for (const module of ['neck', 'head'] as const)
    expect(trained.secondsPerStep[module] - frozen.secondsPerStep[module]).toBeCloseTo(
      TRAINING * BATCH * backbone,
    )
})

test('given weights, no backbone is trained; it is trained in a whole FPN', () => {
  expect(durationsOf('backbone.weights=/w.safetensors').secondsPerStep.backbone).toBe(0)
  const of = (batch: number) => durationsOf(`backbone.pretrain={batch: ${batch}}`).secondsPerStep.backbone
  expect(of(3)).toBeCloseTo(3 * of(1))
})

test('detectors cost what FPN does and what architectures of the space do, by how many of each are trained', () => {
  const of = (...baselines: readonly string[]) => durationsOf(...baselines).secondsPerStep.detector
  const found = of('baselines.fpn=false', 'baselines.random=0')
  const beside = of('baselines.fpn=true', 'baselines.random=0')
  const fpn = 2 * beside - found
  expect(fpn).toBeGreaterThan(0)
  expect(fpn).not.toBeCloseTo(found)
  expect(of('baselines.fpn=false', 'baselines.random=5')).toBeCloseTo(found)
  expect(of('baselines.fpn=true', 'baselines.random=2')).toBeCloseTo((fpn + 3 * found) / 4)
})

test('what is trained is scored on the validation images, a detector on test images too, by its regions in evaluation', () => {
  const of = (proposals: number) => durationsOf(`detector.proposals=${proposals}`)
  const { evaluation, secondsPerStep } = of(4)
  // With as many regions as it learns from, an image costs a third of a step's.
  expect(evaluation.detector).toBeCloseTo((2 * secondsPerStep.detector) / (TRAINING * 4))
  const perRegion = (job: 'neck' | 'head' | 'detector') => (of(8).evaluation[job] - evaluation[job]) / 4
  expect(perRegion('neck')).toBeGreaterThan(0)
  expect(perRegion('head')).toBeGreaterThan(0)
  const config = aConfig('detector={channels: 8, cell: 8, regions: 4}')
  const withTest = autoFpnDurations(config, { ...IMAGES, test: 6 }, SPEED).evaluation
  const without = autoFpnDurations(config, IMAGES, SPEED).evaluation
  expect(withTest.detector).toBeCloseTo(4 * without.detector)
  expect(withTest.neck).toBe(without.neck)
})
