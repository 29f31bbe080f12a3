import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test, vi } from 'vitest'
import { estimateConfig } from '../../../cli/estimate.ts'
import { emptyFolder } from '../trellis.ts'

const example = (name: string) => fileURLToPath(new URL(`../../../examples/${name}`, import.meta.url))

interface Asked {
  readonly set?: readonly string[]
  readonly aws?: boolean
}

async function printed(file: string, asked: Asked = {}): Promise<string> {
  const log = vi.spyOn(console, 'log').mockImplementation(() => {})
  vi.stubEnv('XDG_CONFIG_HOME', emptyFolder())
  onTestFinished(() => {
    log.mockRestore()
    vi.unstubAllEnvs()
  })
  await estimateConfig(file, asked)
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

const total = (text: string) => /^total +\S+ +.+? {2,}(\$[\d,.]+)$/m.exec(text)![1]

test('without a card costs nothing on this computer, and something on AWS', async () => {
  expect(total(await printed(example('dpc-street.yaml')))).toBe('$0.00')
  expect(total(await printed(example('dpc-street.yaml'), { aws: true }))).toMatch(/^\$[\d.]*[1-9]/)
})

test('a retired card has a price for those who say that they can rent it', async () => {
  await expect(printed(example('dpc-street.yaml'), { set: ['compute.card=v100'] })).rejects.toThrow(
    'card v100 cannot be had',
  )
  const set = ['compute={card: v100, allowRetired: true}']
  const told = vi.spyOn(console, 'error').mockImplementation(() => {})
  expect(await printed(example('dpc-street.yaml'), { set })).toContain('p3.2xlarge spot')
  const needs = 'jobs on AWS with v100 run in the image gpu-tensorflow, which trains with tensorflow'
  expect(told.mock.calls.join()).toContain(needs)
  told.mockClear()
  await printed(example('dpc-street.yaml'), { set: [...set, 'compute.engine=tensorflow'] })
  expect(told.mock.calls.join()).not.toContain('compute.engine')
})

test('a card that AWS never had is an error that names the nearest', async () => {
  await expect(printed(example('dpc-street.yaml'), { set: ['compute.card=p100'] })).rejects.toThrow(
    expect.objectContaining({ code: 'unsupported', fix: 'set the card to the nearest, t4' }),
  )
})
