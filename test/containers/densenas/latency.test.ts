import { expect, test, vi } from 'vitest'
import { latency } from '../../../containers/densenas/latency.ts'
import type { Engine } from '../../../nas/engines/engine.ts'
import { latencyKey, latencyTableSchema } from '../../../nas/pipelines/densenas/latency.ts'
import { Interrupted } from '../../../nas/runs/interrupted.ts'
import { latencyKeys } from '../../../nas/runs/latencies.ts'
import { multiplyAddsTable } from '../../../nas/spaces/densenas/operation-graphs.ts'
import { DENSENAS_SPACES } from '../../../nas/spaces/densenas/presets.ts'
import { requireJson } from '../../../nas/store/json.ts'
import { memoryStore } from '../../functions/memory-store.ts'
import { contextOf, record } from './context.ts'

const key = latencyKey(record)!
const { table } = latencyKeys(key)

/** The same structure with every number replaced. */
const shapeOf = (value: unknown): unknown => (Array.isArray(value) ? value.map(shapeOf) : typeof value)

test('every operation of the space is measured once, and put where the run looks for it', async () => {
  const store = memoryStore()
  const told: number[] = []
  await latency(await contextOf('latency', store, { progress: ({ step, steps }) => told.push(step / steps) }))
  const measured = await requireJson(store, table, latencyTableSchema, 'measure')
  const counted = multiplyAddsTable(DENSENAS_SPACES['densenas-tiny'], { image: 32, classes: 10 })
  expect(shapeOf(measured.head)).toEqual(shapeOf(counted.head))
  expect(shapeOf(measured.stack)).toEqual(shapeOf(counted.stack))
  expect(measured).toMatchObject({ batch: 2, engine: 'onnxruntime', unit: 'ms', device: 'cpu' })
  expect(measured.repeats).toBeGreaterThanOrEqual(10)
  for (const cost of [measured.fixed, ...measured.head.flat(2)]) expect(cost).toBeGreaterThan(0)
  for (const layer of measured.stack.flat()) expect(layer.at(-1)).toBe(0)
  expect(told.at(-1)).toBe(1)

  const before = store.objects.get(table)
  await latency(await contextOf('latency', store))
  expect(store.objects.get(table)).toBe(before)
})

test('a machine on which nothing takes the same time again is told to be busy, and nothing is kept', async () => {
  const store = memoryStore()
  let [time, step] = [0, 20]
  vi.spyOn(performance, 'now').mockImplementation(() => {
    step *= 1.001
    time += step
    return time
  })
  const program = { run: async () => ({}), dispose: async () => {} }
  const engine = { name: 'onnxruntime', compile: async () => program, state: () => ({ dispose() {} }) }
  const measuring = latency(await contextOf('latency', store, { engine: engine as unknown as Engine }))
  await expect(measuring).rejects.toMatchObject({
    code: 'job-failed',
    message: expect.stringMatching(/cannot be measured here now: in 100 rounds .* \d+ % more or less$/),
    fix: expect.stringContaining('trellis resume r'),
  })
  expect(store.objects.size).toBe(0)
  vi.restoreAllMocks()
})

test('a job that is told to stop leaves nothing, and asks to be started again', async () => {
  const store = memoryStore()
  const stop = new AbortController()
  const progress = () => stop.abort()
  const measuring = latency(await contextOf('latency', store, { progress, signal: stop.signal }))
  await expect(measuring).rejects.toThrow(Interrupted)
  expect(store.objects.size).toBe(0)
})
