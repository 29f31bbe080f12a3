import type { SimulatedPipeline } from '../../local/simulator/pipelines/pipeline.ts'
import { readObject } from '../../local/simulator/pipelines/pipeline.ts'
import type { FinishedRun } from '../../local/simulator/run-artifacts.ts'
import { trainTrials, writeModel } from '../../local/simulator/trials.ts'
import { runKeys } from '../../nas/runs/keys.ts'
import { candidatesSchema, perceptron, perceptronKeys, rankingSchema } from './contract.ts'

const candidatesOf = ({ objects, record }: FinishedRun) =>
  readObject(objects, perceptronKeys(record.run).candidates, candidatesSchema)?.contenders ?? []

export const simulated: SimulatedPipeline<(typeof perceptron.jobs)[number]> = {
  work: {
    perceptron: (job, _, environment) => {
      const kind = { spec: perceptron.trials.perceptron, success: perceptron.task.result }
      return trainTrials(job, kind, environment, {
        finish: async (trial, { score }, losses) => {
          await writeModel(environment.store, trial)
          const figures = { parameters: 7, multiplyAdds: 9, loss: losses.at(-1)! }
          return { status: 'succeeded', score, top5: score, ...figures }
        },
      })
    },
  },
  difficulty: { seconds: [40, 120], failing: { diverges: 0.1, memory: 0.02, raises: 0.05 } },
  settings: (rng) => ({
    pipeline: 'perceptron',
    dataset: { kind: 'shapes' },
    widths: rng.pick([[4, 8], [2, 4, 8, 16], [3]]),
    seeds: rng.pick([[0], [0, 1]]),
  }),
  trials: (run) => candidatesOf(run).flatMap(({ trials }) => trials.map(({ trial }) => trial)),
  isResult(key, run) {
    const { candidates, ranking } = perceptronKeys(run)
    return key === candidates || key === ranking || key.startsWith(runKeys(run).decoded(''))
  },
  withoutFaults: ({ record }) => record.config,
  isOutOfBudget: () => false,
  /** The winner has the highest score. */
  violations(artifacts) {
    const { objects, record } = artifacts
    const ranking = readObject(objects, perceptronKeys(record.run).ranking, rankingSchema)
    if (ranking === undefined) return []
    const better = ranking.contenders.filter(({ score }) => score !== null && score > ranking.winner.score)
    return better.map(({ width }) => `width ${width} is better than the winner`)
  },
  revisions: null,
}
