import { topformer as definition } from '../../pipelines/topformer/index.ts'
import type { PipelineFunctions } from '../pipeline.ts'
import { aggregate } from './aggregate.ts'
import { compare } from './compare.ts'
import { decode } from './decode.ts'
import { derive } from './derive.ts'
import { findings } from './findings.ts'
import { prepare, prepareSupernets } from './prepare.ts'
import { propose } from './propose.ts'

export const topformer: PipelineFunctions<typeof definition> = {
  definition,
  handlers: {
    Prepare: prepare,
    PrepareSupernets: prepareSupernets,
    Propose: propose,
    Aggregate: aggregate,
    Derive: derive,
    Compare: compare,
    Decode: decode,
  },
  findings,
  report: async (store, run, standing) =>
    (await import('../../report/topformer/index.ts')).drawReport(store, run, standing),
}
