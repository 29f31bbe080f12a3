import { dpc as definition } from '../../pipelines/dpc/index.ts'
import type { PipelineFunctions } from '../pipeline.ts'
import { aggregate } from './aggregate.ts'
import { checkDue } from './check-due.ts'
import { correlate } from './correlate.ts'
import { decode } from './decode.ts'
import { findings } from './findings.ts'
import { pickTop } from './pick-top.ts'
import { prepare } from './prepare.ts'
import { propose } from './propose.ts'

export const dpc: PipelineFunctions<typeof definition> = {
  definition,
  handlers: {
    Prepare: prepare,
    Propose: propose,
    Aggregate: aggregate,
    PickTop: pickTop,
    Correlate: correlate,
    Decode: decode,
    CheckDue: checkDue,
  },
  findings,
  report: async (store, run, standing) =>
    (await import('../../report/dpc/index.ts')).drawReport(store, run, standing),
}
