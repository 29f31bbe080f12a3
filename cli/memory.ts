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

/**
 * As many jobs at once as there is memory for, where each evaluates images as large as these.
 * @param perJob bytes of a job beside what any job takes
 * @returns the configuration, and what is to be said of it where jobs at once have become fewer
 * @throws TrellisError `invalid-dataset` where there is not enough for a single one
 */
export function fitMemory<C extends RunConfig>(
  config: C,
  perJob: number,
  { height, width, pixels }: Extent,
  memory = memoryHere(),
): { readonly config: C; readonly warnings: readonly string[] } {
  const bytes = PROCESS + Math.min(CACHE.most, CACHE.perPixel * pixels) + perJob
  const fit = Math.floor((memory - LEFT) / bytes)
  const asked = jobsAtOnce(config.compute, 'here')
  if (fit >= asked) return { config, warnings: [] }
  const needs = `a job that evaluates images of ${height}x${width} needs about ${gigabytes(bytes)} of memory, and there are ${gigabytes(memory)} here`
  if (fit < 1) {
    throw new TrellisError('invalid-dataset', needs, {
      fix: 'scale down or cut the largest validation images and their masks, or search on a machine with more memory',
    })
  }
  return {
    config: { ...config, compute: { ...config.compute, concurrency: fit } },
    warnings: [`${needs}: ${counted(fit, 'job')} at once, not ${asked}`],
  }
}

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toPrecision(2)} GB`
