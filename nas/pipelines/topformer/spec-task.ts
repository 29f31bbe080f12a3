import { z } from 'zod'
import { engine } from '../../runs/config.ts'
import { contractSchema } from '../../runs/contract.ts'

/** What every specification says of its task, whether networks segment or, before that, classify. */
export const task = {
  contract: contractSchema,
  classes: z.int().positive(),
  dataset: z.string().min(1).describe('fingerprint'),
  attentionScale: z.boolean(),
  seed: z.int(),
  engine,
}
