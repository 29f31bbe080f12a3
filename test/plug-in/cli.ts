import type { CliPipeline, Phase } from '../../cli/pipelines/pipeline.ts'
import { type Estimate, inAll, work } from '../../nas/runs/estimate.ts'
import { getJson, requireJson } from '../../nas/store/json.ts'
import type { ObjectStore } from '../../nas/store/store.ts'
import { classificationGraph } from '../../nas/training/classification.ts'
import { percent } from '../../report/format.ts'
import {
  candidatesSchema,
  networkOf,
  type PerceptronConfig,
  perceptronKeys,
  rankingSchema,
  specSchema,
} from './contract.ts'
import { predictorOf } from './network.ts'
import { rankWidths } from './report.ts'

const TRAINING: Phase = { name: 'widths', job: 'perceptron', score: 'top-1' }
const SECONDS = 5

const rankingOf = (store: ObjectStore, run: string) =>
  requireJson(store, perceptronKeys(run).ranking, rankingSchema, `trellis resume ${run}`)

async function trialsOf(store: ObjectStore, run: string): Promise<readonly string[]> {
  const chosen = await getJson(store, perceptronKeys(run).candidates, candidatesSchema)
  return (chosen?.contenders ?? []).flatMap(({ trials }) => trials.map(({ trial }) => trial))
}

export const commandLine: CliPipeline<PerceptronConfig, Estimate> = {
  withAbsolutePaths: (config) => config,
  prepareInputs: async () => ({ facts: {}, put: async () => {} }),
  hasInputs: async () => true,
  besides: () => null,
  estimate: ({ widths, seeds }, _, __, capacity) =>
    inAll({ perceptron: work({ trials: widths.length * seeds.length, seconds: SECONDS }, capacity) }),
  candidates: () => 1,
  checkBudget: () => {},
  comparison: (estimate) => estimate,
  made: async () => ({}),
  withSizes: (config) => config,
  check: () => {},
  memory: () => null,
  byPhase: ({ byJob }) => [['widths', byJob.perceptron!]],
  paper: null,
  plan: ({ widths }) => [['search', `widths ${widths.join(', ')}`]],
  phases: [TRAINING],
  phaseByState: { Choose: TRAINING },
  limits: () => ({}),
  trialsChosen: async (store, run, { state }) =>
    state === 'Choose' ? { trials: await trialsOf(store, run), all: true } : undefined,
  async progressFromStore(store, { run }) {
    const pending = await trialsOf(store, run)
    const trials = { completed: 0, failed: 0, best: undefined, pending }
    return {
      phase: TRAINING,
      machine: 'Search',
      round: undefined,
      perShard: 1,
      total: pending.length,
      trials,
    }
  },
  async describe(store, run) {
    const { winner } = await rankingOf(store, run)
    return { title: `width ${winner.width} is best`, rows: [['score', `${percent(winner.score)} top-1`]] }
  },
  async trained(store, run) {
    const { winner } = await rankingOf(store, run)
    return [{ ...winner, baseline: null, metric: 'top-1', genotype: { width: winner.width } }]
  },
  graph: (_, spec, shape) =>
    classificationGraph({ network: networkOf(specSchema.parse(spec)), image: shape }),
  compared: async (store, { run, dataset }) => ({
    ranking: rankWidths(await rankingOf(store, run)),
    dataset,
  }),
  predictor: async (_, spec, { weights }) => predictorOf(spec, weights),
  front: async () => null,
  count: { networks: {}, spaces: {}, space: null, notation: null, read: () => undefined },
  remeasure: () => undefined,
  rerank: null,
}
