import { z } from 'zod'
import { batch, count, learningRate, seed, steps } from '../../nas/bounds.ts'
import { classificationConfig } from '../../nas/data/config.ts'
import { classifier, convBn, type Network } from '../../nas/nets/layers.ts'
import { candidateSchema, comparedSchema, winnerSchema } from '../../nas/runs/comparison.ts'
import { common, limits, nameSchema } from '../../nas/runs/config.ts'
import { contractSchema } from '../../nas/runs/contract.ts'
import { trialKeys } from '../../nas/runs/keys.ts'
import type { PipelineContract } from '../../nas/runs/pipeline.ts'
import type { RunRecord } from '../../nas/runs/record.ts'
import { runReferences, trialReferences } from '../../nas/runs/references.ts'
import { getOutcome } from '../../nas/runs/result.ts'
import { getJson, getSound } from '../../nas/store/json.ts'
import { classification } from '../../nas/tasks/classification.ts'

/* A pipeline that does not come with Trellis: it trains a network of two layers at several widths, and keeps the best. */

const settings = {
  steps: steps.default(6),
  batch: batch.default(4),
  learningRate: learningRate.default(0.05),
}
const width = count(65_536)

const configSchema = z
  .strictObject({
    pipeline: z.literal('perceptron').describe('the system to run'),
    name: nameSchema.default('perceptron'),
    dataset: classificationConfig.describe('what to learn'),
    widths: z.array(width).min(1).max(100).readonly().default([4, 8]).describe('channels of the first layer'),
    ...settings,
    seeds: z
      .array(seed)
      .min(1)
      .max(100)
      .readonly()
      .default([0])
      .describe('each width is trained once with each'),
    budget: z.strictObject(limits).readonly().optional(),
    ...common,
  })
  .readonly()
export type PerceptronConfig = z.infer<typeof configSchema>
export type PerceptronRun = RunRecord<PerceptronConfig>

export const specSchema = z
  .strictObject({
    kind: z.literal('perceptron'),
    contract: contractSchema,
    dataset: z.string().min(1).describe('fingerprint'),
    classes: count(1_000_000),
    width,
    seed,
    ...settings,
  })
  .readonly()
export type PerceptronSpec = z.infer<typeof specSchema>

export const specOf = (
  { contract, config, dataset }: PerceptronRun,
  width: number,
  seed: number,
): PerceptronSpec => ({
  kind: 'perceptron',
  contract,
  dataset: dataset.fingerprint,
  classes: dataset.classes.length,
  width,
  seed,
  steps: config.steps,
  batch: config.batch,
  learningRate: config.learningRate,
})

/** The narrowest width is what the others have to beat. */
const layer = { role: z.enum(['wide', 'narrowest']), width }
const candidate = candidateSchema(layer)
export type LayerCandidate = z.infer<typeof candidate>
export const candidatesSchema = z.strictObject({ contenders: z.array(candidate).readonly() }).readonly()

export const rankingSchema = z
  .strictObject({
    contenders: z.array(comparedSchema(layer)).readonly(),
    winner: winnerSchema({ width }),
  })
  .readonly()
export type Ranking = z.infer<typeof rankingSchema>

export const perceptronKeys = (run: string) =>
  ({
    candidates: `runs/${run}/widths.json`,
    shards: `runs/${run}/widths.jsonl`,
    ranking: `runs/${run}/ranking.json`,
  }) as const

export const perceptron = {
  name: 'perceptron',
  task: classification,
  config: configSchema,
  facts: {},
  jobs: ['perceptron'],
  trials: { perceptron: specSchema },
  layout: {
    objects: {
      'runs/*/widths.json': 'once',
      'runs/*/widths.jsonl': 'temporary',
      'runs/*/ranking.json': 'latest',
    },
    caches: [],
  },
  async progress(store, run) {
    const chosen = await getJson(store, perceptronKeys(run).candidates, candidatesSchema)
    const trials = (chosen?.contenders ?? []).flatMap((each) => each.trials)
    const results = await Promise.all(trials.map(({ trial }) => getOutcome(store, run, trial)))
    const scores = results.flatMap((result) => (result?.status === 'succeeded' ? [result.score] : []))
    return {
      completed: results.filter((result) => result !== undefined).length,
      failed: results.filter((result) => result?.status === 'failed').length,
      best: scores.length === 0 ? null : Math.max(...scores),
    }
  },
  async *references(store, record) {
    const keys = perceptronKeys(record.run)
    yield* runReferences(store, record, ['model.onnx', 'model.json'])
    const chosen = await getSound(store, keys.candidates, candidatesSchema)
    if (chosen === undefined) return
    yield* [{ key: keys.candidates }, { key: keys.ranking }]
    for (const { trial } of chosen.contenders.flatMap(({ trials }) => trials))
      yield* trialReferences(store, record.run, trial, [trialKeys(trial).weights, trialKeys(trial).model])
  },
  size: ({ widths, seeds, compute }) => ({
    trials: 1,
    perRound: 1,
    trialsPerJob: 1,
    concurrency: compute.concurrency ?? 1,
    contenders: widths.length * seeds.length,
  }),
} as const satisfies PipelineContract<PerceptronConfig>

export const networkOf =
  ({ width, classes }: PerceptronSpec): Network =>
  (context, image) => {
    const options = { channels: width, kernel: 3, stride: 2, activation: 'relu6' } as const
    return classifier(context, convBn(context, 'first', image, options), classes)
  }
