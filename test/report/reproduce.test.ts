import { expect, test } from 'vitest'
import { markupOf } from '../../report/html.ts'
import { reproduceSection } from '../../report/reproduce.ts'
import { aRun } from '../nas/pipelines/dpc/example.ts'

test('names the command, the commit, the contract, the seed and the dataset', () => {
  const record = { ...aRun('a'), code: '0.1.0+74c6172', device: 'AMD EPYC' }
  const markup = markupOf(reproduceSection(record).body)
  expect(markup).toContain('trellis search search.yaml --store again')
  expect(markup).toContain('0.1.0, commit 74c6172')
  for (const fact of [
    record.dataset.fingerprint,
    `<dd>${record.config.seed}</dd>`,
    `<dd>${record.contract}</dd>`,
    'AMD EPYC',
  ])
    expect(markup).toContain(fact)
})

test('names the version alone where that is all that is known', () => {
  expect(markupOf(reproduceSection({ ...aRun('a'), code: '0.1.0' }).body)).toContain('<dd>0.1.0</dd>')
})
