import type { PipelineContract } from '../runs/pipeline.ts'
import { registry } from '../runs/registry.ts'
import { autoFpn } from './auto-fpn/index.ts'
import { denseNas } from './densenas/index.ts'
import { dpc } from './dpc/index.ts'
import { topformer } from './topformer/index.ts'

const builtIn = { dpc, densenas: denseNas, 'auto-fpn': autoFpn, topformer } as const

/** The pipelines that come with Trellis: every layer has a record for each of them, or does not compile. */
export type PipelineName = keyof typeof builtIn

/** The contract of each pipeline. */
export const contracts = registry<PipelineContract>(builtIn)
