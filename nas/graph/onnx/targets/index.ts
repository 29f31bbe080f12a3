import { cpu } from './cpu/index.ts'
import { cuda } from './cuda/index.ts'
import type { Target } from './target.ts'

/** Models of this process, by the device whose kernels run them. */
export const TARGETS = {
  cpu,
  cuda,
} as const satisfies Record<string, Target>

export type TargetName = keyof typeof TARGETS

/** Models that others run: the earliest versions that have all operators, of 2020. Of later ones, none changes what networks use. */
export const EXPORTED: Target = { opset: 13, irVersion: 7, rules: {} }
