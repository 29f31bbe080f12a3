import validate from 'asl-validator'
import { describe, expect, test } from 'vitest'
import { checkMachine } from '../../local/interpreter/check.ts'
import type { State, StateMachine } from '../../pipelines/asl.ts'
import { denseNas } from '../../pipelines/densenas/search.ts'
import { edition } from '../../pipelines/dpc/edition.ts'
import { rerank } from '../../pipelines/dpc/rerank.ts'
import { dpc } from '../../pipelines/dpc/search.ts'
import { names } from '../../pipelines/names.ts'

/** Every state, inner ones included, by its name. */
function statesOf({ States }: Pick<StateMachine, 'States'>): readonly (readonly [string, State])[] {
  return Object.entries(States).flatMap(([name, state]) => [
    [name, state] as const,
    ...(state.Type === 'Map' ? statesOf(state.ItemProcessor) : []),
  ])
}

const namesIn = (value: unknown) =>
  [...JSON.stringify(value).matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name!)

describe.each([
  ['dpc', dpc],
  ['densenas', denseNas],
  ['rerank', rerank],
  ['edition', edition],
])('%s', (_, machine) => {
  const states = statesOf(machine)

  test('is Amazon States Language', () => {
    expect(validate(structuredClone(machine)).errors).toEqual([])
  })

  test('can be interpreted', () => {
    expect(() => checkMachine(machine)).not.toThrow()
  })

  test('is plain data, small enough to be created in one request', () => {
    const text = JSON.stringify(machine)
    expect(JSON.parse(text)).toEqual(machine)
    expect(Buffer.byteLength(text)).toBeLessThan(1_000_000)
  })

  test('names only what is in the list of names', () => {
    expect(namesIn(machine).filter((name) => !names.some((known) => known === name))).toEqual([])
  })

  test('every task has a time-out, and retries transient errors with full jitter up to a longest delay', () => {
    for (const [name, state] of states) {
      if (state.Type !== 'Task') continue
      expect(state.TimeoutSeconds, name).toBeGreaterThan(0)
      for (const retrier of state.Retry!) {
        expect(retrier, name).toMatchObject({ JitterStrategy: 'FULL', MaxDelaySeconds: expect.any(Number) })
        if (retrier.ErrorEquals.includes('States.TaskFailed')) expect(retrier.MaxAttempts, name).toBe(1)
        expect(retrier.ErrorEquals, name).not.toContain('States.ALL')
      }
      expect(state.Retry, name).not.toEqual([])
    }
  })

  test('whatever can fail in its own states is caught', () => {
    for (const [name, state] of Object.entries(machine.States)) {
      if (state.Type !== 'Task' && state.Type !== 'Map') continue
      expect(state.Catch?.at(-1)?.ErrorEquals, name).toEqual(['States.ALL'])
    }
  })

  test('a shard whose job fails has that recorded, and its child execution puts out nothing', () => {
    const maps = states.flatMap(([, state]) => (state.Type === 'Map' ? [state] : []))
    expect(maps.length > 0).toBe(machine !== edition)
    for (const { ItemProcessor } of maps) {
      const { States, StartAt } = ItemProcessor
      expect(States[StartAt]).toMatchObject({
        Output: {},
        Catch: [
          {
            ErrorEquals: ['Batch.AWSBatchException', 'Batch.ServerException', 'Batch.SdkClientException'],
            Next: `${StartAt}NotSubmitted`,
          },
          { ErrorEquals: ['States.ALL'], Next: `Record${StartAt}Failure` },
        ],
      })
      expect(States[`Record${StartAt}Failure`]).toMatchObject({ Output: {}, End: true })
    }
  })
})

test('together the machines use every name of the list', () => {
  expect(new Set(namesIn([dpc, denseNas, rerank, edition]))).toEqual(new Set(names))
})
