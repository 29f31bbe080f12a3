import { type ClassCounts, sharesOf } from '../nas/data/class-counts.ts'
import { count } from '../report/format.ts'
import { table } from './table.ts'

/** More classes are folded, but for the rarest: those are what a search fails on. */
const MOST_ROWS = 24
const RAREST = 12
const WIDEST = 32

interface Row {
  readonly name: string
  readonly train: number
  readonly validation: number
}

/** How often each class occurs, in at most 80 columns. */
export function classTable(classes: readonly string[], counts: ClassCounts): string {
  const [train, validation] = [sharesOf(counts.train), sharesOf(counts.validation)]
  const rows = classes.map((name, label) => ({
    name: name.length > WIDEST ? `${name.slice(0, WIDEST - 1)}…` : name,
    train: train.classes[label]!,
    validation: validation.classes[label]!,
  }))
  const voids = { name: 'void', train: train.void, validation: validation.void }
  return table([
    ['class', `% of training ${counts.of}`, `% of validation ${counts.of}`],
    ...(rows.length > MOST_ROWS ? folded(rows) : rows.map(cells)),
    ...(voids.train + voids.validation > 0 ? [cells(voids)] : []),
  ])
}

const cells = ({ name, train, validation }: Row) => [name, share(train), share(validation)]

function folded(rows: readonly Row[]): string[][] {
  const sorted = rows.toSorted((a, b) => a.train - b.train || a.validation - b.validation)
  const others = sorted.slice(RAREST)
  const range = (shares: readonly number[]) =>
    `${share(Math.min(...shares))} to ${share(Math.max(...shares))}`
  return [
    ...sorted.slice(0, RAREST).map(cells),
    [
      `${count(others.length)} more often`,
      range(others.map(({ train }) => train)),
      range(others.map(({ validation }) => validation)),
    ],
  ]
}

/** Nothing that is there is shown as nothing. */
const share = (part: number): string =>
  part > 0 && part < 0.0001 ? '< 0.01' : (100 * part).toFixed(part === 0 ? 0 : 2)
