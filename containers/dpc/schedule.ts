import type { OptimiserSettings } from '../../nas/pipelines/dpc/settings.ts'

/** The steps of a training and the polynomial schedule of its learning rate. */
export const polynomial = ({ steps, learningRate, power }: OptimiserSettings) => ({
  steps,
  schedule: { kind: 'polynomial', initial: learningRate, power, warmUp: 0 } as const,
})
