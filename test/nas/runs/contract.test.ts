import { expect, test } from 'vitest'
import * as autoFpn from '../../../nas/pipelines/auto-fpn/specs.ts'
import * as denseNas from '../../../nas/pipelines/densenas/specs.ts'
import * as dpc from '../../../nas/pipelines/dpc/specs.ts'
import * as topformer from '../../../nas/pipelines/topformer/specs.ts'
import { CONTRACT } from '../../../nas/runs/contract.ts'

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
