import type { ObjectStore } from '../../nas/store/store.ts'
import { collectDpcReport } from './collect.ts'
import { renderDpcReport } from './render.ts'

/** @throws TrellisError `not-found` where the store knows no such run */
export const drawReport = async (store: ObjectStore, run: string): Promise<string> =>
  renderDpcReport(await collectDpcReport(store, run))
