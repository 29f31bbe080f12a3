import { loadavg } from 'node:os'
import { fileURLToPath } from 'node:url'
import { isDeepStrictEqual } from 'node:util'
import { median, python, together, type Worker } from './workers.ts'

/** A worker of Trellis in bench/, and its peer in PyTorch, whose first argument is its variant. */
interface Contenders {
  readonly worker: string
  readonly peer: string
  readonly variants: readonly string[]
  readonly args: readonly string[]
  /** Processes side by side, as jobs of one core each; 1 by default. */
  readonly jobs?: number
}

export const LAYOUTS = ['default', 'channels_last']

/** Steps and rounds, where a bench is not told them. */
export const [STEPS = 10, ROUNDS = 3] = process.argv.slice(2).map(Number)

const here = (file: string) => fileURLToPath(new URL(file, import.meta.url))

/**
 * Runs Trellis and every variant of its peer by turns, each in one process or in some side by side, and prints medians of the time of a step, and of the processor's, and peak
 * memory.
 * @throws where contenders tell different facts: they do not run the same network
 */
export async function byTurns(
  what: string,
  { worker, peer, variants, args, jobs = 1 }: Contenders,
): Promise<void> {
  const ours = [process.execPath, ['--import', 'tsx', here(worker), ...args, `${STEPS}`]] as const
  const theirs = (python === undefined ? [] : variants).map(
    (variant) => [`pytorch ${variant}`, [python!, [here(peer), variant, ...args, `${STEPS}`]]] as const,
  )
  const contenders = [['trellis', ours] as const, ...theirs]
  const runs = new Map<string, Worker[]>(contenders.map(([name]) => [name, []]))
  for (let round = 0; round < ROUNDS; round++)
    for (const [name, [command, args]] of contenders)
      runs.get(name)!.push(...(await together<Worker>(command, args, jobs)))

  const factsOf = ({ seconds: _, processor: __, peakBytes: ___, ...facts }: Worker) => facts
  const expected = factsOf(runs.get('trellis')![0]!)
  console.log(`${what} (load ${loadavg()[0]!.toFixed(1)})`, expected)
  const medians = [...runs].map(([name, workers]) => {
    if (!workers.every((each) => isDeepStrictEqual(factsOf(each), expected)))
      throw new Error(`${name} runs another network: ${JSON.stringify(factsOf(workers[0]!))}`)
    const [seconds, processor] = (['seconds', 'processor'] as const).map((of) =>
      median(workers.flatMap((each) => each[of])),
    ) as [number, number]
    const peak = Math.max(...workers.map(({ peakBytes }) => peakBytes)) / 2 ** 30
    const milliseconds = (of: number) => `${(1000 * of).toFixed(0).padStart(6)} ms`
    console.log(
      `  ${name.padEnd(22)} ${milliseconds(seconds)}   processor ${milliseconds(processor)}   peak ${peak.toFixed(2)} GiB`,
    )
    return seconds
  })
  const [trellis, ...others] = medians as [number, ...number[]]
  console.log(
    others.length === 0
      ? '  no PyTorch found (set PYTHON to one that has it): nothing to compare with'
      : `  Trellis is ${(Math.min(...others) / trellis).toFixed(2)} times as fast as PyTorch at its best`,
  )
}
