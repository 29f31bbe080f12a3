import { fileURLToPath } from 'node:url'
import { densenasSupernet, warmUpOf } from '../densenas-supernet.ts'
import { dpcHead, PROXY_TASK } from '../dpc-head.ts'
import { median, python, together } from '../workers.ts'
import { watchCard } from './card.ts'
import { deviceEngine, headSize, milliseconds, provider, say, small } from './setting.ts'

/* Steps of Trellis beside PyTorch's on the same card, both in float32 without TF32: medians of at least 20. */

/** Long enough for the card to be watched. */
const LEAST_SECONDS = small ? 0 : 3
const LEAST_STEPS = small ? 2 : 20

export async function headSpeed(): Promise<void> {
  say(`a training step of the DPC head, ${JSON.stringify(small ? headSize : PROXY_TASK)}`)
  const engine = await deviceEngine()
  const head = dpcHead(headSize, engine.rewrites)
  const program = await engine.compile(head.graph)
  const state = engine.state(head.start())
  const upload = async (step: number) => {
    const inputs = head.inputs(step)
    return { inputs, uploaded: await engine.upload!(inputs) }
  }
  const warmUp = small ? 1 : 10
  await report('Trellis, uploads first', warmUp, async (step) => {
    await program.run(state, head.inputs(step))
  })
  // As in a training. PyTorch's batch is on the card before the first step.
  let next = upload(0)
  await report('Trellis', warmUp, async (step) => {
    const { inputs, uploaded } = await next
    const run = program.run(state, inputs)
    next = upload(step + 1)
    await run
    uploaded.release()
  })
  await next
  state.dispose()
  await program.dispose()
  for (const layout of ['default', 'channels_last', 'compile'])
    await reportPeer(layout, 'dpc_step.py', [layout, '10', '200', provider])
}

export async function supernetSpeed(): Promise<void> {
  for (const phase of ['weights', 'architecture'] as const) {
    say(`a step of DenseNAS's supernet for the ${phase}`)
    const run = densenasSupernet(await deviceEngine({ manyPrograms: true }), phase, small ? 2 : 64)
    await report('Trellis', small ? 1 : warmUpOf(phase), run)
    for (const layout of ['default', 'channels_last'])
      await reportPeer(layout, 'densenas_step.py', [phase, layout, '20', provider])
  }
}

async function report(name: string, warmUp: number, run: (step: number) => Promise<void>): Promise<void> {
  for (let step = 0; step < warmUp; step++) await run(step)
  const watch = watchCard()
  const seconds: number[] = []
  const began = performance.now()
  while (seconds.length < LEAST_STEPS || performance.now() - began < 1000 * LEAST_SECONDS) {
    const start = performance.now()
    await run(warmUp + seconds.length)
    seconds.push((performance.now() - start) / 1000)
  }
  say(`  ${name.padEnd(22)} ${milliseconds(median(seconds))}   ${watch.stop()}`)
}

async function reportPeer(layout: string, file: string, args: readonly string[]): Promise<void> {
  const name = `PyTorch ${layout}`.padEnd(22)
  if (small || python === undefined) {
    say(`  ${name} not timed: ${small ? 'no card' : 'no Python with PyTorch'}`)
    return
  }
  const watch = watchCard()
  const path = fileURLToPath(new URL(file, import.meta.url))
  const told = await together<readonly number[]>(python, [path, ...args], 1).then(
    ([seconds]) => milliseconds(median(seconds!)),
    (cause: unknown) => `failed: ${String(cause).split('\n').at(-1)}`,
  )
  say(`  ${name} ${told}   ${watch.stop()}, warm-up included`)
}
