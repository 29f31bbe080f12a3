import { describe, expect, test } from 'vitest'
import { fitMemory, memoryHere } from '../../cli/memory.ts'
import { dpcMemory } from '../../cli/pipelines/dpc/memory.ts'
import { aConfig } from '../nas/pipelines/dpc/example.ts'

const extent = { height: 3000, width: 4000, pixels: 20e6 }
const config = aConfig('backbone.width=0.5', 'compute.concurrency=8')
const memory = dpcMemory(config, 2, extent)

describe('jobs that evaluate photographs of twelve megapixels', () => {
  test('take gigabytes each', () => {
    // Peaks of processes that were measured: 3.9 GB for the features, 5.0 GB for a network with two classes.
    expect(memory.alone / 1e9).toBeGreaterThan(3.5)
    expect(memory.each / 1e9).toBeGreaterThan(4.7)
    expect(memory.each / 1e9).toBeLessThan(6)
    expect(dpcMemory(config, 19, extent).each).toBeGreaterThan(memory.each)
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

test('where there is enough, nothing changes', () => {
  const small = { height: 128, width: 256, pixels: 10e6 }
  expect(fitMemory(config, dpcMemory(config, 10, small), small, 16e9)).toEqual({ config, warnings: [] })
})

test('the memory of this machine is told', () => {
  expect(memoryHere()).toBeGreaterThan(1e8)
})
