import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { createInterface } from 'node:readline'
import { processEnvironment } from '../nas/runs/job.ts'

/** What a worker prints. */
export interface Worker {
  readonly seconds: readonly number[]
  /** Seconds of processor time, of all its threads together. */
  readonly processor: readonly number[]
  readonly peakBytes: number
}

/** The first Python that has PyTorch: PYTHON, then those on the path and Debian's. */
export const python = [process.env.PYTHON, 'python3', '/usr/bin/python3'].find(
  (candidate) => candidate && spawnSync(candidate, ['-c', 'import torch']).status === 0,
)

export interface Timing {
  /** Steps a second of all workers together, each by its median step. */
  readonly stepsPerSecond: number
  /** Seconds, by worker. */
  readonly medians: readonly number[]
}

export const median = (numbers: readonly number[]): number => {
  const sorted = [...numbers].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/**
 * Runs one worker a core, in the environment of a job, all timed over the same stretch: each warms up, says `ready`, waits for
 * a line, and prints its result as JSON.
 */
export async function together<Result>(
  command: string,
  args: readonly string[],
  workers = availableParallelism(),
): Promise<Result[]> {
  const env = {
    ...process.env,
    ...processEnvironment(availableParallelism()),
    PYTHONDONTWRITEBYTECODE: '1',
  }
  const children = Array.from({ length: workers }, () => spawn(command, args, { env }))
  const results = children.map((child) => linesOf(child))
  await Promise.all(results.map(({ ready }) => ready))
  for (const child of children) child.stdin.write('go\n')
  return (await Promise.all(results.map(({ last }) => last))).map((line) => JSON.parse(line) as Result)
}

function linesOf(child: ChildProcessWithoutNullStreams): {
  readonly ready: Promise<void>
  readonly last: Promise<string>
} {
  let complaint = ''
  child.stderr.on('data', (text: Buffer) => {
    complaint += text.toString()
  })
  const lines = createInterface({ input: child.stdout })
  let latest = ''
  const last = new Promise<string>((resolve, reject) => {
    child.once('close', (code) =>
      code === 0 ? resolve(latest) : reject(new Error(`worker ended with ${code}: ${complaint.trim()}`)),
    )
  })
  const ready = new Promise<void>((resolve, reject) => {
    lines.on('line', (line) => {
      if (line === 'ready') resolve()
      else latest = line
    })
    last.catch(reject)
  })
  return { ready, last }
}

export const timing = (seconds: readonly (readonly number[])[]): Timing => {
  const medians = seconds.map(median)
  return { medians, stepsPerSecond: medians.reduce((sum, each) => sum + 1 / each, 0) }
}
