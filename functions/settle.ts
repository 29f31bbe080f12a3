import { z } from 'zod'
import { runKeys } from '../nas/runs/keys.ts'
import { leaderboardOf, leaderboardSchema } from '../nas/runs/leaderboard.ts'
import { hoursAtWork, readLedger, totals } from '../nas/runs/ledger.ts'
import { rerankSchema } from '../nas/runs/rerank.ts'
import { verdictSchema } from '../nas/runs/round.ts'
import type { Summary } from '../nas/runs/summary.ts'
import { getJson, jsonBytes } from '../nas/store/json.ts'
import type { ObjectStore } from '../nas/store/store.ts'
import { lambdaFunction, runEvent } from './lambda-function.ts'

const eventSchema = z.object({ ...runEvent, error: z.string().optional() })

/** Draws the report of a run. */
type Draw = (store: ObjectStore, run: string) => Promise<string>

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
  const keys = runKeys(run)
  const leaderboard = (await getJson(store, keys.leaderboard, leaderboardSchema)) ?? leaderboardOf(0, [])
  const { rounds, ranked, failed } = leaderboard
  const verdict = rounds === 0 ? undefined : await getJson(store, keys.verdict(rounds - 1), verdictSchema)
  const rerank = await getJson(store, keys.rerank, rerankSchema)
  const ledger = await readLedger(store, run)
  return {
    run,
    status: error === undefined ? 'succeeded' : 'failed',
    ...(error === undefined ? {} : { error }),
    stopped: verdict?.enough ? verdict.reason : null,
    trials: {
      tried: ranked.length + failed.length,
      succeeded: ranked.length,
      failed: failed.length,
      best: ranked[0]?.score ?? null,
    },
    winner: rerank?.winner ?? null,
    baselines: (rerank?.contenders ?? []).flatMap(({ role, score }) =>
      role === 'searched' ? [] : [{ role, score }],
    ),
    spent: totals(ledger),
    hours: hoursAtWork(ledger),
  }
}
