import { z } from 'zod'
import { readRun } from '../nas/pipelines/run.ts'
import { jobFailureSchema } from '../nas/runs/job-failure.ts'
import { runKeys } from '../nas/runs/keys.ts'
import { hoursAtWork, readLedger, totals } from '../nas/runs/ledger.ts'
import type { Summary } from '../nas/runs/summary.ts'
import { getJson, jsonBytes } from '../nas/store/json.ts'
import type { ObjectStore } from '../nas/store/store.ts'
import { drawReport } from './draw-report.ts'
import { pipelines } from './index.ts'
import { lambdaFunction, runEvent } from './lambda-function.ts'

const eventSchema = z.object({ ...runEvent, error: z.string().optional() })

/** Sums up and reports whatever there is, also of a run that failed. @param draw the report of a run */
export const finalizeWith = (draw: typeof drawReport) =>
  lambdaFunction('Finalize', eventSchema, async ({ run, error }, { store }) => {
    const keys = runKeys(run)
    const cause = error === undefined ? undefined : await causeOf(store, run, error)
    const summary = await summarise(store, run, cause)
    await store.put(keys.summary, jsonBytes(summary))
    await store.put(keys.report, new TextEncoder().encode(await draw(store, run)))
    return { run, summary: keys.summary, report: keys.report, ...(cause !== undefined && { error: cause }) }
  })

export const finalize = finalizeWith(drawReport)

/** Of a map that has failed, Step Functions only tells that one of its jobs did: see RecordFailure. */
async function causeOf(store: ObjectStore, run: string, error: string): Promise<string> {
  if (!error.includes('tolerated failure threshold')) return error
  const failure = await getJson(store, runKeys(run).jobFailure, jobFailureSchema)
  return failure?.cause ?? error
}

async function summarise(store: ObjectStore, run: string, error: string | undefined): Promise<Summary> {
  const { config } = await readRun(store, run)
  const ledger = await readLedger(store, run)
  return {
    run,
    status: error === undefined ? 'succeeded' : 'failed',
    ...(error === undefined ? {} : { error }),
    ...(await pipelines.of(config.pipeline).findings(store, run)),
    spent: totals(ledger),
    hours: hoursAtWork(ledger),
  }
}
