import { type Product, product } from '../../../local/simulator/product.ts'
import { EXIT } from '../../../nas/runs/job.ts'
import type { ObjectStore } from '../../../nas/store/store.ts'
import type { MapState, StateMachine, TaskState } from '../../../pipelines/asl.ts'

/** The product with a defect that was made by hand. */
export interface Mutant {
  readonly defect: string
  readonly product: Product
  /** The violation that finds it. */
  readonly breaks: RegExp
  /** One that finds it: see find-mutants.ts. */
  readonly seed: number
}

type Wrap = (store: ObjectStore) => ObjectStore

const inJobs = (wrap: Wrap): Product => ({
  ...product,
  runJob: (environment, around) => product.runJob(environment, { ...around, store: wrap(around.store) }),
})

const everywhere = (wrap: Wrap): Product => ({
  ...inJobs(wrap),
  functions: (store) => product.functions(wrap(store)),
})

const isEntry = (key: string) => key.includes('/ledger/')
const isRunning = (bytes: Uint8Array) => new TextDecoder().decode(bytes).includes('"outcome":"running"')

/** Changes the state that submits the job of each shard. */
function submitting(machine: StateMachine, change: (state: TaskState) => TaskState): StateMachine {
  const States = Object.entries(machine.States).map(([name, state]) => {
    if (state.Type !== 'Map') return [name, state] as const
    const { ItemProcessor } = state
    const { StartAt } = ItemProcessor
    const changed: MapState = {
      ...state,
      ItemProcessor: {
        ...ItemProcessor,
        States: { ...ItemProcessor.States, [StartAt]: change(ItemProcessor.States[StartAt] as TaskState) },
      },
    }
    return [name, changed] as const
  })
  return { ...machine, States: Object.fromEntries(States) }
}

export const mutants: readonly Mutant[] = [
  {
    defect: 'what is put if absent replaces what is there',
    product: everywhere((store) => ({
      ...store,
      putIfAbsent: async (key, bytes) => {
        await store.put(key, bytes)
        return true
      },
    })),
    breaks: /was written twice/,
    seed: 1,
  },
  {
    defect: 'an attempt is in the ledger twice',
    product: inJobs((store) => ({
      ...store,
      put: async (key, bytes) => {
        await store.put(key, bytes)
        if (isEntry(key) && !isRunning(bytes)) await store.put(key.replace('.json', '0.json'), bytes)
      },
    })),
    breaks: /is of no attempt/,
    seed: 0,
  },
  {
    defect: 'an attempt that is killed leaves no ledger entry',
    product: inJobs((store) => ({
      ...store,
      put: async (key, bytes) => {
        if (!isEntry(key) || !isRunning(bytes)) await store.put(key, bytes)
      },
    })),
    breaks: /is not in the ledger/,
    seed: 0,
  },
  {
    defect: 'an attempt gives one sign of life and no more',
    product: inJobs((store) => {
      const seen = new Set<string>()
      return {
        ...store,
        put: async (key, bytes) => {
          if (isEntry(key) && isRunning(bytes) && seen.has(key)) return
          seen.add(key)
          await store.put(key, bytes)
        },
      }
    }),
    breaks: /ms are charged/,
    seed: 2,
  },
  {
    defect: 'a loss of NaN is no failure',
    product: {
      ...product,
      runJob: (environment, around) =>
        product.runJob(environment, {
          ...around,
          courseOf: (trial) => {
            const course = around.courseOf(trial)
            return course.failure === 'diverges' ? { ...course, failure: undefined } : course
          },
        }),
    },
    breaks: /is not what was trained/,
    seed: 0,
  },
  {
    defect: 'a round that was proposed before is taken to be done',
    product: {
      ...product,
      functions: (store) => {
        const functions = product.functions(store)
        return {
          ...functions,
          Propose: async (event) => {
            const { run, round } = event as { run: string; round: number }
            const key = `runs/${run}/rounds/${String(round).padStart(4, '0')}.json`
            const before = await store.get(key)
            const answer = (await functions.Propose(event)) as object
            return before === undefined ? answer : { ...answer, pending: 0 }
          },
        }
      },
    },
    breaks: /is not what was trained/,
    seed: 7,
  },
  {
    defect: 'a trial is trained whether it has a result or not',
    product: inJobs((store) => ({
      ...store,
      get: async (key) => (key.endsWith('/result.json') ? undefined : store.get(key)),
    })),
    breaks: /had its result when/,
    seed: 1,
  },
  {
    defect: 'only the number of trials ends a search',
    product: {
      ...product,
      functions: (store) => {
        const functions = product.functions(store)
        return {
          ...functions,
          Aggregate: async (event) => {
            const answer = (await functions.Aggregate(event)) as { enough: boolean; reason: string }
            const spent = /(dollars|GPU hours) is used up/.test(answer.reason)
            return spent ? { ...answer, enough: false } : answer
          },
        }
      },
    },
    breaks: /was proposed after/,
    seed: 5,
  },
  {
    defect: 'a stop does not reach the jobs',
    product: {
      ...product,
      queue: (queue) => ({
        submit: (job, signal) =>
          new Promise((resolve, reject) => {
            signal.addEventListener('abort', () => reject(signal.reason))
            queue.submit(job, new AbortController().signal).then(resolve, reject)
          }),
      }),
    },
    breaks: /left running after a stop/,
    seed: 4,
  },
  {
    defect: 'the starts of a trial are not counted',
    product: inJobs((store) => ({
      ...store,
      list: async function* (prefix) {
        if (!prefix.endsWith('/starts/')) yield* store.list(prefix)
      },
    })),
    breaks: /is not what it is without faults/,
    seed: 3,
  },
  {
    defect: 'an interrupted job is taken to be done',
    product: {
      ...product,
      runJob: async (environment, around) => {
        const ended = await product.runJob(environment, around)
        return around.signal.aborted ? { exit: EXIT.done } : ended
      },
    },
    breaks: /is not what it is without faults/,
    seed: 1,
  },
  {
    defect: 'results travel in payloads',
    product: {
      ...product,
      functions: (store) => {
        const functions = product.functions(store)
        return {
          ...functions,
          Aggregate: async (event) => {
            const { run } = event as { run: string }
            const leaderboard = await store.get(`runs/${run}/leaderboard.json`)
            const results = Array(3).fill(new TextDecoder().decode(leaderboard))
            return { ...((await functions.Aggregate(event)) as object), results }
          },
        }
      },
    },
    breaks: /a payload of/,
    seed: 4,
  },
  // Defects that the simulator has found.
  {
    defect: 'an interruption counts as a death of the trial',
    product: inJobs((store) => ({
      ...store,
      delete: async (key) => {
        if (!key.includes('/starts/')) await store.delete(key)
      },
    })),
    breaks: /is not what it is without faults/,
    seed: 11,
  },
  {
    defect: 'a trial whose job Batch refuses is recorded as failed',
    product: {
      ...product,
      machines: Object.fromEntries(
        Object.entries(product.machines).map(([name, machine]) => [
          name,
          submitting(machine, (state) => ({ ...state, Catch: state.Catch!.slice(1) })),
        ]),
      ),
    },
    breaks: /is not what it is without faults/,
    seed: 11,
  },
  {
    defect: 'a job that has used up its attempts is not submitted again',
    product: {
      ...product,
      machines: Object.fromEntries(
        Object.entries(product.machines).map(([name, machine]) => [
          name,
          submitting(machine, (state) => ({ ...state, Retry: state.Retry!.slice(0, 1) })),
        ]),
      ),
    },
    breaks: /is not what was trained/,
    seed: 100,
  },
]
