import { z } from 'zod'
import { latencyTableSchema } from '../../nas/pipelines/densenas/latency.ts'
import { supernetSpec } from '../../nas/pipelines/densenas/specs.ts'
import { readRunOf } from '../../nas/pipelines/run.ts'
import { latencyKeys, runKeys } from '../../nas/runs/keys.ts'
import { putShards } from '../../nas/runs/shards.ts'
import { forgetStarts } from '../../nas/runs/starts.ts'
import { putSpec } from '../../nas/runs/trial.ts'
import { getJson } from '../../nas/store/json.ts'
import { lambdaFunction, runEvent } from '../lambda-function.ts'

/** Finds out what has to be made before a network can be derived, in this run or in an earlier one. */
export const prepareDenseNas = lambdaFunction(
  'PrepareDenseNas',
  z.object(runEvent),
  async ({ run }, { store }) => {
    const record = await readRunOf(store, run, 'densenas')
    const spec = supernetSpec(record)
    const trial = await putSpec(store, spec)
    const manifest = runKeys(run).supernetShards
    const isResumed = (await store.get(manifest)) !== undefined
    if (isResumed) await forgetStarts(store, [trial])
    const pending = await putShards(store, manifest, [trial], 1)
    const isMeasured =
      spec.costs === null ||
      (await getJson(store, latencyKeys(spec.costs).table, latencyTableSchema)) !== undefined
    return { run, trial, latency: pending > 0 && !isMeasured, manifest, pending }
  },
)
