import { z } from 'zod'
import { TrellisError } from '../../nas/errors.ts'
import { backboneKey, backboneManifestSchema } from '../../nas/pipelines/dpc/backbone.ts'
import { featuresKey, featuresManifestSchema } from '../../nas/pipelines/dpc/features.ts'
import { dpc } from '../../nas/pipelines/dpc/index.ts'
import { backboneKeys, featuresKeys } from '../../nas/pipelines/dpc/keys.ts'
import { readRunToContinue } from '../../nas/pipelines/run.ts'
import { getJson } from '../../nas/store/json.ts'
import { lambdaFunction, runEvent } from '../lambda-function.ts'

/** Finds out which inputs of the search no run has made yet. */
export const prepare = lambdaFunction('Prepare', z.object(runEvent), async ({ run }, { store }) => {
  const record = await readRunToContinue(store, run, dpc)
  const backbone = backboneKey(record)
  const features = featuresKey(record)
  const [backboneManifest, featuresManifest] = await Promise.all([
    getJson(store, backboneKeys(backbone).manifest, backboneManifestSchema),
    getJson(store, featuresKeys(features).manifest, featuresManifestSchema),
  ])
  if (backboneManifest === undefined && 'weights' in record.config.backbone) {
    throw new TrellisError('not-found', `${record.config.backbone.weights} is not in ${store.location}`, {
      fix: 'start the run again; its start copies the weights into the store',
    })
  }
  return {
    run,
    backbone,
    pretrain: backboneManifest === undefined,
    features,
    cacheFeatures: featuresManifest === undefined,
    round: 0,
  }
})
