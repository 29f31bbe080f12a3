import { z } from 'zod'
import { denseNasConfigSchema } from './densenas/config.ts'
import { dpcConfigSchema } from './dpc/config.ts'

/** What a user writes: a pipeline, and what that one asks for. */
export const configSchema = z.discriminatedUnion('pipeline', [dpcConfigSchema, denseNasConfigSchema])
export type Config = z.infer<typeof configSchema>
export type PipelineName = Config['pipeline']
export type ConfigOf<P extends PipelineName> = Extract<Config, { readonly pipeline: P }>
