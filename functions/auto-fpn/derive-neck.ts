import { z } from 'zod'
import { modulesOf } from '../../nas/pipelines/auto-fpn/config.ts'
import { autoFpn } from '../../nas/pipelines/auto-fpn/index.ts'
import { autoFpnKeys } from '../../nas/pipelines/auto-fpn/keys.ts'
import { supernetsOf } from '../../nas/pipelines/auto-fpn/searches.ts'
import { readRunToContinue } from '../../nas/pipelines/run.ts'
import { jsonBytes } from '../../nas/store/json.ts'
import { lambdaFunction, runEvent } from '../lambda-function.ts'
import { derivedFrom, putSupernets } from './supernets.ts'

/** Derives the neck where one was searched, and finds out which searches of the head have no result, and whether detectors evolve. */
export const deriveNeck = lambdaFunction('DeriveNeck', z.object(runEvent), async ({ run }, { store }) => {
  const record = await readRunToContinue(store, run, autoFpn)
  const modules = modulesOf(record.config)
  const derived = await derivedFrom(
    store,
    record,
    supernetsOf(record, 'neck', modules.includes('neck') ? null : []),
  )
  if (modules.includes('neck')) await store.put(autoFpnKeys(run).derived('neck'), jsonBytes(derived))
  const necks = modules.includes('head') ? (modules.includes('neck') ? derived.found : null) : []
  return {
    run,
    ...(await putSupernets(store, record, 'head', necks)),
    ...(record.config.baselines.evolution && { round: 0 }),
  }
})
