import { compare } from './densenas/compare.ts'
import { decodeDenseNas } from './densenas/decode.ts'
import { derive } from './densenas/derive.ts'
import { prepareDenseNas } from './densenas/prepare.ts'
import { aggregate } from './dpc/aggregate.ts'
import { correlate } from './dpc/correlate.ts'
import { decode } from './dpc/decode.ts'
import { pickTop } from './dpc/pick-top.ts'
import { prepare } from './dpc/prepare.ts'
import { propose } from './dpc/propose.ts'
import { review } from './dpc/review.ts'
import type { Services } from './lambda-function.ts'
import { recordFailure } from './record-failure.ts'
import { settle } from './settle.ts'

/** All functions by the names that pipelines know them by. */
export const functions = (services: Services) => ({
  Prepare: prepare(services),
  Propose: propose(services),
  RecordFailure: recordFailure(services),
  Aggregate: aggregate(services),
  PickTop: pickTop(services),
  Correlate: correlate(services),
  Decode: decode(services),
  Settle: settle(services),
  Review: review(services),
  PrepareDenseNas: prepareDenseNas(services),
  Derive: derive(services),
  Compare: compare(services),
  DecodeDenseNas: decodeDenseNas(services),
})
