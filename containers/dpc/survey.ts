import { surveyDataset } from '../../nas/data/survey.ts'
import { dpc } from '../../nas/pipelines/dpc/index.ts'
import { factsOf, putFiles } from '../../nas/runs/dataset.ts'
import { Interrupted } from '../../nas/runs/interrupted.ts'
import { runKeys } from '../../nas/runs/keys.ts'
import { jsonBytes } from '../../nas/store/json.ts'
import { openStore } from '../../nas/store/open.ts'
import type { DpcContext } from './context.ts'

/** Checks every image of the run's dataset as it is now, for the next revision of its ranking. */
export async function survey({ store, record, signal, progress }: DpcContext): Promise<void> {
  const { run, config } = record
  const { dataset, files } = await surveyDataset(dpc.task, config.dataset, openStore, {
    onProgress(step, steps) {
      if (signal.aborted) throw new Interrupted()
      progress({ trial: run, step, steps, loss: Number.NaN })
    },
  })
  await putFiles(store, run, dataset.fingerprint, files)
  await store.put(runKeys(run).dataset, jsonBytes(factsOf(dataset)))
}
