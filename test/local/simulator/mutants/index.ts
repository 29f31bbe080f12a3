import type { PipelineName } from '../../../../nas/pipelines/index.ts'
import * as autoFpn from './auto-fpn.ts'
import * as densenas from './densenas.ts'
import * as dpc from './dpc.ts'
import type { Found, Mutant } from './mutant.ts'
import { type SharedDefect, sharedMutants } from './shared.ts'
import * as topformer from './topformer.ts'

interface PipelineMutants {
  /** Defects that it alone can have. */
  readonly own: Found
  /** Null where none of the first sixty seeds shows the defect in this pipeline. */
  readonly seeds: Readonly<Record<SharedDefect, number | null>>
}

const builtIn: Readonly<Record<PipelineName, PipelineMutants>> = {
  dpc,
  densenas,
  'auto-fpn': autoFpn,
  topformer,
}

/** A defect of a pipeline, with a seed that finds it. */
export type PipelineMutant = Mutant & {
  readonly pipeline: string
  readonly defect: string
  readonly seed: number
}

const known = new Map<string, PipelineMutants>(Object.entries(builtIn))

/** The defects that all pipelines can have, and those of one alone. */
export function mutantsOf(pipeline: string): readonly PipelineMutant[] {
  const { own, seeds } = known.get(pipeline) ?? { own: {}, seeds: undefined }
  const shared = Object.entries(sharedMutants).flatMap(([defect, mutant]) => {
    const seed = seeds === undefined ? 0 : seeds[defect as SharedDefect]
    return seed === null ? [] : [{ ...mutant, pipeline, defect, seed }]
  })
  return [...shared, ...Object.entries(own).map(([defect, mutant]) => ({ ...mutant, pipeline, defect }))]
}
