import { afterEach, expect, test, vi } from 'vitest'
import { watchRun } from '../../cli/watch.ts'
import { recordOf } from '../../local/simulator/scenario.ts'
import { memoryStore } from '../functions/memory-store.ts'

afterEach(() => {
  vi.useRealTimers()
})

test('a clock that is set back while a run is watched takes nothing from how long it has taken', async () => {
  const record = recordOf({ pipeline: 'dpc', dataset: { kind: 'street' }, budget: { trials: 1 } })
  vi.useFakeTimers({ toFake: ['Date', 'performance'] })
  const watch = watchRun(memoryStore(), record)
  const entered = { type: 'TaskStateEntered', state: 'Propose', path: '', detail: {} } as const
  watch.onEvent({ id: 1, at: 0, ...entered })
  await vi.waitFor(() => expect(watch.progress()).toBeDefined())
  await vi.advanceTimersByTimeAsync(60_000)
  vi.setSystemTime(Date.now() - 3_600_000)
  expect(watch.progress()!.elapsed).toBeCloseTo(60, 0)
})

test('how many searches a module has is known from the start, so their end can be told', async () => {
  const record = recordOf({ pipeline: 'auto-fpn', dataset: { kind: 'street' }, baselines: { snas: true } })
  const watch = watchRun(memoryStore(), record)
  watch.onEvent({ id: 1, at: 0, type: 'TaskStateEntered', state: 'Neck', path: '', detail: {} })
  watch.onProgress({ jobId: 'a', trial: 'a', step: 50, steps: 100, loss: 1 })
  await vi.waitFor(() => expect(watch.progress()?.trials.total).toBe(2))
  watch.onProgress({ jobId: 'a', trial: 'a', step: 50, steps: 100, loss: 1 })
  expect(watch.progress()!.fraction).toBeCloseTo(0.25)
})

test('a search of a module that another run has made is not waited for', async () => {
  const record = recordOf({ pipeline: 'auto-fpn', dataset: { kind: 'street' }, baselines: { snas: true } })
  const watch = watchRun(memoryStore(), record)
  const [path, at] = ['', 0]
  watch.onEvent({
    id: 1,
    at,
    path,
    type: 'TaskStateExited',
    state: 'Prepare',
    detail: { output: { pending: 1 } },
  })
  watch.onEvent({ id: 2, at, path, type: 'TaskStateEntered', state: 'Neck', detail: {} })
  await vi.waitFor(() => expect(watch.progress()?.trials.total).toBe(1))
  watch.onProgress({ jobId: 'a', trial: 'a', step: 50, steps: 100, loss: 1 })
  expect(watch.progress()!.fraction).toBeCloseTo(0.5)
})
