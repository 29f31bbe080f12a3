import { contentHash } from '../../../nas/hash.ts'
import type { ComparedNetwork, Comparison } from '../../../nas/pipelines/topformer/comparison.ts'
import { topformerConfigSchema } from '../../../nas/pipelines/topformer/config.ts'
import { frontOf } from '../../../nas/pipelines/topformer/front.ts'
import { taskOf } from '../../../nas/pipelines/topformer/latency.ts'
import type { Evaluated, RoundResults, Scored } from '../../../nas/pipelines/topformer/round.ts'
import { searchesOf } from '../../../nas/pipelines/topformer/searches.ts'
import type { TrainedNetwork } from '../../../nas/pipelines/topformer/specs.ts'
import { random } from '../../../nas/random.ts'
import { CONTRACT } from '../../../nas/runs/contract.ts'
import { agreementOf } from '../../../nas/runs/score-agreement.ts'
import { ranked } from '../../../nas/search/policy.ts'
import { costOf } from '../../../nas/spaces/topformer/cost.ts'
import type { TopformerReportData } from '../../../report/topformer/data.ts'
import { PIXEL } from '../dpc/sample.ts'

const CLASSES = ['road', 'car', 'sky']
const TOP = 8

/** A finished run of two limits with everything that a report can show. @param agreement of both scores, from -1 to 1 */
export function sample(changes: Partial<TopformerReportData> = {}, agreement = 1): TopformerReportData {
  const config = topformerConfigSchema.parse({
    pipeline: 'topformer',
    dataset: { kind: 'street' },
    search: { limit: { most: [4e7, 9e7] }, iterations: 2, samples: 5 },
    retrain: { top: TOP, seeds: [0, 1] },
  })
  const record = {
    run: 'topformer-20261127-street',
    config,
    dataset: { fingerprint: contentHash('street'), classes: CLASSES, train: 400, validation: 100 },
    code: '0.1.0',
    contract: CONTRACT,
    startedAt: Date.UTC(2026, 10, 27, 8, 30),
  }
  const results: RoundResults[] = Array.from({ length: 4 }, (_, round) => ({
    searches: searchesOf(record).map(({ index, space }) =>
      Array.from({ length: 5 }, (_, i): Evaluated => {
        const genotype = space.sample(random(1, round, index, i))
        const trial = contentHash(genotype)
        const isFailed = round === 0 && index === 0 && i === 0
        return isFailed
          ? { trial, genotype, reason: 'killed its job 3 times' }
          : { trial, genotype, score: 0.1 + 0.02 * round + 0.01 * i + 0.005 * index }
      }),
    ),
  }))
  const scored = results.flatMap(({ searches }) => searches[1]!) as readonly Scored[]
  const found = ranked(scored).slice(0, TOP)
  const contenders = [
    ...found.map(({ genotype, score }) =>
      compared('searched', { kind: 'genotype', genotype }, 0.3 + agreement * score, score),
    ),
    compared('topformer', { kind: 'scaled', width: 0.4 }, 0.31, null),
    compared('random', { kind: 'genotype', genotype: scored[0]!.genotype }, 0.29, null),
  ]

  function compared(
    role: ComparedNetwork['role'],
    network: TrainedNetwork,
    score: number,
    inherited: number | null,
  ) {
    const { parameters, multiplyAdds } =
      network.kind === 'genotype'
        ? costOf(network.genotype, taskOf(record))
        : { parameters: 1_000_000, multiplyAdds: 80_000_000 }
    const trials = [-0.002, 0.002].map((offset, seed) => ({
      seed,
      trial: contentHash([role, network, seed]),
      score: score + offset,
    }))
    return { role, limit: 1, network, inherited, score, parameters, multiplyAdds, trials } as const
  }

  const best = contenders.slice(0, TOP).toSorted((a, b) => b.score - a.score)[0]!
  const pairs = contenders.flatMap(({ inherited, score }) =>
    inherited === null ? [] : [[inherited, score] as const],
  )
  const comparison: Comparison = {
    contenders,
    ...agreementOf(pairs, 0),
    winner: {
      trial: best.trials[1]!.trial,
      genotype: (best.network as { genotype: Scored['genotype'] }).genotype,
      ...{ limit: 1, inherited: best.inherited, score: best.score },
      ...{ parameters: best.parameters, multiplyAdds: best.multiplyAdds },
    },
  }
  return {
    record,
    end: { status: 'succeeded', stopped: null },
    notes: { warnings: [] },
    results,
    task: taskOf(record),
    front: frontOf(record, results),
    comparison,
    predictions: [PIXEL],
    ledger: [],
    ...changes,
  }
}
