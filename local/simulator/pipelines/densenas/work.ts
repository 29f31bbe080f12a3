import { spaceOf } from '../../../../nas/pipelines/densenas/config.ts'
import { readCosts } from '../../../../nas/pipelines/densenas/costs.ts'
import { denseNas as contract } from '../../../../nas/pipelines/densenas/index.ts'
import { supernetKeys } from '../../../../nas/pipelines/densenas/keys.ts'
import { type LatencyTable, latencyKey, putLatencies } from '../../../../nas/pipelines/densenas/latency.ts'
import type { DenseNasRun } from '../../../../nas/pipelines/densenas/run.ts'
import { runOf } from '../../../../nas/pipelines/run.ts'
import { random } from '../../../../nas/random.ts'
import type { CostTable } from '../../../../nas/spaces/densenas/expected-cost.ts'
import { multiplyAddsTable } from '../../../../nas/spaces/densenas/operation-graphs.ts'
import type { ArchitectureParameters } from '../../../../nas/spaces/densenas/relaxation.ts'
import { blocksOf } from '../../../../nas/spaces/densenas/space.ts'
import { jsonBytes } from '../../../../nas/store/json.ts'
import type { Classified } from '../../../../nas/tasks/classification.ts'
import type { TrialOutcome } from '../../trial-outcome.ts'
import { trainTrials, writeModel } from '../../trials.ts'
import type { Work } from '../pipeline.ts'

const latency: Work = async (_, record, { store, outcomeOf, work }) => {
  const run = runOf(record, contract)
  const key = latencyKey(run)!
  await work(1000 * outcomeOf(key).seconds)
  const table: LatencyTable = { device: 'simulated', batch: 1, unit: 'ms', ...tableOf(run) }
  await putLatencies(store, key, table)
}

const tableOf = ({ config, dataset }: DenseNasRun) =>
  multiplyAddsTable(spaceOf(config), { image: config.image, classes: dataset.classes.length })

/** Parameters as if the trial had found them. */
function architectureOf(trial: string, record: DenseNasRun): ArchitectureParameters {
  const rng = random(0, 'architecture', trial)
  const { head, stack } = tableOf(record)
  const drawn = (numbers: readonly number[]) => numbers.map(() => rng.normal())
  return {
    head: head.map((inputs) => inputs.map(drawn)),
    stack: stack.map((layers) => layers.map(drawn)),
    beta: blocksOf(spaceOf(record.config))
      .slice(0, -1)
      .map(({ outputs }) => drawn(outputs)),
  }
}

/** @param read from what the training was given: what is damaged would show in its result */
const resultOf = ({ score }: TrialOutcome, losses: readonly number[], read: number): Classified => ({
  status: 'succeeded',
  score,
  top5: score,
  loss: losses.at(-1)! + read,
  parameters: 7,
  multiplyAdds: 9,
})

const success = contract.task.result

const supernet: Work = (job, record, environment) => {
  const kind = { spec: contract.trials.supernet, success }
  return trainTrials(job, kind, environment, {
    open: async (spec) => sumOf(await readCosts(environment.store, spec)),
    finish: async (trial, outcome, losses, read) => {
      const architecture = architectureOf(trial, runOf(record, contract))
      await environment.store.put(supernetKeys(trial).architecture, jsonBytes(architecture))
      return resultOf(outcome, losses, read)
    },
  })
}

const sumOf = ({ head }: CostTable): number => head.flat(2).reduce((sum, cost) => sum + cost, 0)

const classifier: Work = (job, _, environment) => {
  const kind = { spec: contract.trials.classifier, success }
  return trainTrials(job, kind, environment, {
    finish: async (trial, outcome, losses, read) => {
      await writeModel(environment.store, trial)
      return resultOf(outcome, losses, read)
    },
  })
}

export const work = { latency, supernet, classifier } as const
