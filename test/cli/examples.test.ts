import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { readConfig } from '../../cli/config-file.ts'
import { estimateOf } from '../../cli/pace.ts'
import type { ConfigOf, PipelineName } from '../../nas/pipelines/config.ts'
import { configDocs } from '../../scripts/config-docs.ts'

const root = new URL('../../', import.meta.url)
const examples = readdirSync(new URL('examples', root)).filter((file) => file.endsWith('.yaml'))
const example = <P extends PipelineName>(name: string, pipeline: P): ConfigOf<P> => {
  const config = readConfig(new URL(`examples/${name}`, root).pathname)
  expect(config.pipeline).toBe(pipeline)
  return config as ConfigOf<P>
}

test.each(examples)('%s is a config of the pipeline that its name begins with', (name) => {
  example(name, name.split('-')[0] as PipelineName)
})

test('the search that starts without an argument is a whole one, and of minutes', () => {
  const config = example('dpc-street.yaml', 'dpc')
  expect(config.dataset.kind).toBe('street')
  expect(config.budget.trials).toBeGreaterThanOrEqual(24)
  expect(config.rerank.top).toBeGreaterThanOrEqual(4)
  expect(config.rerank.baselines.aspp).toBe(true)
})

test('the search of the paper is estimated as the paper tells it: about a week on 370 cards', () => {
  const config = example('dpc-cityscapes.yaml', 'dpc')
  const { byJob, trials } = estimateOf(config, { train: 2975, validation: 500 })
  expect(trials).toBe(28_000)
  const days = byJob['proxy-task'].hours / 24
  expect(days).toBeGreaterThan(3)
  expect(days).toBeLessThan(10)
})

test('docs/config.md describes the configuration as it is', () => {
  expect(readFileSync(new URL('docs/config.md', root), 'utf8')).toBe(configDocs())
})
