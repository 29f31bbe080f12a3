import { z } from 'zod'
import { TrellisError } from '../../nas/errors.ts'
import { cachesFeatures, modulesOf } from '../../nas/pipelines/auto-fpn/config.ts'
import { autoFpn } from '../../nas/pipelines/auto-fpn/index.ts'
import { backboneKey, featuresKey, featuresManifestSchema } from '../../nas/pipelines/auto-fpn/inputs.ts'
import { readRunToContinue } from '../../nas/pipelines/run.ts'
import { backboneKeys, backboneManifestSchema, featuresKeys } from '../../nas/runs/inputs.ts'
import { getSound } from '../../nas/store/json.ts'
import { lambdaFunction, runEvent } from '../lambda-function.ts'
import { putSupernets } from './supernets.ts'

/** Finds out which inputs of the search no run has made yet, and which searches of the neck have no result. */
export const prepare = lambdaFunction('Prepare', z.object(runEvent), async ({ run }, { store }) => {
  const record = await readRunToContinue(store, run, autoFpn)
  const { backbone } = record.config
  const [trained, cached] = await Promise.all([
    getSound(store, backboneKeys(backboneKey(record)).manifest, backboneManifestSchema),
    getSound(store, featuresKeys(featuresKey(record)).manifest, featuresManifestSchema),
  ])
  if (trained === undefined && 'weights' in backbone)
    throw new TrellisError('not-found', `${backbone.weights} is not in ${store.location}`, {
      fix: 'resume the run: it copies the weights into the store',
    })
  const supernets = await putSupernets(
    store,
    record,
    'neck',
    modulesOf(record.config).includes('neck') ? null : [],
  )
  return {
    run,
    train: trained === undefined,
    cacheFeatures: cachesFeatures(record.config) && cached === undefined,
    ...supernets,
  }
})
