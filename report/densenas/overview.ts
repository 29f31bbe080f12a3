import { totals } from '../../nas/runs/ledger.ts'
import { counted, difference, duration, large, percent, usd } from '../format.ts'
import type { Header, Tile } from '../header.ts'
import { spreadOf } from '../spread.ts'
import type { DenseNasReportData } from './data.ts'
import { notes } from './notes.ts'
import { contestants, rivals } from './statistics.ts'

export const overview = (data: DenseNasReportData): Header => ({
  eyebrow: 'search for a densely connected network',
  finding: finding(data),
  tiles: tiles(data),
  notes: notes(data),
})

function finding({ search, comparison, end }: DenseNasReportData): string {
  if (!search) return end ? 'The search found no network.' : 'The search is under way.'
  if (!comparison) {
    const { blocks } = search.derived.genotype
    const layers = blocks.reduce((sum, { stack }) => sum + 1 + stack.length, 0)
    const what = `a network of ${counted(blocks.length, 'block')} and ${counted(layers, 'layer')}`
    return `The search has found ${what}, which ${end ? 'could not be compared' : 'is now trained beside the baselines'}.`
  }
  const { score, multiplyAdds } = comparison.winner
  const against = rivals(comparison).map(
    (rival) => `${difference(score - rival.score)} points against ${rival.name}`,
  )
  const margins = against.length > 0 ? `: ${against.join(' and ')}, at about equal cost` : ''
  return `The network found reaches ${percent(score)} top-1 on the validation images with ${large(multiplyAdds)} multiply-adds${margins}.`
}

function tiles({ comparison, ledger }: DenseNasReportData): readonly Tile[] {
  const { attempts, gpuHours, usd: spent } = totals(ledger)
  return [
    ...(comparison ? found(comparison) : []),
    {
      name: 'Machine time',
      value: duration(gpuHours * 3600),
      remark: `${counted(attempts, 'attempt')} of jobs`,
    },
    { name: 'Cost', value: usd(spent) },
  ]
}

function found(comparison: NonNullable<DenseNasReportData['comparison']>): readonly Tile[] {
  const { score, top5, parameters, multiplyAdds } = comparison.winner
  const { seeds } = contestants(comparison).find(({ role }) => role === 'derived')!
  const spread = seeds.length > 1 ? `${spreadOf(seeds)} over ${counted(seeds.length, 'seed')}; ` : ''
  return [
    { name: 'Top-1', value: percent(score), remark: `${spread}top-5 ${percent(top5)}` },
    ...rivals(comparison).map((rival) => ({
      name: `Against ${rival.name}`,
      value: difference(score - rival.score),
      remark: `points to ${percent(rival.score)}`,
    })),
    { name: 'Parameters', value: large(parameters), remark: `${large(multiplyAdds)} multiply-adds` },
  ]
}
