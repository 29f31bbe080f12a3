import { describe, expect, test } from 'vitest'
import { fitMemory, memoryHere } from '../../cli/memory.ts'
import { autoFpnMemory } from '../../cli/pipelines/auto-fpn/memory.ts'
import { dpcMemory } from '../../cli/pipelines/dpc/memory.ts'
import { aConfig as aDetector } from '../nas/pipelines/auto-fpn/example.ts'
import { aConfig } from '../nas/pipelines/dpc/example.ts'

const extent = { height: 3000, width: 4000, pixels: 20e6 }
const config = aConfig('backbone.width=0.5', 'compute.concurrency=8')
const memory = dpcMemory(config, 2, extent)

describe('jobs that evaluate photographs of twelve megapixels', () => {
  test('take gigabytes each', () => {
    // Peaks of processes that were measured: 3.9 GB for the features, 5.0 GB for a network with two classes.
    expect(memory.alone.bytes / 1e9).toBeGreaterThan(3.5)
    expect(memory.each.bytes / 1e9).toBeGreaterThan(4.7)
    expect(memory.each.bytes / 1e9).toBeLessThan(6)
    expect(dpcMemory(config, 19, extent).each.bytes).toBeGreaterThan(memory.each.bytes)
  })

  test('run as many at once as there is memory for, and that is said', () => {
    const { config: fitting, warnings } = fitMemory(config, memory, extent, 12e9)
    expect(fitting.compute.concurrency).toBe(2)
    expect(warnings).toEqual([
      expect.stringMatching(
        /^a job that evaluates images of 3000x4000 takes about 5\.\d GB of memory, and there are 12 GB here: 2 jobs at once, not 8$/,
      ),
    ])
  })

  test('run alone, with a warning, where there may not be enough for one', () => {
    const { config: fitting, warnings } = fitMemory(config, memory, extent, 4e9)
    expect(fitting.compute.concurrency).toBe(1)
    expect(warnings[0]).toContain('and there are 4.0 GB here, so that it may be killed; scale down')
  })

  test('are refused where there is certainly not enough', () => {
    expect(() => fitMemory(config, memory, extent, 1e9)).toThrow('and there are 1.0 GB here')
  })
})

describe('trainings of a large backbone', () => {
  const small = { height: 32, width: 64, pixels: 10e3 }
  const crops = ['backbone.pretrain', 'rerank'].flatMap((of) => [`${of}.crop=[33,65]`, `${of}.batch=2`])
  const xception = aConfig('backbone.network=xception-65', 'compute.concurrency=8', ...crops)

  test('take gigabytes for its weights, however small the images are', () => {
    // Peaks of processes that were measured: 2.8 GB and 3.2 GB; 0.9 GB and 1.1 GB of MobileNetV2 with larger crops.
    const { alone, each } = dpcMemory(xception, 10, small)
    expect(alone.bytes / 1e9).toBeCloseTo(2.8, 0)
    expect(each.bytes / 1e9).toBeCloseTo(3.2, 0)
    const mobile = dpcMemory(aConfig(), 10, small)
    expect(mobile.alone.bytes / 1e9).toBeCloseTo(0.9, 0)
    expect(mobile.each.bytes / 1e9).toBeCloseTo(1.1, 0)
  })

  test('run as many at once as there is memory for, and the message names what takes it', () => {
    const memory = dpcMemory(xception, 10, small)
    expect(fitMemory(xception, memory, small, 8e9)).toMatchObject({
      config: { compute: { concurrency: 2 } },
      warnings: [expect.stringContaining('a job that trains on 2 crops of 33x65 takes about 3.')],
    })
    expect(() => fitMemory(xception, memory, small, 1e9)).toThrow('trains on 2 crops')
  })
})

describe('jobs of a detector', () => {
  const street = aDetector(
    'image=[128,256]',
    'backbone={width: 0.5, pretrain: {batch: 4}}',
    'detector={channels: 32, hidden: 128, cell: 64, regions: 32, proposals: 64}',
    'search.batch=2',
    'retrain.batch=4',
  )
  const images = { height: 128, width: 256, pixels: 192 * 128 * 256 }

  test('take what was measured, within a third', () => {
    // Peaks of processes: 533 MB for the neck, 545 MB for a detector, of which any job has 150 MB, and the images 25 MB.
    const { alone, each } = autoFpnMemory(street, 4)
    expect(alone.what).toBe('searches the neck on 2 images of 128x256')
    expect(each.what).toBe('trains on 4 images of 128x256')
    for (const [bytes, measured] of [
      [alone.bytes, 533e6 - 175e6],
      [each.bytes, 545e6 - 175e6],
    ] as const)
      expect(Math.abs(bytes / measured - 1)).toBeLessThan(1 / 3)
  })

  test('run as many at once as there is memory for; searches of several methods do, too', () => {
    const eight = { ...street, compute: { ...street.compute, concurrency: 8 } }
    const { config, warnings } = fitMemory(eight, autoFpnMemory(street, 4), images, 2e9)
    expect(config.compute.concurrency).toBeLessThan(8)
    expect(warnings[0]).toMatch(/^a job that trains on 4 images of 128x256 takes about 0\.\d+ GB of memory/)
    const both = autoFpnMemory({ ...street, baselines: { ...street.baselines, snas: true } }, 4)
    expect(both.alone.what).not.toContain('searches')
  })

  test('take more the more images a step has, and say which key that is', () => {
    const large = autoFpnMemory({ ...street, retrain: { ...street.retrain, batch: 64 } }, 4)
    expect(large.each.bytes).toBeGreaterThan(10 * autoFpnMemory(street, 4).each.bytes)
    expect(() => fitMemory(street, large, images, 1e9)).toThrow('trains on 64 images of 128x256')
    expect(large.each.fix).toMatch(/^lower retrain\.batch,/)
  })
})

test('where there is enough, nothing changes', () => {
  const small = { height: 128, width: 256, pixels: 10e6 }
  expect(fitMemory(config, dpcMemory(config, 10, small), small, 16e9)).toEqual({ config, warnings: [] })
})

test('the memory of this machine is told', () => {
  expect(memoryHere()).toBeGreaterThan(1e8)
})
