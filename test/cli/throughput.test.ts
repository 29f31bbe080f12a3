import { expect, test } from 'vitest'
import { readConfig } from '../../cli/config-file.ts'
import { dpcDurations } from '../../cli/pipelines/dpc/durations.ts'
import { TRAINING, throughputOf } from '../../cli/throughput.ts'
import { cost } from '../../nas/graph/cost.ts'
import { backboneFeatures } from '../../nas/nets/backbones/index.ts'
import type { BackboneName } from '../../nas/nets/backbones/names.ts'
import { graphOf } from '../../nas/nets/count.ts'
import type { DpcConfig } from '../../nas/pipelines/dpc/config.ts'

/** Processor seconds of a training step on two images of 128x256, on one thread of a 3 GHz server. */
const MEASURED: readonly (readonly [network: BackboneName, width: number, seconds: number])[] = [
  ['mobilenet-v2', 1, 0.125],
  ['mobilenet-v2', 0.5, 0.055],
  ['resnet-18', 1, 0.436],
  ['resnet-50', 1, 0.941],
  ['vgg-16', 1, 1.854],
  ['xception-65', 1, 1.505],
]

const { job } = throughputOf({ card: 'cpu' } as DpcConfig['compute'], 'here')

test.each(MEASURED)('a step of %s at width %d takes what was measured', (network, width, seconds) => {
  const graph = graphOf(
    (context, image) => backboneFeatures(context, image, { network, width, outputStride: 16 }),
    [3, 128, 256],
  )
  const expected = TRAINING * 2 * job(cost(graph))
  expect(expected / seconds).toBeGreaterThan(0.88)
  expect(expected / seconds).toBeLessThan(1.12)
})

test('a P100 trains a proxy task of the paper in 90 minutes', () => {
  const config = readConfig('examples/dpc-cityscapes.yaml', []) as DpcConfig
  const p100 = throughputOf({ ...config.compute, card: 'p100' }, 'aws')
  const { secondsPerStep } = dpcDurations(config, { train: 1, validation: 1 }, p100)
  const minutes = (secondsPerStep['proxy-task'] * 30_000) / 60
  expect(minutes).toBeGreaterThan(85)
  expect(minutes).toBeLessThan(95)
})
