import type { ObjectStore } from '../../nas/store/store.ts'
import type { Standing } from '../note.ts'
import { collectTopformerReport } from './collect.ts'
import { renderTopformerReport } from './render.ts'

/** @throws TrellisError `not-found` where the store knows no such run */
export const drawReport = async (store: ObjectStore, run: string, standing?: Standing): Promise<string> =>
  renderTopformerReport(await collectTopformerReport(store, run, standing))
