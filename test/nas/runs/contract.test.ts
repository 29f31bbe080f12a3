import { expect, test } from 'vitest'
import {
  backboneKey as backboneKeyOfAutoFpn,
  featuresKey as featuresKeyOfAutoFpn,
} from '../../../nas/pipelines/auto-fpn/inputs.ts'
import * as autoFpn from '../../../nas/pipelines/auto-fpn/specs.ts'
import * as denseNas from '../../../nas/pipelines/densenas/specs.ts'
import { backboneKey } from '../../../nas/pipelines/dpc/backbone.ts'
import { featuresKey } from '../../../nas/pipelines/dpc/features.ts'
import * as dpc from '../../../nas/pipelines/dpc/specs.ts'
import * as topformer from '../../../nas/pipelines/topformer/specs.ts'
import { CONTRACT } from '../../../nas/runs/contract.ts'
import { trialKey } from '../../../nas/runs/trial.ts'
import { KNOWN_CELLS } from '../../../nas/spaces/dpc/known.ts'
import { aRun as autoFpnRun } from '../pipelines/auto-fpn/example.ts'
import { aRun as denseNasRun } from '../pipelines/densenas/example.ts'
import { aRun as dpcRun } from '../pipelines/dpc/example.ts'

/** What a run finds again in a store. */
const KEYS = {
  'auto-fpn': (contract: number) => {
    const run = { ...autoFpnRun('a'), contract }
    return [
      backboneKeyOfAutoFpn(run),
      featuresKeyOfAutoFpn(run),
      trialKey(autoFpn.detectorSpec(run, null, 0)),
    ]
  },
  densenas: (contract: number) => [trialKey(denseNas.supernetSpec({ ...denseNasRun('a'), contract }))],
  dpc: (contract: number) => {
    const run = { ...dpcRun('a'), contract }
    return [backboneKey(run), featuresKey(run), trialKey(dpc.proxySpec(run, KNOWN_CELLS.aspp))]
  },
}

test.each(Object.entries(KEYS))(
  'a run of %s finds what it has made by its own contract, not by the latest',
  (_, keysOf) => {
    const [earlier, latest] = [keysOf(CONTRACT - 1), keysOf(CONTRACT)]
    for (const [i, key] of latest.entries()) expect(earlier[i]).not.toBe(key)
  },
)

test.each([
  ['of auto-fpn', autoFpn.detectorSpecSchema],
  ['of auto-fpn that were searched', autoFpn.supernetSpecSchema],
  ['of densenas', denseNas.classifierSpecSchema],
  ['of densenas that were searched', denseNas.supernetSpecSchema],
  ['of dpc', dpc.trainSpecSchema],
  ['of dpc on the proxy task', dpc.proxySpecSchema],
  ['of topformer', topformer.trainSpecSchema],
  ['of topformer with inherited weights', topformer.evaluateSpecSchema],
])(
  'what networks %s were trained by is read whatever its contract: they are evaluated and exported',
  (_, schema) => {
    const refused = (contract: unknown) =>
      schema.safeParse({ contract }).error!.issues.some(({ path }) => path[0] === 'contract')
    expect([1, CONTRACT - 1, CONTRACT].map(refused)).toEqual([false, false, false])
    expect(['4', 0.5].map(refused)).toEqual([true, true])
  },
)
