/**
 * The work of a worker: warms up, waits for a line on standard input, and prints the seconds of each step, those of processor time,
 * the peak memory in bytes, and facts, as JSON.
 */
export async function timed(
  step: (number: number) => Promise<unknown>,
  warmUp: number,
  steps: number,
  facts: object = {},
): Promise<never> {
  for (let i = 0; i < warmUp; i++) await step(i)
  console.log('ready')
  await new Promise((resolve) => process.stdin.once('data', resolve))
  const [seconds, processor]: [number[], number[]] = [[], []]
  for (let i = 0; i < steps; i++) {
    const [start, before] = [performance.now(), process.cpuUsage()]
    await step(warmUp + i)
    const { user, system } = process.cpuUsage(before)
    seconds.push((performance.now() - start) / 1000)
    processor.push((user + system) / 1e6)
  }
  const peakBytes = process.resourceUsage().maxRSS * 1024
  console.log(JSON.stringify({ seconds, processor, peakBytes, ...facts }))
  process.exit()
}
