/** 9.3e+31 */
export function scientific(n: bigint): string {
  if (n < 1_000_000n) return n.toLocaleString('en-US')
  // Of hundreds of digits, more than a number can be.
  const digits = String(n)
  const [mantissa, exponent] = Number(digits.slice(0, 15)).toExponential(1).split('e+')
  return `${mantissa}e+${Number(exponent) + Math.max(0, digits.length - 15)}`
}
