import { z } from 'zod'

const rate = z.number().positive()
const common = {
  initial: rate.describe('learning rate that the schedule starts from'),
  warmUp: z
    .int()
    .nonnegative()
    .default(0)
    .describe('steps over which the learning rate rises linearly to that of the schedule'),
}

export const scheduleConfigSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('polynomial'),
    ...common,
    power: z.number().positive().default(0.9).describe('1 falls in a straight line'),
  }),
  z
    .strictObject({
      kind: z.literal('cosine'),
      ...common,
      final: z.number().nonnegative().default(0).describe('learning rate that the schedule ends at'),
    })
    .refine(({ initial, final }) => final <= initial, 'final must not be above initial'),
  z.strictObject({
    kind: z.literal('step'),
    ...common,
    at: z.array(z.int().nonnegative()).readonly().describe('steps at which the learning rate falls'),
    factor: rate.max(1).default(0.1).describe('what it is multiplied by at each of them'),
  }),
])

export type ScheduleConfig = z.output<typeof scheduleConfigSchema>

/** The learning rate of each step 0 … steps - 1. Warm-up (Goyal et al. 2017) multiplies the schedule, it does not delay it. */
export const learningRates =
  (config: ScheduleConfig, steps: number) =>
  (step: number): number =>
    config.initial * decay(config, step, steps) * Math.min(1, (step + 1) / (config.warmUp + 1))

/** The learning rate of a step over the initial one. */
function decay(config: ScheduleConfig, step: number, steps: number): number {
  switch (config.kind) {
    case 'polynomial':
      return (1 - step / steps) ** config.power
    case 'cosine': {
      const final = config.final / config.initial
      return final + ((1 - final) * (1 + Math.cos((Math.PI * step) / steps))) / 2
    }
    case 'step':
      return config.factor ** config.at.filter((milestone) => milestone <= step).length
  }
}
