import { runOf } from '../../../../nas/pipelines/run.ts'
import { spaceOf } from '../../../../nas/pipelines/topformer/config.ts'
import { topformer as contract } from '../../../../nas/pipelines/topformer/index.ts'
import { latencyKey, putPartTable } from '../../../../nas/pipelines/topformer/latency.ts'
import { type Pretrained, readPretrained } from '../../../../nas/pipelines/topformer/pretraining.ts'
import { trialKeys } from '../../../../nas/runs/keys.ts'
import { readWeights } from '../../../../nas/runs/model.ts'
import { partGraphs } from '../../../../nas/spaces/topformer/part-graphs.ts'
import { tokenWidths } from '../../../../nas/spaces/topformer/parts.ts'
import { encodeSafetensors } from '../../../../nas/store/safetensors.ts'
import type { ObjectStore } from '../../../../nas/store/store.ts'
import { classification } from '../../../../nas/tasks/classification.ts'
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

const leaveWeights = (store: ObjectStore, trial: string, { score }: TrialOutcome) =>
  store.put(trialKeys(trial).weights, encodeSafetensors({ weights: float32([1], [score]) }, { trial }))

/** What a training starts from, read as the product reads it. */
const startOf = async (store: ObjectStore, pretrained: Pretrained | undefined): Promise<number> =>
  pretrained ? (await readPretrained(store, pretrained)).weights!.data[0]! : 0

const pretrain: Work = (job, _, environment) =>
  trainTrials(job, { spec: contract.trials.pretrain, success: classification.result }, environment, {
    finish: async (trial, outcome, losses) => {
      await leaveWeights(environment.store, trial, outcome)
      const { iou: _, pixelAccuracy: __, ...result } = resultOf(outcome, losses)
      return { ...result, top5: outcome.score }
    },
  })

const supernet: Work = (job, _, environment) =>
  trainTrials(job, { spec: contract.trials.supernet, success }, environment, {
    open: (spec) => startOf(environment.store, 'pretrained' in spec ? spec.pretrained : undefined),
    finish: async (trial, outcome, losses, read) => {
      await leaveWeights(environment.store, trial, outcome)
      return resultOf(outcome, losses, read)
    },
  })

const evaluate: Work = (job, _, environment) =>
  trainTrials(job, { spec: contract.trials.evaluate, success }, environment, {
    open: async ({ supernet }) => (await readWeights(environment.store, supernet)).weights!.data[0]!,
    finish: async (_, outcome, losses, read) => resultOf(outcome, losses, read),
  })

const train: Work = (job, _, environment) =>
  trainTrials(job, { spec: contract.trials.train, success }, environment, {
    open: ({ pretrained }) => startOf(environment.store, pretrained?.from),
    finish: async (trial, outcome, losses, read) => {
      await writeModel(environment.store, trial)
      return resultOf(outcome, losses, read)
    },
  })

export const work = { latency, pretrain, supernet, evaluate, train } as const
