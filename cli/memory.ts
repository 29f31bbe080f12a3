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

/** Memory that a job takes beside what any job takes. */
export interface Need {
  /** About as many, and not less than half of them. */
  readonly bytes: number
  /** What the job does that takes it: 'evaluates images of 720x960'. */
  readonly what: string
  /** How it would take less. */
  readonly fix: string
}

export interface JobMemory {
  /** Of a job beside which no other runs. */
  readonly alone: Need
  /** Of each of many jobs at once. */
  readonly each: Need
}

export interface Fitting<C extends RunConfig> {
  readonly config: C
  /** What is to be said of it, a sentence each. */
  readonly warnings: readonly string[]
}

/**
 * As many jobs at once as there is memory for.
 * @throws TrellisError `invalid-config` where there is certainly not enough for a single one
 */
export function fitMemory<C extends RunConfig>(
  config: C,
  { alone, each }: JobMemory,
  { pixels }: Extent,
  memory = memoryHere(),
): Fitting<C> {
  const any = PROCESS + Math.min(CACHE.most, CACHE.perPixel * pixels)
  const room = memory - LEFT
  const largest = alone.bytes > each.bytes ? alone : each
  const inAll = ({ bytes }: Need) => any + bytes
  const needs = (need: Need) =>
    `a job that ${need.what} takes about ${gigabytes(inAll(need))} of memory, and there are ${gigabytes(memory)} here`
  if (inAll(largest) / 2 > room)
    throw new TrellisError('invalid-config', needs(largest), { fix: largest.fix })
  const asked = jobsAtOnce(config.compute, 'here')
  const fit = Math.max(1, Math.floor(room / inAll(each)))
  const warnings = [
    ...(inAll(largest) > room ? [`${needs(largest)}, so that it may be killed; ${largest.fix}`] : []),
    ...(fit < asked ? [`${needs(each)}: ${counted(fit, 'job')} at once, not ${asked}`] : []),
  ]
  if (fit >= asked) return { config, warnings }
  return { config: { ...config, compute: { ...config.compute, concurrency: fit } }, warnings }
}

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toPrecision(2)} GB`
