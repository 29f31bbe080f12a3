import { autoFpn as definition } from '../../pipelines/auto-fpn/index.ts'
import type { PipelineFunctions } from '../pipeline.ts'
import { aggregate } from './aggregate.ts'
import { compare } from './compare.ts'
import { decode } from './decode.ts'
import { deriveHead } from './derive-head.ts'
import { deriveNeck } from './derive-neck.ts'
import { findings } from './findings.ts'
import { prepare } from './prepare.ts'
import { propose } from './propose.ts'

export const autoFpn: PipelineFunctions<typeof definition> = {
  definition,
  handlers: {
    Prepare: prepare,
    DeriveNeck: deriveNeck,
    Propose: propose,
    Aggregate: aggregate,
    DeriveHead: deriveHead,
    Compare: compare,
    Decode: decode,
  },
  findings,
  report: async (store, run, standing) =>
    (await import('../../report/auto-fpn/index.ts')).drawReport(store, run, standing),
}
