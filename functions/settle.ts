import { z } from 'zod'
import type { PipelineName } from '../nas/pipelines/config.ts'
import { readRun } from '../nas/pipelines/run.ts'
import { runKeys } from '../nas/runs/keys.ts'
import { hoursAtWork, readLedger, totals } from '../nas/runs/ledger.ts'
import type { Summary } from '../nas/runs/summary.ts'
import { jsonBytes } from '../nas/store/json.ts'
import type { ObjectStore } from '../nas/store/store.ts'
import { denseNasFindings } from './densenas/findings.ts'
import { dpcFindings } from './dpc/findings.ts'
import { lambdaFunction, runEvent } from './lambda-function.ts'

const eventSchema = z.object({ ...runEvent, error: z.string().optional() })

/** Draws the report of a run. */
type Draw = (store: ObjectStore, run: string) => Promise<string>

/** What a run has found so far, and why it stopped there, in the words of its pipeline. */
type Findings = (store: ObjectStore, run: string) => Promise<Pick<Summary, 'stopped'>>

const FINDINGS: Readonly<Record<PipelineName, Findings>> = { dpc: dpcFindings, densenas: denseNasFindings }

/** Sums up and reports whatever there is, also of a run that failed. */
export const settleWith = (draw: Draw) =>
  lambdaFunction('Settle', eventSchema, async ({ run, error }, { store }) => {
    const keys = runKeys(run)
    const summary = await summarise(store, run, error)
    await store.put(keys.summary, jsonBytes(summary))
    await store.put(keys.report, new TextEncoder().encode(await draw(store, run)))
    return { run, summary: keys.summary, report: keys.report }
  })

export const settle = settleWith(async (store, run) => {
  // The largest part of this function, and not needed for the summary.
  const { drawReport } = await import('../report/report.ts')
  return drawReport(store, run)
})

async function summarise(store: ObjectStore, run: string, error: string | undefined): Promise<Summary> {
  const { config } = await readRun(store, run)
  const ledger = await readLedger(store, run)
  return {
    run,
    status: error === undefined ? 'succeeded' : 'failed',
    ...(error === undefined ? {} : { error }),
    ...(await FINDINGS[config.pipeline](store, run)),
    spent: totals(ledger),
    hours: hoursAtWork(ledger),
  }
}
