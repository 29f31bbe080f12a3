import type { ObjectStore } from '../../nas/store/store.ts'
import type { Standing } from '../note.ts'
import { collectAutoFpnReport } from './collect.ts'
import { renderAutoFpnReport } from './render.ts'

/** @throws TrellisError `not-found` where the store knows no such run */
export const drawReport = async (store: ObjectStore, run: string, standing?: Standing): Promise<string> =>
  renderAutoFpnReport(await collectAutoFpnReport(store, run, standing))
