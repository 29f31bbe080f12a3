import type { ObjectStore } from '../../nas/store/store.ts'
import { collectDenseNasReport } from './collect.ts'
import { renderDenseNasReport } from './render.ts'

/** @throws TrellisError `not-found` where the store knows no such run */
export const drawReport = async (store: ObjectStore, run: string): Promise<string> =>
  renderDenseNasReport(await collectDenseNasReport(store, run))
