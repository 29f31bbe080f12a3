import { z } from 'zod'
import { readRunToContinue } from '../../nas/pipelines/run.ts'
import { topformer } from '../../nas/pipelines/topformer/index.ts'
import { topformerKeys } from '../../nas/pipelines/topformer/keys.ts'
import { isMeasured } from '../../nas/pipelines/topformer/latency.ts'
import { supernetSpec, variedIn } from '../../nas/pipelines/topformer/specs.ts'
import { mapObjects } from '../../nas/runs/map-objects.ts'
import { putSpec } from '../../nas/runs/trial.ts'
import { lambdaFunction, runEvent } from '../lambda-function.ts'
import { putSupernetShards } from '../supernet-shards.ts'

/** Finds out whether latencies are to be measured, and lists the supernets that no run has trained yet. */
export const prepare = lambdaFunction('Prepare', z.object(runEvent), async ({ run }, { store }) => {
  const record = await readRunToContinue(store, run, topformer)
  const supernets = await mapObjects(variedIn(record), (varied) =>
    putSpec(store, supernetSpec(record, varied)),
  )
  const { supernetShards: manifest, round } = topformerKeys(run)
  const pending = await putSupernetShards(store, run, { manifest, conclusion: round(0) }, supernets)
  return { run, latency: !(await isMeasured(store, record)), manifest, pending, round: 0 }
})
