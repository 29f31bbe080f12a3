import type { PipelineName } from '../nas/pipelines/config.ts'
import { readRun } from '../nas/pipelines/run.ts'
import type { ObjectStore } from '../nas/store/store.ts'
import { collectDenseNasReport } from './densenas/collect.ts'
import { renderDenseNasReport } from './densenas/render.ts'
import { collectDpcReport } from './dpc/collect.ts'
import { renderDpcReport } from './dpc/render.ts'

const DRAW: Readonly<Record<PipelineName, (store: ObjectStore, run: string) => Promise<string>>> = {
  dpc: async (store, run) => renderDpcReport(await collectDpcReport(store, run)),
  densenas: async (store, run) => renderDenseNasReport(await collectDenseNasReport(store, run)),
}

/**
 * The report of a run in whatever state it is, as one HTML file.
 * @throws TrellisError `not-found` where the store knows no such run
 */
export async function drawReport(store: ObjectStore, run: string): Promise<string> {
  const { config } = await readRun(store, run)
  return DRAW[config.pipeline](store, run)
}
