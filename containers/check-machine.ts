import type { Engine } from '../nas/engines/engine.ts'
import { GraphBuilder } from '../nas/graph/builder.ts'
import { same } from '../nas/graph/convolution.ts'
import { conv2d } from '../nas/graph/ops/conv2d.ts'
import { Interrupted } from '../nas/runs/interrupted.ts'
import { float32 } from '../nas/tensor.ts'

/** A machine that kills whatever runs on it does so within seconds. */
const LONG_ENOUGH_MS = 10_000

const IMAGE = [4, 16, 64, 64] as const
const FILTER = [16, 16, 3, 3] as const

/**
 * Works for a while on a small convolution, as any training does: before a trial is blamed for the deaths of its jobs, something
 * sound must live where they died.
 * @param ms how long
 * @throws Interrupted where the job is told to stop
 */
export async function checkMachine(engine: Engine, signal: AbortSignal, ms = LONG_ENOUGH_MS): Promise<void> {
  const graph = new GraphBuilder()
  const image = graph.input('image', { dtype: 'float32', shape: IMAGE })
  const filter = float32(FILTER, new Float32Array(16 * 16 * 9).fill(0.01))
  const parameter = { ...filter, role: 'weight', initialiser: { kind: 'constant', value: 0.01 } } as const
  const output = conv2d(graph, image, graph.parameter('filter', parameter), same([3, 3]))
  const program = await engine.compile(graph.build({ output }))
  const state = engine.state({ filter })
  const inputs = { image: float32(IMAGE, new Float32Array(4 * 16 * 64 * 64).fill(1)) }
  for (const start = performance.now(); performance.now() - start < ms; ) {
    if (signal.aborted) throw new Interrupted()
    await program.run(state, inputs)
  }
  state.dispose()
  await program.dispose()
}
