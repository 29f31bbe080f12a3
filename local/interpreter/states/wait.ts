import { z } from 'zod'
import type { Json, WaitState } from '../../../pipelines/asl.ts'
import { evaluateTo } from '../expression.ts'
import type { Frame } from '../frame.ts'
import { conclude } from '../result.ts'

export async function wait(state: WaitState, input: Json, frame: Frame): Promise<Json> {
  const seconds = await evaluateTo(z.number().min(0), 'Seconds', state.Seconds, { input }, frame)
  await frame.host.sleep(seconds * 1000, frame.signal)
  return conclude(state, { input }, input, frame)
}
