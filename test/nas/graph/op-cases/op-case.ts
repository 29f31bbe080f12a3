import type { GraphBuilder } from '../../../../nas/graph/builder.ts'
import type { Value } from '../../../../nas/graph/graph.ts'
import { random } from '../../../../nas/random.ts'
import { float32, int32, sizeOf, type Tensor, type Tensors } from '../../../../nas/tensor.ts'

export interface OpCase {
  readonly title: string
  readonly inputs: Tensors
  readonly build: (graph: GraphBuilder, ...inputs: Value[]) => readonly Value[]
  /** Inputs whose gradient is checked. */
  readonly wrt: readonly string[]
  /** The step of finite differences. Central differences are exact for polynomials up to the second degree, at any step. */
  readonly step: number
}

export const coarse = 0.5

export const fine = 1e-2

/** One whose normal numbers stay a step away from kinks: there, finite differences are no derivative. */
const SEED = 7

const drawn = (name: string, shape: readonly number[], draw: (rng: ReturnType<typeof random>) => number) => {
  const rng = random(SEED, name)
  return Array.from({ length: sizeOf(shape) }, () => draw(rng))
}

export const normal = (name: string, ...shape: number[]): Tensor =>
  float32(
    shape,
    drawn(name, shape, (rng) => rng.normal()),
  )

export const positive = (name: string, ...shape: number[]): Tensor =>
  float32(
    shape,
    drawn(name, shape, (rng) => 0.5 + rng.uniform()),
  )

export const integers = (name: string, below: number, ...shape: number[]): Tensor =>
  int32(
    shape,
    drawn(name, shape, (rng) => rng.integer(below)),
  )

/** All elements at least `gap` apart from each other and from multiples of 2, where activations and maxima have their kinks. */
export const apart = (name: string, ...shape: number[]): Tensor => {
  const gap = 0.15
  const order = random(SEED, name).shuffle([...Array(sizeOf(shape)).keys()])
  return float32(
    shape,
    order.map((i) => (i - order.length / 2) * gap + 0.07),
  )
}

type Build = OpCase['build']

export const on = (
  title: string,
  inputs: Tensors,
  step: number,
  build: Build,
  wrt = Object.keys(inputs),
): OpCase => ({
  title,
  inputs,
  build,
  wrt,
  step,
})

export const unary = (
  title: string,
  op: (graph: GraphBuilder, x: Value) => Value,
  x: Tensor,
  step = fine,
): OpCase => on(title, { x }, step, (graph, x) => [op(graph, x!)])

export const binary = (
  title: string,
  op: (graph: GraphBuilder, a: Value, b: Value) => Value,
  a: Tensor,
  b: Tensor,
  step: number,
): OpCase => on(title, { a, b }, step, (graph, a, b) => [op(graph, a!, b!)])
