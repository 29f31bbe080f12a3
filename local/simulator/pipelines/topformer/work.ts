import { runOf } from '../../../../nas/pipelines/run.ts'
import { spaceOf } from '../../../../nas/pipelines/topformer/config.ts'
import { topformer as contract } from '../../../../nas/pipelines/topformer/index.ts'
import { latencyKey, putPartTable } from '../../../../nas/pipelines/topformer/latency.ts'
import { trialKeys } from '../../../../nas/runs/keys.ts'
import { readWeights } from '../../../../nas/runs/model.ts'
import { partGraphs } from '../../../../nas/spaces/topformer/part-graphs.ts'
import { tokenWidths } from '../../../../nas/spaces/topformer/parts.ts'
import { encodeSafetensors } from '../../../../nas/store/safetensors.ts'
import type { Segmented } from '../../../../nas/tasks/segmentation.ts'
import { float32 } from '../../../../nas/tensor.ts'
import type { TrialOutcome } from '../../trial-outcome.ts'
import { trainTrials, writeModel } from '../../trials.ts'
import type { Work } from '../pipeline.ts'

/** @param read from what the trial was given: what is missing would show in its result */
const resultOf = ({ score }: TrialOutcome, losses: readonly number[], read = 0): Segmented => ({
  status: 'succeeded',
  score,
  iou: [score, score],
  pixelAccuracy: score,
  loss: losses.at(-1)! + read,
  parameters: 7,
  multiplyAdds: 9,
})

const success = contract.task.result

/** Every part takes a millisecond. */
const latency: Work = async (_, record, { store, outcomeOf, work }) => {
  const run = runOf(record, contract)
  const key = latencyKey(run)!
  await work(1000 * outcomeOf(key).seconds)
  const space = spaceOf(run.config)
  const graphs = partGraphs(space, { size: run.config.retrain.crop, classes: 2, attentionScale: false })
  const parts = Object.fromEntries([...graphs.keys()].map((part) => [part, 1]))
  await putPartTable(store, key, {
    device: 'simulated',
    batch: 1,
    unit: 'ms',
    tokens: tokenWidths(space),
    parts,
  })
}

const supernet: Work = (job, _, environment) =>
  trainTrials(job, { spec: contract.trials.supernet, success }, environment, {
    finish: async (trial, outcome, losses) => {
      const weights = { weights: float32([1], [outcome.score]) }
      await environment.store.put(trialKeys(trial).weights, encodeSafetensors(weights, { trial }))
      return resultOf(outcome, losses)
    },
  })

const evaluate: Work = (job, _, environment) =>
  trainTrials(job, { spec: contract.trials.evaluate, success }, environment, {
    open: async ({ supernet }) => (await readWeights(environment.store, supernet)).weights!.data[0]!,
    finish: async (_, outcome, losses, read) => resultOf(outcome, losses, read),
  })

const train: Work = (job, _, environment) =>
  trainTrials(job, { spec: contract.trials.train, success }, environment, {
    finish: async (trial, outcome, losses) => {
      await writeModel(environment.store, trial)
      return resultOf(outcome, losses)
    },
  })

export const work = { latency, supernet, evaluate, train } as const
