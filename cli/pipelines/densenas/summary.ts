import { derivedSchema } from '../../../nas/pipelines/densenas/derived.ts'
import { denseNasKeys } from '../../../nas/pipelines/densenas/keys.ts'
import { type DenseNasSummary, denseNasSummarySchema } from '../../../nas/pipelines/densenas/summary.ts'
import { runKeys } from '../../../nas/runs/keys.ts'
import { RESUME, requireJson } from '../../../nas/store/json.ts'
import type { ObjectStore } from '../../../nas/store/store.ts'
import { margins } from '../../../report/comparison/baselines.ts'
import { baselineNetworks } from '../../../report/densenas/baselines.ts'
import { counted, large, percent } from '../../../report/format.ts'
import type { Description, Row } from '../pipeline.ts'

export async function describeDenseNas(store: ObjectStore, run: string): Promise<Description> {
  const fix = `trellis resume ${run}`
  const summary = await requireJson(store, runKeys(run).summary, denseNasSummarySchema, fix, RESUME)
  const { genotype } = await requireJson(store, denseNasKeys(run).derived, derivedSchema, fix, RESUME)
  const layers = genotype.blocks.reduce((sum, { stack }) => sum + 1 + stack.length, 0)
  return {
    title: [
      `a network of ${counted(genotype.blocks.length, 'block')} and ${counted(layers, 'layer')} found`,
      ...(summary.stopped === null ? [] : [summary.stopped]),
    ].join(', '),
    rows: [['widths', genotype.blocks.map(({ width }) => width).join(' → ')], ...winnerRows(summary)],
  }
}

function winnerRows({ winner, baselines }: DenseNasSummary): Row[] {
  if (winner === null) return []
  return [
    [
      'score',
      [
        `${percent(winner.score)} top-1, ${percent(winner.top5)} top-5`,
        ...margins(winner.score, baselines, baselineNetworks),
      ].join(', '),
    ],
    ['', `${large(winner.parameters)} parameters, ${large(winner.multiplyAdds)} multiply-adds`],
  ]
}
