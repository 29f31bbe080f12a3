import { aggregate } from './aggregate.ts'
import { correlate } from './correlate.ts'
import { decode } from './decode.ts'
import { compare } from './densenas/compare.ts'
import { decodeDenseNas } from './densenas/decode.ts'
import { derive } from './densenas/derive.ts'
import { prepareDenseNas } from './densenas/prepare.ts'
import type { Services } from './lambda-function.ts'
import { pickTop } from './pick-top.ts'
import { prepare } from './prepare.ts'
import { propose } from './propose.ts'
import { recordFailure } from './record-failure.ts'
import { review } from './review.ts'
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
