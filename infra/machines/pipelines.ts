import type { StateMachine } from '../../pipelines/asl.ts'
import { denseNas } from '../../pipelines/densenas.ts'
import { dpc } from '../../pipelines/dpc.ts'
import { edition } from '../../pipelines/edition.ts'
import { rerank } from '../../pipelines/rerank.ts'

/** All pipelines, by the names of their machines. */
export const PIPELINES = { dpc, densenas: denseNas, rerank, edition } as const satisfies Readonly<
  Record<string, StateMachine>
>
export type Pipeline = keyof typeof PIPELINES
