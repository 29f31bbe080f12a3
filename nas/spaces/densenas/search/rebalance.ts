/**
 * Re-balancing (Eq. 9) of a layer's architecture parameters, of which only the sampled ones were updated: shifts those so
 * that the sum of their weights is as before, which keeps the weights of all others.
 * @param before all parameters of the layer before the update.
 * @param after all of them after it.
 * @param sampled indices of those that were updated.
 */
export function rebalance(
  before: readonly number[],
  after: readonly number[],
  sampled: readonly number[],
): number[] {
  const logSumExp = (parameters: readonly number[]) => {
    const largest = Math.max(...sampled.map((o) => parameters[o]!))
    return largest + Math.log(sampled.reduce((sum, o) => sum + Math.exp(parameters[o]! - largest), 0))
  }
  const bias = logSumExp(before) - logSumExp(after)
  return after.map((parameter, o) => (sampled.includes(o) ? parameter + bias : parameter))
}
