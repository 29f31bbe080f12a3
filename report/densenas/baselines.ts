import type { ComparedNetwork, Comparison } from '../../nas/pipelines/densenas/comparison.ts'
import type { BaselineNames } from '../comparison/baselines.ts'

/** Above this relative difference, costs are too different to compare at equal cost. */
export const UNEQUAL = 0.1

/** MobileNetV2 has only so many widths: where none makes it cost about as much as the network found, its name says so. */
export function baselineNetworks({
  contenders,
  winner,
}: Pick<Comparison, 'contenders' | 'winner'>): BaselineNames<Exclude<ComparedNetwork['role'], 'derived'>> {
  const mobile = contenders.find(({ role }) => role === 'mobilenet-v2')
  const times = mobile === undefined ? 1 : mobile.multiplyAdds / winner.multiplyAdds
  const cost = Math.abs(times - 1) > UNEQUAL ? ` of ${times.toPrecision(2)} times the multiply-adds` : ''
  return {
    'mobilenet-v2': () => `MobileNetV2${cost}`,
    random: (n) => (n === 1 ? 'a random path' : `the mean of ${n} random paths`),
  }
}
