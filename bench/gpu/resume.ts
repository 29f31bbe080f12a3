import { createHash } from 'node:crypto'
import { cuda } from '../../nas/graph/onnx/targets/cuda/index.ts'
import type { Tensors } from '../../nas/tensor.ts'
import { dpcHead } from '../dpc-head.ts'
import { deviceEngine, headSize, say, small } from './setting.ts'

/* The same training twice, and once stopped in the middle, read, and gone on with by another engine: equal bytes. */

const STEPS = small ? 4 : 40

export async function resume(): Promise<void> {
  const head = dpcHead(headSize, cuda.rewrites)
  const first = await train(head.start(), 0, STEPS)
  say(`once     ${digest(first)}`)
  const again = await train(head.start(), 0, STEPS)
  say(`again    ${digest(again)}`)
  const half = await train(head.start(), 0, STEPS / 2)
  const resumed = await train(half, STEPS / 2, STEPS)
  say(`resumed  ${digest(resumed)}`)
  const differ = Object.keys(first).filter(
    (name) => new Set([first, again, resumed].map((state) => digest({ [name]: state[name]! }))).size > 1,
  )
  say(differ.length === 0 ? 'all bytes are equal' : `these differ: ${differ.join(' ')}`)
  if (differ.length > 0) process.exitCode = 1

  async function train(start: Tensors, from: number, to: number): Promise<Tensors> {
    const engine = await deviceEngine()
    const program = await engine.compile(head.graph)
    const state = engine.state(start)
    for (let step = from; step < to; step++) await program.run(state, head.inputs(step))
    const trained = await state.read()
    state.dispose()
    await program.dispose()
    return trained
  }
}

function digest(state: Tensors): string {
  const hash = createHash('sha256')
  for (const name of Object.keys(state).sort())
    hash.update(name).update(new Uint8Array(state[name]!.data.buffer))
  return hash.digest('hex').slice(0, 16)
}
