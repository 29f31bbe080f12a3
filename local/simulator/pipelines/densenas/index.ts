import { rivalsSchema } from '../../../../nas/pipelines/densenas/comparison.ts'
import { spaceOf } from '../../../../nas/pipelines/densenas/config.ts'
import {
  type LatencyTable,
  latencyKey,
  latencyTableSchema,
} from '../../../../nas/pipelines/densenas/latency.ts'
import { supernetSpec } from '../../../../nas/pipelines/densenas/specs.ts'
import { type RunRecord, runOf } from '../../../../nas/pipelines/run.ts'
import { type Random, random } from '../../../../nas/random.ts'
import { latencyKeys, runKeys, trialKeys } from '../../../../nas/runs/keys.ts'
import type { Classified } from '../../../../nas/runs/result.ts'
import { trialKey } from '../../../../nas/runs/trial.ts'
import { multiplyAddsTable } from '../../../../nas/spaces/densenas/operation-graphs.ts'
import type { ArchitectureParameters } from '../../../../nas/spaces/densenas/relaxation.ts'
import { blocksOf } from '../../../../nas/spaces/densenas/space.ts'
import { jsonBytes, putJsonOnce } from '../../../../nas/store/json.ts'
import type { Course } from '../../course.ts'
import { leaveModel, trainTrials } from '../../trials.ts'
import { readObject, type SimulatedPipeline, type Work } from '../pipeline.ts'

const SPACE = {
  operations: ['mbconv_k3_t3', 'mbconv_k3_t6'],
  stages: [
    { stride: 2, widths: [8], layers: 0 },
    { stride: 2, widths: [16, 24], layers: 1 },
    { stride: 4, widths: [32], layers: 1 },
  ],
  reach: 2,
  last: 64,
}

const latency: Work = async (_, record, { store, courseOf, work }) => {
  const run = runOf(record, 'densenas')
  const key = latencyKey(run)!
  await work(1000 * courseOf(key).seconds)
  const table: LatencyTable = { device: 'simulated', batch: 1, unit: 'ms', ...tableOf(run) }
  await putJsonOnce(store, latencyKeys(key).table, latencyTableSchema, table)
}

const tableOf = (record: RunRecord) => {
  const { config, dataset } = runOf(record, 'densenas')
  return multiplyAddsTable(spaceOf(config), { image: config.image, classes: dataset.classes.length })
}

/** Parameters as if the trial had found them. */
function architectureOf(trial: string, record: RunRecord): ArchitectureParameters {
  const rng = random(0, 'architecture', trial)
  const { head, stack } = tableOf(record)
  const drawn = (numbers: readonly number[]) => numbers.map(() => rng.normal())
  return {
    head: head.map((inputs) => inputs.map(drawn)),
    stack: stack.map((layers) => layers.map(drawn)),
    beta: blocksOf(spaceOf(runOf(record, 'densenas').config))
      .slice(0, -1)
      .map(({ outputs }) => drawn(outputs)),
  }
}

const resultOf = ({ score }: Course, losses: readonly number[]): Classified => ({
  status: 'succeeded',
  score,
  top5: score,
  loss: losses.at(-1)!,
  parameters: 7,
  multiplyAdds: 9,
})

/** The budget of a run, where it has one, is used up before any baseline is trained. */
const settings = (rng: Random) => ({
  pipeline: 'densenas',
  dataset: { kind: 'shapes' },
  space: SPACE,
  search: { cost: { kind: rng.pick(['latency', 'multiply-adds']) } },
  retrain: { seeds: rng.pick([[0], [0, 1]]) },
  baselines: { random: rng.integer(3), mobileNetV2: rng.pick([true, false]) },
  ...rng.pick([{}, {}, { budget: { gpuHours: 0.001 } }]),
})

export const densenas: SimulatedPipeline = {
  work: {
    latency,
    supernet: (job, record, around) =>
      trainTrials(job, 'supernet', around, async (trial, course, losses) => {
        await around.store.put(trialKeys(trial).architecture, jsonBytes(architectureOf(trial, record)))
        return resultOf(course, losses)
      }),
    classifier: (job, _, around) =>
      trainTrials(job, 'classifier', around, async (trial, course, losses) => {
        await leaveModel(around.store, trial)
        return resultOf(course, losses)
      }),
  },
  difficulty: { seconds: [100, 400], failing: { diverges: 0.04, memory: 0.02, raises: 0.02 } },
  settings,
  trials({ objects, record }) {
    const rivals = readObject(objects, runKeys(record.run).rivals, rivalsSchema)
    const contenders = rivals?.contenders.flatMap(({ trials }) => trials.map(({ trial }) => trial)) ?? []
    return [trialKey(supernetSpec(runOf(record, 'densenas'))), ...contenders]
  },
  isResult(key, run) {
    const { derived, rivals, comparison, decoded } = runKeys(run)
    const results: readonly string[] = [derived, rivals, comparison]
    return results.includes(key) || key.startsWith(decoded(''))
  },
  withoutFaults: ({ record }) => record.config,
  violations: () => [],
}
