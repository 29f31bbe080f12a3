import { violations } from './check.ts'
import { differences } from './differences.ts'
import { drawScenario } from './draw-scenario.ts'
import { type Fault, type Faults, noFaults, seededFaults } from './faults.ts'
import { simulatedPipelines } from './pipelines/index.ts'
import type { SimulatedPipeline } from './pipelines/pipeline.ts'
import { type Product, product as theProduct } from './product.ts'
import { type Log, type Ran, run } from './run.ts'
import type { RunArtifacts } from './run-artifacts.ts'

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

/**
 * Runs one seed with faults, then the same without, and compares.
 *
 * @param log told of everything that happens under faults
 */
export async function simulate(
  pipeline: string,
  seed: number,
  { log, product = theProduct }: { readonly log?: Log; readonly product?: Product } = {},
): Promise<Simulated> {
  const simulated = simulatedPipelines.of(pipeline)
  const scenario = drawScenario(pipeline, seed)
  const { record } = scenario
  const reviser = simulated.revisions?.machine
  const faults = seededFaults(seed)
  const faulty = await run(scenario, faults, product, { log, reviser })
  const withoutFaults = { ...scenario, record: { ...record, config: simulated.withoutFaults(faulty) } }
  const undisturbed = await run(withoutFaults, noFaults(seed), product, { reviser })
  countFaults(faults, faulty, simulated)
  const isResult = (key: string) => simulated.isResult(key, record.run) || key.endsWith('/result.json')
  return {
    pipeline,
    seed,
    violations: [
      ...faulty.broken,
      ...(await violations(faulty, simulated)),
      ...undisturbed.broken.map((line) => `without faults: ${line}`),
      ...differences(faulty, undisturbed, isResult),
    ],
    faults: Object.fromEntries(faults.counts),
    ...figures(faulty),
    trials: simulated.trials(faulty).length,
  }
}

function figures({ attempts, end, revisions, seen, scenario, took }: Ran) {
  const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0)
  return {
    executions: sum([end, ...revisions.map((revision) => revision.end)].map((each) => each.executions)),
    busy: sum(attempts.map(({ startedAt, endedAt }) => endedAt! - startedAt)),
    useful: sum([...seen.offered.keys()].map((trial) => 1000 * scenario.outcomeOf(trial).seconds)),
    available: scenario.slots * took,
  }
}

/** Faults that lie in the trials and in the budget. */
function countFaults(faults: Faults, artifacts: RunArtifacts, { isOutOfBudget }: SimulatedPipeline): void {
  const names = { diverges: 'trial diverges', memory: 'trial out of memory', raises: 'trial raises' } as const
  for (const trial of artifacts.seen.begun.keys()) {
    const { failure } = artifacts.scenario.outcomeOf(trial)
    if (failure !== undefined) faults.note(names[failure])
  }
  if (isOutOfBudget(artifacts)) faults.note('budget exhausted')
}
