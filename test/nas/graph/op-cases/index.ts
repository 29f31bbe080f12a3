import { convolutionCases } from './convolutions.ts'
import { detectionCases } from './detection.ts'
import { elementwiseCases } from './elementwise.ts'
import { lossCases } from './losses.ts'
import { matmulCases } from './matmul.ts'
import { nchwcCases } from './nchwc.ts'
import { normalisationCases } from './normalisation.ts'
import type { OpCase } from './op-case.ts'
import { poolingCases } from './pooling.ts'
import { shapeCases } from './shapes.ts'

export const opCases: readonly OpCase[] = [
  ...elementwiseCases,
  ...shapeCases,
  ...matmulCases,
  ...convolutionCases,
  ...normalisationCases,
  ...nchwcCases,
  ...poolingCases,
  ...lossCases,
  ...detectionCases,
]
