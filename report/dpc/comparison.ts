import type { ComparedCell, Rerank } from '../../nas/pipelines/dpc/comparison.ts'
import type { DpcRun } from '../../nas/pipelines/dpc/run.ts'
import { type Candidate, type Ranking, rank } from '../comparison/ranking.ts'
import { comparisonSection } from '../comparison/section.ts'
import type { ComparisonWords } from '../comparison/words.ts'
import { count, counted, ordinal } from '../format.ts'
import type { Section } from '../section.ts'
import { baselineCells } from './baselines.ts'
import { CELL_NOTATION, cellInColour } from './cell.ts'
import type { DpcReportData } from './data.ts'

export type Cell = Candidate<ComparedCell>

export const comparisonWords: ComparisonWords = {
  noun: 'cell',
  winner: 'the winner',
  score: 'full mIoU',
  seedsKey: 'rerank.seeds',
}

export const rankCells = (rerank: Rerank): Ranking<ComparedCell> =>
  rank(rerank, { nameOf, baselines: baselineCells })

function nameOf({ role, proxy }: ComparedCell, n: number): string {
  if (role === 'aspp') return 'ASPP'
  if (role === 'random') return `random ${n}`
  return `${ordinal(proxy?.rank ?? n)} by proxy`
}

export function fullTrainingSection({ rerank, record }: DpcReportData): Section | undefined {
  if (!rerank) return undefined
  const { seeds } = record.config.rerank
  return comparisonSection(rankCells(rerank), {
    title: 'Full training against baselines',
    training: `The best cells by proxy score and the baselines, all trained alike: backbone and cell together, with ${counted(seeds.length, 'seed')}.${newData(rerank, record)}`,
    reading: `Parameters and multiply-adds are those of the whole network. ${CELL_NOTATION}`,
    words: comparisonWords,
    figures: [{ name: 'Proxy mIoU, %', of: ({ proxy }) => proxy?.score ?? null }],
    structure: { name: 'Cell', className: 'branches', of: ({ genotype }) => cellInColour(genotype) },
  })
}

/** Of a revision of the ranking that was made after the dataset had changed. */
function newData({ dataset }: Rerank, record: DpcRun): string {
  if (dataset.fingerprint === record.dataset.fingerprint) return ''
  return ` Trained and scored on the dataset as it was after the search: ${counted(dataset.train, 'image')} for training, ${count(dataset.validation)} for validation, fingerprint ${dataset.fingerprint}. Proxy scores are those of the search.`
}
