import { isDeepStrictEqual } from 'node:util'
import type { DpcGenotype } from '../../../../nas/spaces/dpc/genotype.ts'

/** In how many inputs and operations two cells differ. */
export const genesApart = (a: DpcGenotype, b: DpcGenotype): number =>
  a.branches.reduce(
    (genes, { input, operation }, i) =>
      genes +
      Number(input !== b.branches[i]!.input) +
      Number(!isDeepStrictEqual(operation, b.branches[i]!.operation)),
    0,
  )
