import type { ObjectStore } from '../nas/store/store.ts'
import { collectDpcReport } from './dpc/collect.ts'
import { renderDpcReport } from './dpc/render.ts'

/**
 * The report of a run in whatever state it is, as one HTML file.
 * @throws TrellisError `not-found` where the store knows no such run
 */
export const drawReport = async (store: ObjectStore, run: string): Promise<string> =>
  renderDpcReport(await collectDpcReport(store, run))
