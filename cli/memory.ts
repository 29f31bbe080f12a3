import { totalmem } from 'node:os'
import type { Extent } from '../nas/data/dataset.ts'
import { TrellisError } from '../nas/errors.ts'
import type { RunConfig } from '../nas/runs/config.ts'
import { counted } from '../report/format.ts'
import { jobsAtOnce } from './place.ts'

/** Of a job: Node, ONNX Runtime, weights. */
const PROCESS = 150e6
/** Decoded images that a job keeps: 4 bytes a pixel, a gigabyte at most (containers/pipeline-context.ts). */
const CACHE = { perPixel: 4, most: 2 ** 30 }
/** What is left to the system and to the command itself. */
const LEFT = 300e6

/** Bytes that the processes of this computer, or of this container, can have. */
export function memoryHere(): number {
  const constrained = process.constrainedMemory()
  return constrained ? Math.min(constrained, totalmem()) : totalmem()
}

/** Bytes that jobs take for whole images, beside what any job takes: about as much, and not less than half of it. */
export interface JobMemory {
  /** Of a job beside which no other runs. */
  readonly alone: number
  /** Of each of many jobs at once. */
  readonly each: number
}

export interface Fitting<C extends RunConfig> {
  readonly config: C
  /** What is to be said of it, a sentence each. */
  readonly warnings: readonly string[]
}

/**
 * As many jobs at once as there is memory for, where images as large as these are evaluated.
 * @throws TrellisError `invalid-dataset` where there is certainly not enough for a single one
 */
export function fitMemory<C extends RunConfig>(
  config: C,
  { alone, each }: JobMemory,
  { height, width, pixels }: Extent,
  memory = memoryHere(),
): Fitting<C> {
  const any = PROCESS + Math.min(CACHE.most, CACHE.perPixel * pixels)
  const [room, largest] = [memory - LEFT, any + Math.max(alone, each)]
  const needs = (bytes: number) =>
    `a job that evaluates images of ${height}x${width} takes about ${gigabytes(bytes)} of memory, and there are ${gigabytes(memory)} here`
  if (largest / 2 > room) throw new TrellisError('invalid-dataset', needs(largest), { fix: SMALLER })
  const asked = jobsAtOnce(config.compute, 'here')
  const fit = Math.max(1, Math.floor(room / (any + each)))
  const warnings = [
    ...(largest > room ? [`${needs(largest)}, so that it may be killed; ${SMALLER}`] : []),
    ...(fit < asked ? [`${needs(any + each)}: ${counted(fit, 'job')} at once, not ${asked}`] : []),
  ]
  if (fit >= asked) return { config, warnings }
  return { config: { ...config, compute: { ...config.compute, concurrency: fit } }, warnings }
}

const SMALLER =
  'scale down or cut the largest validation images and their masks, or search on a machine with more memory'

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toPrecision(2)} GB`
