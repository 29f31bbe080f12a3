import { deepStrictEqual } from 'node:assert'
import type { Engine, Program, State } from '../../../nas/engines/engine.ts'
import { GraphBuilder } from '../../../nas/graph/builder.ts'
import { gradient } from '../../../nas/graph/gradient.ts'
import type { Graph, Value } from '../../../nas/graph/graph.ts'
import { add } from '../../../nas/graph/ops/add.ts'
import { mul } from '../../../nas/graph/ops/mul.ts'
import { reduceSum } from '../../../nas/graph/ops/reduce-sum.ts'
import { reshape } from '../../../nas/graph/ops/reshape.ts'
import { random } from '../../../nas/random.ts'
import { float32, sizeOf, type Tensor, type Tensors } from '../../../nas/tensor.ts'
import type { OpCase } from './op-cases/op-case.ts'

/** A seeded tensor of standard normal numbers. */
const direction = (name: string, shape: readonly number[]): Tensor => {
  const rng = random(2, name)
  return float32(
    shape,
    Array.from({ length: sizeOf(shape) }, () => rng.normal()),
  )
}

/** Floating point inputs are parameters: a graph without parameters is not lowered to NCHWc. */
const isParameter = ({ dtype }: Tensor): boolean => dtype === 'float32'

const declare = (graph: GraphBuilder, inputs: Tensors): Record<string, Value> =>
  Object.fromEntries(
    Object.entries(inputs).map(([name, tensor]) => [
      name,
      isParameter(tensor)
        ? graph.parameter(name, { ...tensor, role: 'weight', initialiser: { kind: 'constant', value: 0 } })
        : graph.input(name, tensor),
    ]),
  )

/** Gives a graph its parameters and inputs alike. */
function run(graph: Graph, program: Program, state: State, tensors: Tensors): Promise<Tensors> {
  const named = (names: Iterable<string>) =>
    Object.fromEntries([...names].map((name) => [name, tensors[name]!]))
  state.put(named(graph.parameters.keys()))
  return program.run(state, named(graph.inputs.keys()))
}

/** The operation alone, its outputs named y0, y1, … */
export function forwardGraph({ inputs, build }: OpCase): Graph {
  const graph = new GraphBuilder()
  const outputs = build(graph, ...Object.values(declare(graph, inputs)))
  return graph.build(Object.fromEntries(outputs.map((value, i) => [`y${i}`, value])))
}

/** Gradients of Σ y · direction by the inputs in `wrt`, as `d` and the input's name. */
export function gradientGraph({ inputs, build, wrt }: OpCase): Graph {
  const graph = new GraphBuilder()
  const values = declare(graph, inputs)
  const terms = build(graph, ...Object.values(values)).map((y, i) => {
    const product = mul(graph, y, graph.constant(direction(`y${i}`, y.type.shape)))
    const axes = [...product.type.shape.keys()]
    return axes.length === 0 ? product : reshape(graph, reduceSum(graph, product, axes), [])
  })
  const loss = terms.reduce((sum, term) => add(graph, sum, term))
  const gradients = gradient(
    graph,
    loss,
    wrt.map((name) => values[name]!),
  )
  return graph.build(Object.fromEntries(wrt.map((name, i) => [`d${name}`, gradients[i]!])))
}

/** Compiles and runs a graph. @param inputs parameters are among them */
export async function evaluate(engine: Engine, graph: Graph, inputs: Tensors): Promise<Tensors> {
  const program = await engine.compile(graph)
  const state = engine.state({})
  const outputs = await run(graph, program, state, inputs)
  state.dispose()
  await program.dispose()
  return outputs
}

/** The largest difference between equally named tensors, relative to the largest number of each. */
export function difference(actual: Tensors, expected: Tensors): number {
  deepStrictEqual(Object.keys(actual).sort(), Object.keys(expected).sort())
  const differences = Object.entries(expected).map(([name, { dtype, shape, data }]) => {
    const found = actual[name]!
    deepStrictEqual([found.dtype, [...found.shape]], [dtype, [...shape]])
    const pairs = [...data].map((x, i) => [x, found.data[i]!] as const)
    const scale = Math.max(1e-3, ...pairs.map(([x]) => Math.abs(x)))
    return Math.max(...pairs.map(([x, y]) => Math.abs(x - y))) / scale
  })
  return Math.max(...differences)
}

export const dot = (a: Tensor, b: Tensor): number => {
  let sum = 0
  for (let i = 0; i < a.data.length; i++) sum += a.data[i]! * b.data[i]!
  return sum
}

/** Central differences of Σ y · direction along random directions of all inputs in `wrt`, and the same derivatives by the gradients. */
export async function directionalDerivatives(
  engine: Engine,
  row: OpCase,
): Promise<{ readonly numeric: number; readonly analytic: number; readonly scale: number }[]> {
  const { inputs, wrt, step } = row
  const gradients = await evaluate(engine, gradientGraph(row), inputs)
  const graph = forwardGraph(row)
  const program = await engine.compile(graph)
  const state = engine.state({})
  const loss = async (moved: Tensors) => {
    const outputs = await run(graph, program, state, moved)
    return Object.entries(outputs).reduce((sum, [name, y]) => sum + dot(y, direction(name, y.shape)), 0)
  }
  const results = []
  for (const name of wrt)
    for (let i = 0; i < 3; i++) {
      const along = direction(`${name}.${i}`, inputs[name]!.shape)
      const moved = (sign: number) => ({
        ...inputs,
        [name]: float32(
          along.shape,
          inputs[name]!.data.map((x, j) => x + sign * step * along.data[j]!) as Float32Array,
        ),
      })
      results.push({
        numeric: ((await loss(moved(1))) - (await loss(moved(-1)))) / (2 * step),
        analytic: dot(gradients[`d${name}`]!, along),
        scale: Math.sqrt(dot(gradients[`d${name}`]!, gradients[`d${name}`]!)),
      })
    }
  state.dispose()
  await program.dispose()
  return results
}
