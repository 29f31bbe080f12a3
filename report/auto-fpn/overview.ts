import { type Module, modulesOf, searchableOf } from '../../nas/pipelines/auto-fpn/config.ts'
import { originOf } from '../../nas/pipelines/auto-fpn/origin.ts'
import type { AutoFpnGenotype } from '../../nas/spaces/auto-fpn/genotype.ts'
import { lead } from '../comparison/baselines.ts'
import { onTest, testTiles } from '../comparison/on-test.ts'
import { capitalised } from '../comparison/words.ts'
import { costTiles } from '../cost.ts'
import { counted, difference, large, percent } from '../format.ts'
import type { Header, Tile } from '../header.ts'
import { type End, inState } from '../note.ts'
import { spreadOf } from '../spread.ts'
import { baselineHead } from './baseline-head.ts'
import { rankDetectors } from './comparison.ts'
import type { AutoFpnReportData } from './data.ts'
import { notes } from './notes.ts'
import { beside } from './statistics.ts'
import { genotypeOf } from './winner.ts'

type Compared = NonNullable<AutoFpnReportData['comparison']>

export const overview = (data: AutoFpnReportData): Header => ({
  eyebrow: `${data.record.genotype === undefined ? 'search for' : 'transfer of'} ${searchableOf(
    data.record.config,
  )
    .map((module) => `the ${module}`)
    .join(' and ')} of a detector`,
  finding: finding(data),
  tiles: tiles(data),
  notes: notes(data),
})

function finding(data: AutoFpnReportData): string {
  const { comparison, searches, record, end } = data
  const origin = record.config.search.genotype
  if (comparison)
    return `${foundBeside(comparison, baselineHead(record))}${origin === undefined ? '' : ` ${searchableOf(record.config).length > 1 ? 'Neck and head are those' : 'The neck is that'} of ${originOf(origin)}: nothing was searched.`}`
  const genotype = genotypeOf(data)
  if (genotype === undefined)
    return inState(end, {
      over: 'The search found no detector.',
      interrupted: 'The search was interrupted before it had found a detector.',
      going: 'The search is under way.',
    })
  const found =
    origin === undefined
      ? `The search has found ${partsInWords(genotype)}`
      : `There is ${partsInWords(genotype)}, of ${originOf(origin)}`
  const missing = modulesOf(record.config)[searches.length]
  return `${found}, ${data.evolution.length > 0 ? compared(end, EVOLVING) : next(missing, end)}.`
}

const partsInWords = ({ neck, head }: AutoFpnGenotype): string =>
  [
    ...(neck ? [`a neck of ${counted(neck.layers.length, 'layer')}`] : []),
    ...(head ? [`a head of ${counted(head.cells.length, 'cell')}`] : []),
  ].join(' and ')

/** @param missing the module that is searched next */
const next = (missing: Module | undefined, end: End): string =>
  missing === undefined
    ? compared(end, 'which is now trained beside the baselines')
    : inState(end, {
        over: `but no ${missing}`,
        interrupted: `but no ${missing} yet`,
        going: `and now looks for a ${missing}`,
      })

const EVOLVING = 'beside which detectors now evolve, or are trained'

const compared = (end: End, going: string): string =>
  inState(end, { over: 'which could not be compared', interrupted: 'which has not been compared yet', going })

function foundBeside(comparison: Compared, head: string): string {
  const { winner } = comparison
  const ranking = rankDetectors(comparison)
  const against = ranking.leads.length === 0 ? lead(ranking) : ''
  const margins = against === '' ? '' : `: ${against}`
  return `${onTest(winner, ranking.leads, 'AP')}The detector found reaches ${percent(winner.score)} AP and ${percent(winner.ap50)} AP50 on the validation images${margins}. ${weight(comparison, head)}`
}

/** Parameters of neck and head, beside those of FPN's where that was trained. @param ownHead of a detector whose head was not searched */
function weight({ winner, contenders }: Compared, ownHead: string): string {
  const fpn = contenders.find(({ role }) => role === 'fpn')
  const of = (module: Module): string => {
    if (winner.genotype[module] === undefined)
      return `its ${module} is ${module === 'head' ? ownHead : 'FPN’s'}`
    const against = fpn
      ? `, ${beside(winner[module], fpn[module])} ${thanFpn(winner[module], fpn[module])}`
      : ''
    return `its ${module} has ${large(winner[module])} parameters${against}`
  }
  const [neck, head] = [of('neck'), of('head')]
  return `${capitalised(neck)}; ${head}.`
}

const thanFpn = (n: number, fpn: number): string =>
  beside(n, fpn).endsWith('as many') ? 'as FPN’s' : 'than FPN’s'

const tiles = ({ comparison, ledger, record }: AutoFpnReportData): readonly Tile[] => [
  ...(comparison ? found(comparison, baselineHead(record)) : []),
  ...costTiles(ledger),
]

function found(comparison: Compared, head: string): readonly Tile[] {
  const { winner, contenders } = comparison
  const { winner: ranked, baselines, leads } = rankDetectors(comparison)
  const seeds = ranked?.seeds ?? []
  const spread = seeds.length > 1 ? `${spreadOf(seeds)} over ${counted(seeds.length, 'seed')}; ` : ''
  const fpn = contenders.find(({ role }) => role === 'fpn')
  const size = (module: Module): Tile => ({
    name: `Parameters of the ${module}`,
    value: large(winner[module]),
    ...(winner.genotype[module] === undefined
      ? { remark: module === 'head' ? head : 'FPN’s' }
      : fpn && { remark: `FPN ${large(fpn[module])}` }),
  })
  return [
    ...testTiles(winner, leads, 'AP'),
    {
      name: winner.test ? 'Validation AP' : 'AP',
      value: percent(winner.score),
      remark: `${spread}AP50 ${percent(winner.ap50)}`,
    },
    ...(leads.length > 0 ? [] : baselines).map((baseline) => ({
      name: `Against ${baseline.name}`,
      value: difference(winner.score - baseline.score),
      remark: `points to ${percent(baseline.score)}`,
    })),
    size('neck'),
    size('head'),
  ]
}
