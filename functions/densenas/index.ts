import { denseNas as definition } from '../../pipelines/densenas/index.ts'
import type { PipelineFunctions } from '../pipeline.ts'
import { compare } from './compare.ts'
import { decode } from './decode.ts'
import { derive } from './derive.ts'
import { findings } from './findings.ts'
import { prepare } from './prepare.ts'

export const denseNas: PipelineFunctions<typeof definition> = {
  definition,
  handlers: { Prepare: prepare, Derive: derive, Compare: compare, Decode: decode },
  findings,
  report: async (store, run, standing) =>
    (await import('../../report/densenas/index.ts')).drawReport(store, run, standing),
}
