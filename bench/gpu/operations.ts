import { onnxRuntime } from '../../nas/engines/onnxruntime.ts'
import type { Graph } from '../../nas/graph/graph.ts'
import type { Tensors } from '../../nas/tensor.ts'
import { difference, evaluate, forwardGraph, gradientGraph } from '../../test/nas/graph/check-op.ts'
import { opCases } from '../../test/nas/graph/op-cases/index.ts'
import { dpcHead } from '../dpc-head.ts'
import { deviceEngine, headSize, say } from './setting.ts'

/*
 * Every operation, its gradient, and ten training steps: on the device, and by the CPU's own models on the CPU. Differences are
 * relative to the largest number of a tensor. By TF32, convolutions and products would differ by about 1e-3.
 */

const TOLERANCE = 1e-3

/** Their boxes are suppressed on the host, and in models that others run. */
const FOR_OTHERS = ['detections', 'proposals', 'found']

export async function operations(): Promise<void> {
  const [device, cpu] = [await deviceEngine({ strict: true }), await onnxRuntime({ threads: 1 })]
  const rows = opCases.flatMap((row) => {
    const forward = { title: row.title, graph: forwardGraph(row), inputs: row.inputs }
    const gradient = () => ({
      title: `${row.title}, gradient`,
      graph: gradientGraph(row),
      inputs: row.inputs,
    })
    return row.wrt.length > 0 ? [forward, gradient()] : [forward]
  })
  const differences: { readonly title: string; readonly apart: number }[] = []
  for (const { title, graph, inputs } of rows.filter(({ graph }) => !isForOthers(graph))) {
    const apart = await apartBy(graph, inputs).catch((cause: unknown) => {
      say(`  ${title}: ${cause instanceof Error ? cause.message.split('\n')[0] : cause}`)
      return Number.POSITIVE_INFINITY
    })
    differences.push({ title, apart })
    if (differences.length % 50 === 0) say(`  ${differences.length} graphs so far`)
    if (apart > TOLERANCE) say(`  ${title}: differs by ${apart.toExponential(1)}`)
  }
  const wrong = differences.filter(({ apart }) => apart > TOLERANCE)
  const right = differences.map(({ apart }) => apart).filter((apart) => apart <= TOLERANCE)
  say(
    `${right.length} of ${differences.length} graphs agree within ${TOLERANCE}, the worst by ${Math.max(...right).toExponential(1)}`,
  )
  const trained = await Promise.all([train(device), train(cpu)])
  const apart = difference(...trained)
  say(`after ten steps of the DPC head, weights and moments differ by ${apart.toExponential(1)}`)
  if (wrong.length > 0 || !(apart <= 10 * TOLERANCE)) process.exitCode = 1

  async function apartBy(graph: Graph, inputs: Tensors): Promise<number> {
    return difference(await evaluate(device, graph, inputs), await evaluate(cpu, graph, inputs))
  }
}

const isForOthers = ({ nodes }: Graph): boolean => nodes.some(({ op }) => FOR_OTHERS.includes(op.name))

async function train(engine: Awaited<ReturnType<typeof deviceEngine>>): Promise<Tensors> {
  const head = dpcHead({ ...headSize, batch: 2, filters: 32 }, engine.rewrites)
  const program = await engine.compile(head.graph)
  const state = engine.state(head.start())
  for (let step = 0; step < 10; step++) await program.run(state, head.inputs(step))
  return state.read()
}
