import { describe, expect, it } from 'vitest'
import { functionAt, handlersOf } from '../../functions/handlers.ts'
import { memoryStore } from './memory-store.ts'

describe('a function is found by where it is deployed', () => {
  it.each(['Finalize', 'dpc/Propose'])('%s', (address) => {
    expect(functionAt(address)).toMatchObject({ make: expect.any(Function) })
  })

  it.each(['', 'Propose', 'dpc/', 'dpc/Finalize', 'dpc/Propose/x', 'dpc/Propose/', 'constructor'])(
    'and there is none at %j',
    (address) => {
      expect(functionAt(address)).toBeUndefined()
    },
  )
})

it.each(['Propose', 'Aggregate'])('%s refuses a round that no key has room for', async (name) => {
  const handler = handlersOf('dpc', { store: memoryStore() })[name]!
  await expect(handler({ run: 'r', round: 1e9 })).rejects.toMatchObject({
    code: 'invalid-pipeline',
    message: `wrong payload for ${name}: round: rounds have numbers up to 9999`,
  })
  // The last number that there is gets as far as to look for the run.
  await expect(handler({ run: 'r', round: 9999 })).rejects.toMatchObject({ code: 'not-found' })
})
