import { comparisonSchema } from '../../../nas/pipelines/densenas/comparison.ts'
import { derivedSchema } from '../../../nas/pipelines/densenas/derived.ts'
import { denseNas } from '../../../nas/pipelines/densenas/index.ts'
import { denseNasKeys } from '../../../nas/pipelines/densenas/keys.ts'
import { type DenseNasSummary, denseNasSummarySchema } from '../../../nas/pipelines/densenas/summary.ts'
import { readRunOf } from '../../../nas/pipelines/run.ts'
import { runKeys } from '../../../nas/runs/keys.ts'
import { getJson, RESUME, requireJson } from '../../../nas/store/json.ts'
import type { ObjectStore } from '../../../nas/store/store.ts'
import { margins } from '../../../report/comparison/baselines.ts'
import { onlyClassOfTrial } from '../../../report/comparison/only-class.ts'
import { baselineNetworks } from '../../../report/densenas/baselines.ts'
import { counted, large, percent } from '../../../report/format.ts'
import type { Description, Row } from '../pipeline.ts'

export async function describeDenseNas(store: ObjectStore, run: string): Promise<Description> {
  const fix = `trellis resume ${run}`
  const summary = await requireJson(store, runKeys(run).summary, denseNasSummarySchema, fix, RESUME)
  const { genotype } = await requireJson(store, denseNasKeys(run).derived, derivedSchema, fix, RESUME)
  const onlyClass = await onlyClassOfWinner(store, run)
  const layers = genotype.blocks.reduce((sum, { stack }) => sum + 1 + stack.length, 0)
  return {
    title: [
      `a network of ${counted(genotype.blocks.length, 'block')} and ${counted(layers, 'layer')} found`,
      ...(summary.stopped === null ? [] : [summary.stopped]),
    ].join(', '),
    rows: [
      ['widths', genotype.blocks.map(({ width }) => width).join(' → ')],
      ...winnerRows(summary),
      ...(onlyClass === undefined ? [] : [['', onlyClass] as const]),
    ],
  }
}

async function onlyClassOfWinner(store: ObjectStore, run: string): Promise<string | undefined> {
  const comparison = await getJson(store, denseNasKeys(run).comparison, comparisonSchema)
  if (comparison === undefined) return undefined
  const { dataset } = await readRunOf(store, run, denseNas)
  return onlyClassOfTrial(comparison.contenders, comparison.winner.trial, dataset.classes)
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
