import type { Odds } from '../../../../local/simulator/faults.ts'
import { product } from '../../../../local/simulator/product.ts'
import { EXIT } from '../../../../nas/runs/job.ts'
import { trialKeys } from '../../../../nas/runs/keys.ts'
import { failed } from '../../../../nas/runs/result.ts'
import { jsonBytes } from '../../../../nas/store/json.ts'
import type { ObjectStore } from '../../../../nas/store/store.ts'
import { everywhere, hiding, inJobs, type Mutant } from './mutant.ts'

const isEntry = (key: string) => key.includes('/ledger/')
const isRunning = (bytes: Uint8Array) => new TextDecoder().decode(bytes).includes('"outcome":"running"')

/** Hosts are reclaimed before a trial gets anywhere: with a notice, or without. */
const MANY_NOTICES: Odds = { 'reclaimed at once': 1, 'reclaimed with notice': 1 }
const MANY_DEATHS: Odds = {
  'reclaimed at once': 1,
  'reclaimed with notice': 0,
  'reclaimed without notice': 1,
}

const recordAsFailed = (store: ObjectStore, trials: readonly string[]): Promise<unknown> =>
  Promise.all(
    trials.map((trial) =>
      store.putIfAbsent(trialKeys(trial).result, jsonBytes(failed('the job has failed'))),
    ),
  )

/** Defects that every pipeline can have. */
export const sharedMutants = {
  'what is put if absent replaces what is there': {
    product: everywhere((store) => ({
      ...store,
      putIfAbsent: async (key, bytes) => {
        await store.put(key, bytes)
        return true
      },
    })),
    breaks: /was written twice/,
  },
  'an attempt is in the ledger twice': {
    product: inJobs((store) => ({
      ...store,
      put: async (key, bytes) => {
        await store.put(key, bytes)
        if (isEntry(key) && !isRunning(bytes)) await store.put(key.replace('.json', '0.json'), bytes)
      },
    })),
    breaks: /is of no attempt/,
  },
  'an attempt that is killed leaves no ledger entry': {
    product: inJobs((store) => ({
      ...store,
      put: async (key, bytes) => {
        if (!isEntry(key) || !isRunning(bytes)) await store.put(key, bytes)
      },
    })),
    breaks: /is not in the ledger/,
  },
  'an attempt gives one sign of life and no more': {
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
  },
  'a loss of NaN is no failure': {
    product: {
      ...product,
      runJob: (variables, environment) =>
        product.runJob(variables, {
          ...environment,
          outcomeOf: (trial) => {
            const outcome = environment.outcomeOf(trial)
            return outcome.failure === 'diverges' ? { ...outcome, failure: undefined } : outcome
          },
        }),
    },
    breaks: /is not what was trained/,
  },
  'a trial is trained whether it has a result or not': {
    product: inJobs((store) => ({
      ...store,
      get: async (key) => (key.endsWith('/result.json') ? undefined : store.get(key)),
    })),
    breaks: /had its result when/,
  },
  'a stop does not reach the jobs': {
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
  },
  'the starts of a trial are not counted': {
    product: inJobs(hiding((key) => key.includes('/starts/'))),
    breaks: /the run ended with|is not what it is without faults|is not what was trained/,
  },
  'an interrupted job is taken to be done': {
    product: {
      ...product,
      runJob: async (variables, environment) => {
        const ended = await product.runJob(variables, environment)
        return environment.signal.aborted ? { exit: EXIT.done } : ended
      },
    },
    breaks: /missed a result|is not what it is without faults|is not what was trained/,
  },
  'what a run knows travels in payloads': {
    product: {
      ...product,
      handlers: (pipeline, services) =>
        Object.fromEntries(
          Object.entries(product.handlers(pipeline, services)).map(([name, handler]) => [
            name,
            async (event: unknown) => {
              const { run } = event as { readonly run: string }
              const config = await services.store.get(`runs/${run}/config.json`)
              const known = Array(16).fill(new TextDecoder().decode(config))
              return { ...((await handler(event)) as object), known }
            },
          ]),
        ),
    },
    breaks: /a payload of/,
  },
  'a function writes what its definition does not allow': {
    product: {
      ...product,
      handlers: (pipeline, services) => ({
        ...product.handlers(pipeline, services),
        Finalize: async (event: unknown) => {
          await services.store.put('datasets/settled.json', new Uint8Array(1))
          return product.handlers(pipeline, services).Finalize!(event)
        },
      }),
    },
    breaks: /Finalize#\d+ has no right to write datasets/,
  },
  'a job writes an object that has no policy': {
    product: inJobs((store) => ({
      ...store,
      putIfAbsent: async (key, bytes) => {
        if (key.endsWith('/result.json')) await store.put(key.replace('result', 'copy'), bytes)
        return store.putIfAbsent(key, bytes)
      },
    })),
    breaks: /copy\.json has no policy/,
  },
  'a run that is resumed does not forget its attempts': {
    source: [
      {
        file: 'nas/runs/starts.ts',
        from: '    await store.delete(keys.failure(trial))\n    for await',
        to: '    await store.delete(keys.failure(trial))\n    if (Date.now() > 0) return\n    for await',
      },
    ],
    odds: { ...MANY_DEATHS, 'driver killed': 0.03, 'map redriven': 0 },
    breaks: /is not what it is without faults|is not what was trained/,
  },
  'deaths are counted over all runs': {
    source: [
      {
        file: 'nas/runs/keys.ts',
        from: 'starts: (trial: string) =>',
        to: "starts: (trial: string, root = 'runs/all') =>",
      },
      {
        file: 'nas/runs/keys.ts',
        from: 'start: (trial: string, jobId: string, attempt: number) =>',
        to: "start: (trial: string, jobId: string, attempt: number, root = 'runs/all') =>",
      },
    ],
    odds: MANY_DEATHS,
    breaks: /is not what it is without faults|is not what was trained/,
  },
  'a trial is blamed for what a sick host has killed': {
    source: [
      {
        file: 'nas/runs/run-trials.ts',
        from: 'error !== undefined || !before.some(({ checked }) => checked)',
        to: 'error !== undefined',
      },
    ],
    breaks: /is not what it is without faults|is not what was trained/,
  },
  'a failure of the store is recorded as that of the trial': {
    source: [
      {
        file: 'nas/runs/failure.ts',
        from: "OF_TRIAL.includes(error.code) ? 'trial' : 'infrastructure'",
        to: "'trial'",
      },
    ],
    breaks: /is not what it is without faults|is not what was trained/,
  },
  'trials that may have been killed by their machines have failed for all runs': {
    source: [
      {
        file: 'nas/runs/run-trials.ts',
        from: '        await putRunFailure(store, job.run, trial, reason)\n        return undefined\n',
        to: '        return failed(reason)\n',
      },
    ],
    breaks: /has failed for all runs, and nobody knows/,
  },
  'trials of a job whose card cannot be used are recorded as failed': {
    product: {
      ...product,
      runJob: async (variables, environment) => {
        const ended = await product.runJob(variables, environment)
        if (/CUDA cannot be used/.test(String(ended.error)))
          await recordAsFailed(environment.store, JSON.parse(variables.TRELLIS_INPUT!).trials ?? [])
        return ended
      },
    },
    odds: { 'host without a card': 1 },
    breaks: /is not what was trained|has failed for all runs/,
  },
  'trials of a job that Batch has refused are recorded as failed': {
    product: {
      ...product,
      definition: (pipeline) => {
        const definition = product.definition(pipeline)
        const RecordFailure = { reads: ['runs/*', 'trials/*'], writes: ['runs/*', 'trials/*'] }
        return { ...definition, functions: { ...definition.functions, RecordFailure } }
      },
      handlers: (pipeline, services) => ({
        ...product.handlers(pipeline, services),
        RecordFailure: async (event) => {
          const { trials, cause } = event as { readonly trials: readonly string[]; readonly cause: string }
          if (cause.startsWith('Batch has taken no job')) await recordAsFailed(services.store, trials)
          return product.handlers(pipeline, services).RecordFailure!(event)
        },
      }),
    },
    odds: { 'Batch refuses for an hour': 1 },
    breaks: /is not what was trained|has failed for all runs/,
  },
  'a failure that nobody knows the origin of is shared with other runs': {
    source: [
      { file: 'nas/runs/failure.ts', from: "'infrastructure' : 'unknown'", to: "'infrastructure' : 'trial'" },
    ],
    breaks: /has failed for all runs, and nobody knows/,
  },
  'the key of a trial does not depend on its seed': {
    source: [
      {
        file: 'nas/runs/trial.ts',
        from: '=> contentHash(spec)\n',
        to: '=> contentHash({ ...spec, seed: 0 })\n',
      },
      {
        file: 'nas/runs/trial.ts',
        from: 'contentHash(spec) === trial',
        to: 'contentHash({ ...(spec as object), seed: 0 }) === trial',
      },
    ],
    breaks: /with another seed/,
  },
  'damaged JSON is taken as it is': {
    source: [{ file: 'nas/store/json.ts', from: 'if (written !== (', to: 'if (false && written !== (' }],
    odds: { 'store decays': 1, 'object removed': 0, 'object cut': 0 },
    breaks: /is not what it is without faults|is not what was trained|is charged|are charged|tells of/,
  },
  'hours at work are counted twice': {
    source: [
      {
        file: 'nas/runs/ledger.ts',
        from: 'sum(atWork(spans).map(hours))',
        to: 'sum(spans.map(hours))',
      },
    ],
    breaks: /hours at work/,
  },
  // Defects that the simulator has found.
  'an interruption counts as a death of the trial': {
    product: inJobs((store) => ({
      ...store,
      delete: async (key) => {
        if (!key.includes('/starts/')) await store.delete(key)
      },
    })),
    odds: { ...MANY_NOTICES, 'driver killed': 0.03, 'driver dies again': 1, 'map redriven': 1 },
    breaks: /is not what it is without faults|is not what was trained/,
  },
} as const satisfies Readonly<Record<string, Mutant>>

export type SharedDefect = keyof typeof sharedMutants
