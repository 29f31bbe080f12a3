import type { StateMachine } from '../../pipelines/asl.ts'
import { denseNas } from '../../pipelines/densenas/search.ts'
import { edition } from '../../pipelines/dpc/edition.ts'
import { rerank } from '../../pipelines/dpc/rerank.ts'
import { dpc } from '../../pipelines/dpc/search.ts'

/** All pipelines, by the names of their machines. */
export const PIPELINES = { dpc, densenas: denseNas, rerank, edition } as const satisfies Readonly<
  Record<string, StateMachine>
>
export type Pipeline = keyof typeof PIPELINES
