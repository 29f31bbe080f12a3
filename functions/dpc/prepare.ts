import { z } from 'zod'
import { TrellisError } from '../../nas/errors.ts'
import { backboneKey } from '../../nas/pipelines/dpc/backbone.ts'
import { featuresKey, featuresManifestSchema } from '../../nas/pipelines/dpc/features.ts'
import { dpc } from '../../nas/pipelines/dpc/index.ts'
import { readRunToContinue } from '../../nas/pipelines/run.ts'
import { backboneKeys, backboneManifestSchema, featuresKeys } from '../../nas/runs/inputs.ts'
import { getSound } from '../../nas/store/json.ts'
import { lambdaFunction, runEvent } from '../lambda-function.ts'

/** Finds out which inputs of the search no run has made yet. A damaged manifest is none: what it names is looked for again. */
export const prepare = lambdaFunction('Prepare', z.object(runEvent), async ({ run }, { store }) => {
  const record = await readRunToContinue(store, run, dpc)
  const backbone = backboneKey(record)
  const features = featuresKey(record)
  const [backboneManifest, featuresManifest] = await Promise.all([
    getSound(store, backboneKeys(backbone).manifest, backboneManifestSchema),
    getSound(store, featuresKeys(features).manifest, featuresManifestSchema),
  ])
  if (backboneManifest === undefined && 'weights' in record.config.backbone) {
    throw new TrellisError('not-found', `${record.config.backbone.weights} is not in ${store.location}`, {
      fix: 'resume the run: it copies the weights into the store',
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
