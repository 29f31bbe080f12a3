import type { Graph } from '../../nas/graph/graph.ts'
import { peakMemory } from '../../nas/graph/peak-memory.ts'
import { sizeOf } from '../../nas/tensor.ts'
import type { Need } from '../memory.ts'

/** Of the values that exist at once: ONNX Runtime allocates by doubling. Measured: 1.5 at 1.5 megapixels, 2.8 at 12. */
export const ALLOCATED = 3
/** How often weights and momenta are there beside that: as they are read, as the state, as tensors and bytes of a checkpoint. */
const STATES = 4
/** Of a number, float32 or int32. */
export const BYTES = 4

/** Bytes that a job takes to train by some graphs, each compiled by itself, on one state. */
export const trainingBytes = (...graphs: readonly Graph[]): number => phasesBytes([graphs])

/** Bytes that a job takes to train by graphs that share memory: of each phase, those that run at once. */
export const phasesBytes = (phases: readonly (readonly Graph[])[]): number =>
  ALLOCATED * Math.max(...phases.map((graphs) => graphs.reduce((sum, graph) => sum + peakMemory(graph), 0))) +
  STATES * Math.max(...phases.flat().map(stateOf))

const stateOf = ({ parameters }: Graph): number =>
  BYTES * [...parameters.values()].reduce((sum, { value }) => sum + sizeOf(value.type.shape), 0)

export const larger = (first: Need, ...others: readonly Need[]): Need =>
  others.reduce((most, each) => (each.bytes > most.bytes ? each : most), first)
