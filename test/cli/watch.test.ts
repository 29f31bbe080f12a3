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
