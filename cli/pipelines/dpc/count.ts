import { z } from 'zod'
import { countCell } from '../../../nas/pipelines/dpc/count.ts'
import { fromDeepLab } from '../../../nas/spaces/dpc/deeplab.ts'
import { type DpcGenotype, parseDpcGenotype } from '../../../nas/spaces/dpc/genotype.ts'
import { KNOWN_CELLS } from '../../../nas/spaces/dpc/known.ts'
import type { Countable, Counter } from '../pipeline.ts'

const counterOf =
  (genotype: DpcGenotype): Counter =>
  (input) =>
    countCell(genotype, input)

const SPACE = 'dpc'
const ofTrellis = z.looseObject({ space: z.literal(SPACE) })

/** DeepLab's notation is the bare list of branches. */
const ofDeepLab = z.array(z.unknown()).refine(([first]) => !Array.isArray(first))

export const count: Countable = {
  networks: Object.fromEntries(Object.entries(KNOWN_CELLS).map(([name, cell]) => [name, counterOf(cell)])),
  spaces: {},
  space: SPACE,
  notation: "a cell's deeplab.json",
  read({ json }) {
    if (ofTrellis.safeParse(json).success) return counterOf(parseDpcGenotype(json))
    return ofDeepLab.safeParse(json).success ? counterOf(fromDeepLab(json)) : undefined
  },
}
