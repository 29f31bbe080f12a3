import { trialKeys } from '../../nas/runs/keys.ts'
import { isAbandoned, sharedViolations, violations } from './check.ts'
import { differences } from './differences.ts'
import { drawScenario } from './draw-scenario.ts'
import { type Fault, type Faults, noFaults, type Odds, seededFaults } from './faults.ts'
import { simulatedPipelines } from './pipelines/index.ts'
import type { SimulatedPipeline } from './pipelines/pipeline.ts'
import { type Product, product as theProduct } from './product.ts'
import { type Log, type Ran, run } from './run.ts'
import type { RunArtifacts } from './run-artifacts.ts'
import { alone, type Scenario } from './scenario.ts'

/** What came out of a seed. */
export interface Simulated {
  readonly pipeline: string
  readonly seed: number
  readonly violations: readonly string[]
  readonly faults: Readonly<Partial<Record<Fault, number>>>
  /** How often the run, and each revision of its ranking, had to be started. */
  readonly executions: number
  readonly trials: number
  /** GPU milliseconds: all, and those without which nothing would have been trained. */
  readonly busy: number
  readonly useful: number
  /** GPUs times the milliseconds that the run took. */
  readonly available: number
}

interface Options {
  /** Told of everything that happens under faults. */
  readonly log?: Log
  readonly product?: Product
  readonly odds?: Odds | undefined
}

/**
 * Runs one seed with faults, then each of its runs alone and without, and compares.
 */
export async function simulate(
  pipeline: string,
  seed: number,
  { log, product = theProduct, odds }: Options = {},
): Promise<Simulated> {
  const simulated = simulatedPipelines.of(pipeline)
  const scenario = drawScenario(pipeline, seed)
  const reviser = simulated.revisions?.machine
  const faults = seededFaults(seed, odds)
  const faulty = await run(scenario, faults, product, { log, reviser })
  countFaults(faults, faulty, simulated)
  const broken = [...faulty.broken, ...sharedViolations(faulty.seen)]
  for (const each of faulty.runs) {
    broken.push(...(await violations(each, simulated)))
    if (!isAbandoned(each)) broken.push(...(await unlikeAlone(each, simulated, product, seed)))
  }
  return {
    pipeline,
    seed,
    violations: broken,
    faults: Object.fromEntries(faults.counts),
    ...figures(scenario, faulty),
    trials: new Set(faulty.runs.flatMap(simulated.trials)).size,
  }
}

/** How a run differs from the same run alone in its store and without faults. */
async function unlikeAlone(
  faulty: RunArtifacts,
  simulated: SimulatedPipeline,
  product: Product,
  seed: number,
): Promise<readonly string[]> {
  const { scenario, record } = faulty
  const runs = alone({ ...record, config: simulated.withoutFaults(faulty) })
  const reviser = simulated.revisions?.machine
  const {
    runs: [undisturbed],
    broken,
  } = await run({ ...scenario, runs }, noFaults(seed), product, { reviser })
  const results = new Set<string>(
    [faulty, undisturbed!].flatMap(simulated.trials).map((trial) => trialKeys(trial).result),
  )
  const isResult = (key: string) => simulated.isResult(key, record.run) || results.has(key)
  return [...broken.map((line) => `without faults: ${line}`), ...differences(faulty, undisturbed!, isResult)]
}

function figures(scenario: Scenario, { attempts, runs, seen, took }: Ran) {
  const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0)
  const ends = runs.flatMap(({ end, revisions }) => [end, ...revisions.map((revision) => revision.end)])
  return {
    executions: sum(ends.map(({ executions }) => executions)),
    busy: sum(attempts.map(({ startedAt, endedAt }) => endedAt! - startedAt)),
    useful: sum([...seen.offered.keys()].map((trial) => 1000 * scenario.outcomeOf(trial).seconds)),
    available: scenario.slots * took,
  }
}

/** Faults that lie in the trials and in the budget. */
function countFaults(faults: Faults, { runs, seen }: Ran, { isOutOfBudget }: SimulatedPipeline): void {
  const names = {
    diverges: 'trial diverges',
    memory: 'trial out of memory',
    raises: 'trial raises',
    unknown: 'trial fails for an unknown reason',
  } as const
  const { scenario } = runs[0]!
  for (const trial of seen.begun.keys()) {
    const { failure } = scenario.outcomeOf(trial)
    if (failure !== undefined) faults.note(names[failure])
  }
  for (const { startsAfter } of scenario.runs.slice(1))
    faults.note(startsAfter.previous ? 'run after others' : 'run beside others')
  for (const each of runs) if (isOutOfBudget(each)) faults.note('budget exhausted')
}
