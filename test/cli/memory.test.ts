import { describe, expect, test } from 'vitest'
import { fitMemory, memoryHere } from '../../cli/memory.ts'
import { dpcMemory } from '../../cli/pipelines/dpc/memory.ts'
import { aConfig } from '../nas/pipelines/dpc/example.ts'

const extent = { height: 3000, width: 4000, pixels: 20e6 }
const config = aConfig('backbone.width=0.5', 'compute.concurrency=8')
const perJob = dpcMemory(config, 2, extent)

describe('jobs that evaluate photographs of twelve megapixels', () => {
  test('need some gigabytes each, an image at a time', () => {
    // Peaks of processes that were measured: 2.0 GB for the features, 2.1 GB for a network with two classes.
    expect(perJob / 1e9).toBeGreaterThan(1.5)
    expect(perJob / 1e9).toBeLessThan(3.5)
    expect(dpcMemory(config, 19, extent)).toBeGreaterThan(perJob)
  })

  test('run as many at once as there is memory for, and that is said', () => {
    const { config: fitting, warnings } = fitMemory(config, perJob, extent, 6e9)
    expect(fitting.compute.concurrency).toBe(2)
    expect(warnings).toEqual([
      expect.stringMatching(
        /^a job that evaluates images of 3000x4000 needs about 2\.\d GB of memory, and there are 6\.0 GB here: 2 jobs at once, not 8$/,
      ),
    ])
  })

  test('are refused where there is not enough for one', () => {
    expect(() => fitMemory(config, perJob, extent, 1e9)).toThrow('and there are 1.0 GB here')
  })
})

test('where there is enough, nothing changes', () => {
  const small = { height: 128, width: 256, pixels: 10e6 }
  expect(fitMemory(config, dpcMemory(config, 10, small), small, 16e9)).toEqual({ config, warnings: [] })
})

test('the memory of this machine is told', () => {
  expect(memoryHere()).toBeGreaterThan(1e8)
})
