/** exp(x), divided by its sum. */
export function softmax(values: readonly number[]): number[] {
  const largest = Math.max(...values)
  const exponentials = values.map((value) => Math.exp(value - largest))
  const sum = exponentials.reduce((total, each) => total + each, 0)
  return exponentials.map((each) => each / sum)
}
