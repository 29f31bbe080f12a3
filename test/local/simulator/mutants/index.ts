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

/**
 * Those that a test of one pipeline looks for: its own, and its share of what all pipelines can have, as the code at fault there is the
 * same. find-mutants.ts looks for all of them in each.
 */
export const testedMutantsOf = (pipeline: string): readonly PipelineMutant[] =>
  mutantsOf(pipeline).filter(({ defect }) => {
    const turn = Object.keys(sharedMutants).indexOf(defect)
    if (turn < 0) return true
    const showing = [...known].filter(([, { seeds }]) => seeds[defect as SharedDefect] !== null)
    return showing[turn % showing.length]![0] === pipeline
  })
