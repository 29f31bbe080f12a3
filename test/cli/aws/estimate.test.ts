import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test, vi } from 'vitest'
import { estimateConfig } from '../../../cli/estimate.ts'
import { emptyFolder } from '../trellis.ts'

const example = (name: string) => fileURLToPath(new URL(`../../../examples/${name}`, import.meta.url))

async function printed(file: string, ...set: readonly string[]): Promise<string> {
  const log = vi.spyOn(console, 'log').mockImplementation(() => {})
  vi.stubEnv('XDG_CONFIG_HOME', emptyFolder())
  onTestFinished(() => {
    log.mockRestore()
    vi.unstubAllEnvs()
  })
  await estimateConfig(file, { set })
  return String(log.mock.calls.at(-1)![0])
}

test('the search of the paper stands beside what the paper says of it', async () => {
  const text = await printed(example('dpc-cityscapes.yaml'))
  // 370 x 7 x 24, and 28,000 x 1.5.
  expect(text).toContain('The paper: 370 for 7 days, 62,160 GPU hours held, 42,000 of them in 28,000 cells')
  // 62,160 x 0.45.
  expect(text).toContain('$27,972.00 at $0.45 an hour (g5.xlarge spot in us-east-1')
  expect(text).toMatch(/^370 cards held for \d d \d+ h: [\d,]+ GPU hours held\.$/m)
  const [, hours, , dollars] = /^total +([\d,]+) +(.+?) {2,}\$([\d,.]+)$/m.exec(text)!
  expect(Number(dollars!.replaceAll(',', '')) / Number(hours!.replaceAll(',', ''))).toBeCloseTo(0.45, 2)
})

test('a search on this computer holds no cards', async () => {
  expect(await printed(example('dpc-street.yaml'))).not.toContain('held')
})
