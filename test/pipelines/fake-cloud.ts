import { execute } from '../../local/interpreter/execute.ts'
import { StateFailure } from '../../local/interpreter/failure.ts'
import type { JsonObject, StateMachine } from '../../pipelines/asl.ts'
import { rerank } from '../../pipelines/dpc/rerank.ts'
import { search as dpcSearch } from '../../pipelines/dpc/search.ts'
import { virtualHost } from '../local/interpreter/virtual-host.ts'

type Call = readonly [name: string, payload: unknown]

interface Invoke {
  readonly FunctionName: string
  readonly Payload: { readonly round?: number }
}
interface Submit {
  readonly JobDefinition: string
  readonly ContainerOverrides: { readonly Environment: readonly { Name: string; Value: string }[] }
}

export const shards = [{ trials: ['a', 'b'] }, { trials: ['c'] }]

/** What functions answer unless a test says otherwise: two rounds of two shards. */
const answers: Readonly<Record<string, (payload: { readonly round?: number }) => unknown>> = {
  Prepare: () => ({
    run: 'r',
    backbone: 'bb',
    pretrain: true,
    features: 'ff',
    cacheFeatures: true,
    round: 0,
  }),
  Propose: ({ round }) => ({ run: 'r', round, manifest: `rounds/${round}`, pending: 2 }),
  RecordFailure: () => ({ cause: 'noted' }),
  Aggregate: ({ round }) => ({
    run: 'r',
    round: round! + 1,
    enough: round === 1,
    reason: 'budget',
    tried: 3,
    best: 0.5,
  }),
  PickTop: () => ({ run: 'r', edition: 'e', manifest: 'rerank', pending: 2 }),
  Correlate: () => ({ run: 'r', edition: 'e', winner: 'a' }),
  Decode: () => ({ run: 'r', decoded: 'runs/r/decoded/' }),
  Derive: () => ({ run: 'r', manifest: 'rivals', pending: 2 }),
  Compare: () => ({ run: 'r', winner: 'a' }),
  Finalize: () => ({ run: 'r', summary: 'runs/r/summary.json', report: 'runs/r/report.html' }),
  CheckDue: () => ({ run: 'r', due: true, reason: 'the search is over', survey: true }),
}

type Overrides = Readonly<Record<string, (payload: never) => unknown>>

/** Executes a search on stand-ins and tells what was called, in order. */
export const search = (overrides?: Overrides, machine: StateMachine = dpcSearch) =>
  executed(machine, {}, overrides)

/**
 * Likewise a machine, with more in its input.
 *
 * @param overrides answers by function, and by job definition what a job does
 */
export async function executed(machine: StateMachine, input: JsonObject, overrides: Overrides = {}) {
  const calls: Call[] = []
  const events: string[] = []
  const answer = (name: string, payload: unknown, otherwise: (payload: never) => unknown) => {
    calls.push([name, payload])
    return (overrides[name] ?? otherwise)(payload as never)
  }
  const bare = (placeholder: string) => placeholder.slice(2, -1)
  const host = virtualHost({
    tasks: {
      'arn:aws:states:::lambda:invoke': ({ FunctionName, Payload }: Invoke) => {
        const name = bare(FunctionName)
        return { Payload: answer(name, Payload, answers[name]!) }
      },
      'arn:aws:states:::batch:submitJob.sync': ({ JobDefinition, ContainerOverrides }: Submit) => {
        const environment = ContainerOverrides.Environment.map(({ Name, Value }) => [Name, Value])
        answer(bare(JobDefinition), Object.fromEntries(environment), () => ({}))
        return { JobId: 'j' }
      },
      'arn:aws:states:::states:startExecution.sync:2': async ({ Input }: { Input: unknown }) => {
        calls.push(['Rerank', Input])
        try {
          return { Output: await execute(rerank, Input, host) }
        } catch (thrown) {
          const { error, cause } = thrown as StateFailure
          throw new StateFailure('States.TaskFailed', JSON.stringify({ Cause: cause, Error: error }))
        }
      },
    },
    items: () => shards,
  })
  const outcome = await execute(machine, { run: 'r', concurrency: 2, ...input }, host, {
    onEvent: ({ type, path }) => path === '' && events.push(type),
  }).catch((thrown: unknown) => thrown)
  return { outcome, calls, names: calls.map(([name]) => name), events }
}

export const lambdaFailure = (message: string) =>
  new StateFailure('TrellisError', JSON.stringify({ errorType: 'TrellisError', errorMessage: message }))
