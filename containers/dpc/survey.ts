import { checkClasses } from '../../nas/data/check-classes.ts'
import { surveyDataset } from '../../nas/data/survey.ts'
import { dpc } from '../../nas/pipelines/dpc/index.ts'
import { factsOf, getNotes, putFiles } from '../../nas/runs/dataset.ts'
import { Interrupted } from '../../nas/runs/interrupted.ts'
import { runKeys } from '../../nas/runs/keys.ts'
import { jsonBytes } from '../../nas/store/json.ts'
import { openStore } from '../../nas/store/open.ts'
import type { DpcContext } from './context.ts'

/** Checks every image of the run's dataset as it is now, for the next revision of its ranking. */
export async function survey({ store, record, signal, progress }: DpcContext): Promise<void> {
  const { run, config } = record
  const { dataset, files, ...notes } = await surveyDataset(dpc.task, config.dataset, openStore, {
    onProgress(step, steps) {
      if (signal.aborted) throw new Interrupted()
      progress({ trial: run, step, steps, loss: Number.NaN })
    },
  })
  // A run of an earlier version may have started without a class, and can no more say that this is meant.
  const { counts } = await getNotes(store, run, record.dataset.fingerprint)
  if (counts && notes.counts) checkClasses(dataset.classes, notes.counts, config.dataset)
  await putFiles(store, run, dataset.fingerprint, files, notes)
  await store.put(runKeys(run).dataset, jsonBytes(factsOf(dataset)))
}
