import type { ComparedNetwork, Comparison } from '../../nas/pipelines/densenas/comparison.ts'
import { type Ranking, rank } from '../comparison/ranking.ts'
import { comparisonSection } from '../comparison/section.ts'
import type { ComparisonWords } from '../comparison/words.ts'
import { counted } from '../format.ts'
import { measurement } from '../latency.ts'
import type { Section } from '../section.ts'
import { baselineNetworks } from './baselines.ts'
import type { DenseNasReportData } from './data.ts'

export const comparisonWords: ComparisonWords = {
  noun: 'network',
  winner: 'the network found',
  score: 'top-1',
  seedsKey: 'retrain.seeds',
}

export const rankNetworks = (comparison: Comparison): Ranking<ComparedNetwork> =>
  rank(comparison, { nameOf, baselines: baselineNetworks(comparison) })

function nameOf({ role, network }: ComparedNetwork, n: number): string {
  if (role === 'random') return `random path ${n}`
  return network.kind === 'mobilenet-v2' ? `MobileNetV2 × ${network.width.toFixed(2)}` : 'the network found'
}

export function retrainingSection({
  comparison,
  record,
  latencies,
}: DenseNasReportData): Section | undefined {
  if (!comparison) return undefined
  const { seeds, epochs } = record.config.retrain
  return comparisonSection(rankNetworks(comparison), {
    title: 'The network found against baselines',
    training: `All trained alike from their initial weights, for ${counted(epochs, 'epoch')} over all training images, with ${counted(seeds.length, 'seed')}. The validation images took no part in the search.`,
    reading:
      'Random paths are drawn from the same space, with about as many multiply-adds; MobileNetV2 has the width that gives as many.' +
      (latencies === undefined
        ? ''
        : ` Latencies are sums over operations, for ${counted(latencies.batch, 'image')}, ${measurement(latencies)}; MobileNetV2 has other operations.`),
    words: comparisonWords,
    figures: [
      { name: 'Top-5, %', of: ({ top5 }) => top5 },
      ...(latencies === undefined
        ? []
        : [
            {
              name: 'Latency, ms',
              of: latencyOf,
              show: (value: number | null) => value?.toPrecision(3) ?? '–',
            },
          ]),
    ],
    structure: { name: 'Widths', className: 'nowrap', of: widthsOf },
  })
}

const latencyOf = ({ latency }: ComparedNetwork): number | null => latency ?? null

const widthsOf = ({ network }: ComparedNetwork): string =>
  network.kind === 'densenas' ? network.genotype.blocks.map(({ width }) => width).join(' → ') : '–'

/** The largest relative difference of a candidate's multiply-adds to those of the network found. */
export const costsDifferBy = ({ candidates, winner }: Ranking<ComparedNetwork>): number =>
  winner === undefined
    ? 0
    : Math.max(...candidates.map(({ multiplyAdds }) => Math.abs(multiplyAdds / winner.multiplyAdds - 1)))
