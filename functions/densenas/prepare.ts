import { z } from 'zod'
import { TrellisError } from '../../nas/errors.ts'
import { denseNas } from '../../nas/pipelines/densenas/index.ts'
import { denseNasKeys } from '../../nas/pipelines/densenas/keys.ts'
import { getLatencies } from '../../nas/pipelines/densenas/latency.ts'
import { supernetSpec } from '../../nas/pipelines/densenas/specs.ts'
import { readRunToContinue } from '../../nas/pipelines/run.ts'
import { putSpec } from '../../nas/runs/trial.ts'
import { lambdaFunction, runEvent } from '../lambda-function.ts'
import { putSupernetShards } from '../supernet-shards.ts'

/** Finds out which inputs of the derivation no run has made yet. */
export const prepare = lambdaFunction('Prepare', z.object(runEvent), async ({ run }, { store }) => {
  const record = await readRunToContinue(store, run, denseNas)
  const spec = supernetSpec(record)
  const trial = await putSpec(store, spec)
  const { supernetShards: manifest, derived: conclusion } = denseNasKeys(run)
  const pending = await putSupernetShards(store, run, { manifest, conclusion }, [trial])
  const isMeasured = spec.costs === null || (await getLatencies(store, spec.costs)) !== undefined
  const { table } = record.config.search.cost
  if (!isMeasured && table !== undefined) {
    throw new TrellisError('not-found', `${table} is not in ${store.location}`, {
      fix: 'resume the run: it copies the table into the store',
    })
  }
  return { run, trial, latency: !isMeasured, manifest, pending }
})
