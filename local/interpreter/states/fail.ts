import { z } from 'zod'
import type { FailState, Json } from '../../../pipelines/asl.ts'
import { evaluateTo } from '../expression.ts'
import { StateFailure } from '../failure.ts'
import type { Frame } from '../frame.ts'

export async function fail(state: FailState, input: Json, frame: Frame): Promise<never> {
  const text = (field: 'Error' | 'Cause') =>
    evaluateTo(z.string(), field, state[field] ?? '', { input }, frame)
  throw new StateFailure(await text('Error'), await text('Cause'))
}
