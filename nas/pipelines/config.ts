import { z } from 'zod'
import type { RunConfig } from '../runs/config.ts'
import { contracts } from './index.ts'

/** What a user writes: a pipeline, and what that one asks for. */
export function configSchema(): z.ZodType<RunConfig> {
  const [first, ...others] = contracts.all().map(([, { config }]) => config)
  return z.discriminatedUnion('pipeline', [first!, ...others]) as z.ZodType<RunConfig>
}
