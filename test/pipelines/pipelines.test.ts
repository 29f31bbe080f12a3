import validate from 'asl-validator'
import { describe, expect, test } from 'vitest'
import { pipelines } from '../../functions/index.ts'
import { checkMachine } from '../../local/interpreter/check.ts'
import { execute } from '../../local/interpreter/execute.ts'
import { storeLayout } from '../../nas/pipelines/layout.ts'
import { prefixesOf } from '../../nas/runs/store-layout.ts'
import type { State, StateMachine } from '../../pipelines/asl.ts'
import type { Access, Pipeline } from '../../pipelines/pipeline.ts'
import { resources, sharedFunctions } from '../../pipelines/shared.ts'
import { virtualHost } from '../local/interpreter/virtual-host.ts'

const definitions = pipelines.all().map(([, { definition }]) => definition)

/** Every state, inner ones included, by its name. */
function statesOf({ States }: Pick<StateMachine, 'States'>): readonly (readonly [string, State])[] {
  return Object.entries(States).flatMap(([name, state]) => [
    [name, state] as const,
    ...(state.Type === 'Map' ? statesOf(state.ItemProcessor) : []),
  ])
}

const END: State = { Type: 'Succeed' }

const namesIn = (value: unknown) =>
  [...JSON.stringify(value).matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name!)

const namesOf = ({
  functions,
  jobs,
  machines,
}: Pick<Pipeline, 'functions' | 'jobs'> & { machines: object }) => [
  ...Object.keys(sharedFunctions),
  ...resources,
  ...[functions, jobs, machines].flatMap((names) => Object.keys(names)),
]

const machines = definitions.flatMap((definition) =>
  Object.entries(definition.machines).map(([name, machine]) => ({ definition, name, machine })),
)

describe.each(machines)('$definition.name: $name', ({ definition, machine }) => {
  const states = statesOf(machine)

  test('is Amazon States Language', () => {
    expect(validate(structuredClone(machine)).errors).toEqual([])
  })

  test('can be interpreted', () => {
    expect(() => checkMachine(machine)).not.toThrow()
  })

  test('a Choice whose input lacks what it asks about fails, and takes no Default for it', async () => {
    for (const [name, state] of states) {
      // What may be missing is asked for by $exists.
      if (state.Type !== 'Choice' || state.Choices.some(({ Condition }) => Condition.includes('$exists')))
        continue
      const targets = [state.Default, ...state.Choices.map(({ Next }) => Next)].map((next) => [next, END])
      const States = { ...Object.fromEntries(targets), [name]: state }
      const alone = { QueryLanguage: 'JSONata', StartAt: name, States } as const
      await expect(execute(alone, {}, virtualHost()), name).rejects.toMatchObject({
        error: 'States.QueryEvaluationError',
      })
    }
  })

  test('is plain data, small enough to be created in one request', () => {
    const text = JSON.stringify(machine)
    expect(JSON.parse(text)).toEqual(machine)
    expect(Buffer.byteLength(text)).toBeLessThan(1_000_000)
  })

  test('names only what its pipeline has, or all have', () => {
    const known = namesOf(definition)
    expect(namesIn(machine).filter((name) => !known.includes(name))).toEqual([])
  })

  test('every task has a time-out, and retries transient errors with full jitter up to a longest delay', () => {
    for (const [name, state] of states) {
      if (state.Type !== 'Task') continue
      expect(state.TimeoutSeconds, name).toBeGreaterThan(0)
      for (const retrier of state.Retry!) {
        expect(retrier, name).toMatchObject({ JitterStrategy: 'FULL', MaxDelaySeconds: expect.any(Number) })
        if (retrier.ErrorEquals.includes('States.TaskFailed')) expect(retrier.MaxAttempts, name).toBe(2)
        expect(retrier.ErrorEquals, name).not.toContain('States.ALL')
      }
      expect(state.Retry, name).not.toEqual([])
    }
  })

  test('a task that waits for a job waits for all its attempts, up to 30 days, and no machine ends before its tasks', () => {
    const hours = Math.max(...Object.values(definition.jobs).map((job) => job.hours))
    const longest = Math.min(10 * hours * 3600, 30 * 24 * 3600)
    for (const [name, state] of states) {
      if (state.Type !== 'Task') continue
      expect(state.TimeoutSeconds, name).toBeLessThanOrEqual(machine.TimeoutSeconds!)
      if (state.Resource.includes('submitJob'))
        expect(state.TimeoutSeconds, name).toBeGreaterThanOrEqual(longest)
    }
  })

  test('whatever can fail in its own states is caught', () => {
    for (const [name, state] of Object.entries(machine.States)) {
      if (state.Type !== 'Task' && state.Type !== 'Map') continue
      expect(state.Catch?.at(-1)?.ErrorEquals, name).toEqual(['States.ALL'])
    }
  })

  test('a shard whose job fails has that noted and fails, and a child execution puts out nothing', () => {
    const maps = states.flatMap(([, state]) => (state.Type === 'Map' ? [state] : []))
    for (const { ItemProcessor } of maps) {
      const { States, StartAt } = ItemProcessor
      expect(States[StartAt]).toMatchObject({
        Output: {},
        Catch: [
          {
            ErrorEquals: expect.arrayContaining(['Batch.ClientException', 'Batch.TooManyRequestsException']),
            Next: `Record${StartAt}Failure`,
          },
          { ErrorEquals: ['States.ALL'], Next: `Record${StartAt}Failure` },
        ],
      })
      expect(States[`Record${StartAt}Failure`]).toMatchObject({ Next: `${StartAt}Stopped` })
      expect(States[`${StartAt}Stopped`]).toMatchObject({ Type: 'Fail' })
    }
  })
})

test.each(definitions)('together the machines of $name use every name that it has', (definition) => {
  const started = Object.keys(definition.machines).filter((name) =>
    namesIn(definition.machines).includes(name),
  )
  const { functions, jobs } = definition
  expect(new Set(namesIn(definition.machines))).toEqual(
    new Set([...namesOf({ functions, jobs, machines: {} }), ...started]),
  )
})

test('no part touches a prefix of the store that no layout has', () => {
  const prefixes = prefixesOf(storeLayout())
  const all: readonly Access[] = [
    ...Object.values(sharedFunctions),
    ...definitions.flatMap(({ functions, jobs }) => [...Object.values(functions), ...Object.values(jobs)]),
  ]
  const touched = all.flatMap(({ reads, writes, deletes = [] }) => [...reads, ...writes, ...deletes])
  expect(touched.filter((key) => !prefixes.includes(key.split('/')[0]!))).toEqual([])
})
