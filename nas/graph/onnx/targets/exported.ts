import { AS_WRITTEN } from '../../rewrites.ts'
import type { Target } from './target.ts'

/** Models that others run: the earliest versions that have all operators, of 2020. Of later ones, none changes what networks use. */
export const EXPORTED: Target = { opset: 13, irVersion: 7, rewrites: AS_WRITTEN, rules: {} }
