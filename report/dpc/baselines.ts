import type { ComparedCell } from '../../nas/pipelines/dpc/comparison.ts'
import type { BaselineNames } from '../comparison/baselines.ts'

export const baselineCells: BaselineNames<Exclude<ComparedCell['role'], 'searched'>> = {
  aspp: () => 'ASPP',
  random: (n) => (n === 1 ? 'a random cell' : `the mean of ${n} random cells`),
}
