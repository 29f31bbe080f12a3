import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { trellisApp } from '../../infra/trellis-app.ts'
import { stackProps } from './deployment.ts'

interface Report {
  readonly pluginReports: readonly {
    readonly pluginName: string
    readonly conclusion: string
    readonly violations: readonly { readonly description: string }[]
  }[]
}

/** Synthesises with all checks; returns their reports. A check that fails makes synthesis throw. */
function synthesise(raw: unknown): Report['pluginReports'] {
  const outdir = mkdtempSync(join(tmpdir(), 'trellis-cdk-'))
  try {
    trellisApp(stackProps(raw), outdir).synth()
  } catch (error) {
    if (!String(error).includes('Validation failed')) throw error
  }
  return (JSON.parse(readFileSync(join(outdir, 'validation-report.json'), 'utf8')) as Report).pluginReports
}

describe('synthesis, without credentials and without Docker', () => {
  it('passes cdk-nag, the rules for Batch, and the proof of limits for the search of the paper', () => {
    const reports = synthesise({
      cards: ['a10g'],
      maxCards: 370,
      onDemandAfter: 5,
      search: { trials: 28_000, perRound: 370, trialsPerJob: 1, concurrency: 370, contenders: 50 },
    })
    expect(reports.map(({ pluginName, conclusion }) => [pluginName, conclusion])).toEqual(
      expect.arrayContaining([
        ['AwsSolutions', 'success'],
        ['TrellisBatch', 'success'],
        ['TrellisLimits', 'success'],
      ]),
    )
    expect(reports.flatMap(({ violations }) => violations)).toEqual([])
  })

  it('fails for a search that could not come to its end, with the arithmetic', () => {
    const reports = synthesise({ search: { trials: 28_000, perRound: 16 } })
    const failures = reports.find(({ pluginName }) => pluginName === 'TrellisLimits')!
    expect(failures.conclusion).toBe('failure')
    expect(failures.violations[0]!.description).toMatch(
      /events of trellis-t4-dpc: .*1,750 rounds x 68.* of 25,000/,
    )
  })
})
