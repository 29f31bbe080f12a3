import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CfnJobDefinition } from 'aws-cdk-lib/aws-batch'
import { Bucket } from 'aws-cdk-lib/aws-s3'
import { describe, expect, it } from 'vitest'
import { addTrellis, createApp } from '../../infra/trellis-app.ts'
import { cardSchema } from '../../nas/runs/prices.ts'
import { stackProps } from './deployment.ts'

interface Report {
  readonly pluginReports: readonly {
    readonly pluginName: string
    readonly violations: readonly { readonly ruleName: string; readonly description: string }[]
  }[]
}

const appOf = (raw: unknown) => {
  const outdir = mkdtempSync(join(tmpdir(), 'trellis-cdk-'))
  const app = createApp(outdir)
  return { outdir, app, stack: addTrellis(app, stackProps(raw)) }
}

/** What the checks found, as "plugin: rule: description". */
function findings(outdir: string): readonly string[] {
  const text = readFileSync(join(outdir, 'validation-report.json'), 'utf8')
  return (JSON.parse(text) as Report).pluginReports.flatMap(({ pluginName, violations }) =>
    violations.map(({ ruleName, description }) => `${pluginName}: ${ruleName}: ${description}`),
  )
}

/** All cards that the schema offers, but for one that AWS never had, with all that makes a stack larger. */
const ALL_CARDS = {
  cards: cardSchema.exclude(['p100']).options,
  allowRetired: true,
  maxCards: 64,
  onDemandAfter: 10,
  zones: 6,
  schedules: [{ run: 'street' }],
  money: { email: 'nas@example.org', closeQueues: true },
}

describe('synthesis, without credentials and without Docker', () => {
  it('passes cdk-nag, the rules for Batch, the limits of CloudFormation for all cards at once, and the proof of limits for the search of the paper', () => {
    const { app, outdir, stack } = appOf({
      ...ALL_CARDS,
      maxCards: 370,
      search: { trials: 28_000, perRound: 370, trialsPerJob: 1, concurrency: 370, contenders: 50 },
    })
    app.synth()
    expect(findings(outdir)).toEqual([])
    const template = readFileSync(join(outdir, stack.templateFile), 'utf8')
    expect(Buffer.byteLength(template)).toBeLessThanOrEqual(1_000_000)
    // Of 500 (CloudFormation quotas). A pipeline takes about 80: room for another.
    expect(Object.keys(JSON.parse(template).Resources).length).toBeLessThanOrEqual(430)
  })

  it('fails for a template that CloudFormation would not take', () => {
    const { app, outdir, stack } = appOf({})
    stack.templateOptions.metadata = { wide: 'x'.repeat(1_000_000) }
    expect(() => app.synth()).toThrow()
    expect(findings(outdir)).toEqual([
      expect.stringMatching(/^TrellisLimits: WithinLimits: template, in bytes: .* of 1,000,000$/),
    ])
  })

  it('fails for an open bucket, for a job without an end, and for a search that could not come to its end', () => {
    const { app, outdir, stack } = appOf({ search: { trials: 28_000, perRound: 16 } })
    new Bucket(stack, 'Open')
    new CfnJobDefinition(stack, 'Endless', { type: 'container' })
    expect(() => app.synth()).toThrow()
    const found = findings(outdir).join('\n')
    expect(found).toMatch(/AwsSolutions: AwsSolutions-S10:/)
    expect(found).toMatch(/TrellisBatch: TrellisBatch-TimeOut:/)
    expect(found).toMatch(
      /TrellisLimits: WithinLimits: events of trellis-t4-dpc: .*1,750 rounds x 68.* of 25,000/,
    )
  })
})
