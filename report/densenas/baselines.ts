import type { ComparedNetwork } from '../../nas/pipelines/densenas/comparison.ts'
import type { BaselineNames } from '../comparison/baselines.ts'

export const baselineNetworks: BaselineNames<Exclude<ComparedNetwork['role'], 'derived'>> = {
  'mobilenet-v2': () => 'MobileNetV2',
  random: (n) => (n === 1 ? 'a random path' : `the mean of ${n} random paths`),
}
