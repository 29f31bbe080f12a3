import { z } from 'zod'
import { readRunToContinue } from '../../nas/pipelines/run.ts'
import { topformer } from '../../nas/pipelines/topformer/index.ts'
import { topformerKeys } from '../../nas/pipelines/topformer/keys.ts'
import { supernetSpec, variedIn } from '../../nas/pipelines/topformer/specs.ts'
import { mapObjects } from '../../nas/runs/map-objects.ts'
import { putShards, withoutResult } from '../../nas/runs/shards.ts'
import { forgetAttempts } from '../../nas/runs/starts.ts'
import { putSpec } from '../../nas/runs/trial.ts'
import { lambdaFunction, runEvent } from '../lambda-function.ts'

/** Lists the supernets that no run has trained yet. */
export const prepare = lambdaFunction('Prepare', z.object(runEvent), async ({ run }, { store }) => {
  const record = await readRunToContinue(store, run, topformer)
  const supernets = await mapObjects(variedIn(record), (varied) =>
    putSpec(store, supernetSpec(record, varied)),
  )
  const manifest = topformerKeys(run).supernetShards
  const isResumed = (await store.get(manifest)) !== undefined
  const trials = await withoutResult(store, supernets)
  if (isResumed) await forgetAttempts(store, run, trials)
  return { run, manifest, pending: await putShards(store, manifest, trials, 1), round: 0 }
})
