import { FAULTS, type Fault, seededFaults } from '../local/simulator/faults.ts'
import { product } from '../local/simulator/product.ts'
import { run } from '../local/simulator/run.ts'
import { alone, NO_FILES, recordOf } from '../local/simulator/scenario.ts'
import { outcomes } from '../local/simulator/trial-outcome.ts'

/*
 * The search of the DPC paper in virtual time: `tsx bench/utilisation.ts [rounds [trials a job [part]]]`, where a part of 0.1
 * is a tenth of the trials on a tenth of the GPUs. A round waits for its last trial; stragglers, reclaimed hosts, start-up and
 * checkpoints are included.
 */

const [rounds = 3, trialsPerJob = 1, part = 1] = process.argv.slice(2).map(Number)
const trials = Math.round(28_000 * part)
const slots = Math.round(370 * part)
const seconds = 90 * 60

/** Nothing but hosts goes wrong: nine reclaims in ten with a notice, one host in a hundred at half speed. */
const odds: Record<Fault, number> = {
  ...(Object.fromEntries(Object.keys(FAULTS).map((fault) => [fault, 0])) as Record<Fault, number>),
  'reclaimed with notice': 0.9,
  'slow host': 0.01,
  'skewed clock': 0.5,
}

const scenario = {
  runs: alone(
    recordOf({
      pipeline: 'dpc',
      dataset: { kind: 'street' },
      search: { perRound: Math.ceil(trials / rounds), trialsPerJob },
      rerank: { top: 1, baselines: { aspp: false, random: 0 } },
      budget: { trials },
    }),
  ),
  files: NO_FILES,
  outcomeOf: outcomes({
    seconds: [0.9 * seconds, 1.1 * seconds],
    failing: { diverges: 0, memory: 0, raises: 0 },
  }),
  steps: 60,
  slots,
  startUpSeconds: [20, 60],
  reclaimsPerHour: 0.05,
  uploadSeconds: 5,
} as const

const faults = seededFaults(0, odds)
/** Virtual time at which the first round began to be trained, and the last had been. */
let [from, to] = [Number.POSITIVE_INFINITY, 0]
const begun = performance.now()
const { attempts, seen, runs } = await run(scenario, faults, product, {
  onEvent: ({ type, state, at }) => {
    if (state !== 'TrainRound') return
    if (type === 'MapStateEntered') from = Math.min(from, at)
    if (type === 'MapStateExited') to = Math.max(to, at)
  },
})
const { error } = runs[0]!.end
if (error !== undefined) throw new Error(error)

const HOUR = 3_600_000
const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0)
const search = attempts.filter(({ startedAt }) => from <= startedAt && startedAt <= to)
const worked = sum(search.map((attempt) => attempt.worked))
const [least, most] = scenario.startUpSeconds
/** A GPU that has nothing to do is given back; one that starts is paid for. */
const held = ({ startedAt, endedAt }: (typeof search)[number]) => endedAt! - startedAt + 500 * (least + most)
const paid = sum(search.map((attempt) => (held(attempt) / HOUR) * attempt.host.price.usdPerHour))
// What was worked beyond this was worked twice.
const trained = [...seen.offered].filter(([, [first]]) => first!.at <= to)
const useful = sum(trained.map(([trial]) => 1000 * scenario.outcomeOf(trial).seconds))
const times = (fault: Fault) => faults.counts.get(fault) ?? 0
const interruptions = times('reclaimed with notice') + times('reclaimed without notice')
const show = (name: string, value: string) => console.log(`${name.padEnd(34)} ${value}`)

show('trials, GPUs', `${trials}, ${slots}`)
show('rounds, trials a job', `${rounds}, ${trialsPerJob}`)
show('wall time', `${((to - from) / HOUR).toFixed(1)} h`)
show('useful, of all GPUs all the time', `${((100 * useful) / (slots * (to - from))).toFixed(1)} %`)
show('useful, of GPUs while held', `${((100 * useful) / sum(search.map(held))).toFixed(1)} %`)
show('money', `${paid.toFixed(0)} dollars`)
show('interruptions', `${interruptions}, ${times('reclaimed without notice')} of them without notice`)
show('work lost per interruption', `${((worked - useful) / interruptions / 60_000).toFixed(2)} GPU minutes`)
show('simulated in', `${((performance.now() - begun) / 1000).toFixed(0)} s`)
