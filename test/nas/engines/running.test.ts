import { expect, test } from 'vitest'
import type { Engine } from '../../../nas/engines/engine.ts'
import { running } from '../../../nas/engines/running.ts'
import { GraphBuilder } from '../../../nas/graph/builder.ts'

/** An engine that has so many programs and states, and at first a failure of the given kind. */
function counting(failure: 'compile' | 'state' | undefined) {
  let alive = 0
  const made = (kind: typeof failure) => {
    if (kind === failure) throw new Error('out of memory')
    alive++
    return { put() {}, dispose: () => void alive-- }
  }
  const engine = { compile: async () => made('compile'), state: () => made('state') } as unknown as Engine
  return { engine, alive: () => alive }
}

test.each(['compile', 'state', undefined] as const)(
  'a network that fails leaves nothing in the memory of the engine: %s',
  async (failure) => {
    const { engine, alive } = counting(failure)
    const run = running(engine, new GraphBuilder().build({}), {}, async () => {
      expect(alive()).toBe(2)
      throw new Error('out of memory')
    })
    await expect(run).rejects.toThrow('out of memory')
    expect(alive()).toBe(0)
  },
)
