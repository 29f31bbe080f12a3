import type { ComparedNetwork } from '../../nas/pipelines/topformer/comparison.ts'
import type { BaselineNames } from '../comparison/baselines.ts'

export const baselineNetworks: BaselineNames<Exclude<ComparedNetwork['role'], 'searched'>> = {
  topformer: () => 'TopFormer scaled',
  random: (n) => (n === 1 ? 'a random network' : `the mean of ${n} random networks`),
}
