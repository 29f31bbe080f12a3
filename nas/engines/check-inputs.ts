import { TrellisError } from '../errors.ts'
import type { Graph } from '../graph/graph.ts'
import { sameShape, showShape, type Tensors, type TensorType } from '../tensor.ts'

/** @throws `invalid-graph` for a missing input or one of another type: engines report these by other names, or not at all. */
export function checkInputs(graph: Graph, inputs: Tensors): void {
  for (const [name, { type }] of graph.inputs) {
    const given = inputs[name]
    if (given?.dtype === type.dtype && sameShape(given.shape, type.shape)) continue
    const show = ({ dtype, shape }: TensorType) => `${dtype} ${showShape(shape)}`
    const found = given === undefined ? 'nothing' : show(given)
    throw new TrellisError('invalid-graph', `input ${name} must be ${show(type)}, got ${found}`)
  }
}

/** @param shapeOf the shape in the state, by parameter; @param stored the type of a parameter in the engine's layout */
export function checkState(
  graph: Graph,
  shapeOf: (name: string) => readonly number[] | undefined,
  stored = (_: string, type: TensorType): TensorType => type,
): void {
  for (const [name, { parameter }] of graph.parameters) {
    const shape = shapeOf(name)
    const wanted = stored(name, parameter).shape
    if (shape !== undefined && sameShape(shape, wanted)) continue
    throw new TrellisError(
      'invalid-checkpoint',
      `parameter ${name} must be ${showShape(wanted)}, the state has ${shape === undefined ? 'none' : showShape(shape)}`,
    )
  }
}
