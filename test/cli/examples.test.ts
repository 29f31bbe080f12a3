import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { readConfig } from '../../cli/config-file.ts'
import { estimateOf } from '../../cli/estimate-run.ts'
import { dpc } from '../../cli/pipelines/dpc/index.ts'
import type { DpcConfig } from '../../nas/pipelines/dpc/config.ts'
import { contracts } from '../../nas/pipelines/index.ts'
import type { RunConfig } from '../../nas/runs/config.ts'
import { configDocs } from '../../scripts/config-docs.ts'

const root = new URL('../../', import.meta.url)
const examples = readdirSync(new URL('examples', root)).filter((file) => file.endsWith('.yaml'))
const example = (name: string, pipeline: string): RunConfig => {
  const config = readConfig(new URL(`examples/${name}`, root).pathname)
  expect(config.pipeline).toBe(pipeline)
  return config
}
const dpcExample = (name: string) => example(name, 'dpc') as DpcConfig

test.each(examples)('%s is a config of the pipeline that its name begins with', (name) => {
  const pipeline = contracts.all().find(([known]) => name.startsWith(`${known}-`))
  example(name, pipeline![0])
})

test('the search that starts without an argument is a whole one, and of minutes', () => {
  const config = dpcExample('dpc-street.yaml')
  expect(config.dataset.kind).toBe('street')
  expect(config.budget.trials).toBeGreaterThanOrEqual(24)
  expect(config.rerank.top).toBeGreaterThanOrEqual(4)
  expect(config.rerank.baselines.aspp).toBe(true)
})

test('the search of the paper is estimated as the paper tells it: about a week on 370 cards', () => {
  const config = dpcExample('dpc-cityscapes.yaml')
  const { byJob, trials } = estimateOf(dpc, config, { train: 2975, validation: 500 })
  expect(trials).toBe(28_000)
  const days = byJob['proxy-task'].hours / 24
  expect(days).toBeGreaterThan(3)
  expect(days).toBeLessThan(10)
})

test('docs/config.md describes the configuration as it is', () => {
  expect(readFileSync(new URL('docs/config.md', root), 'utf8')).toBe(configDocs())
})
