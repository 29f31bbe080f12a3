import type { Graph } from '../graph/graph.ts'
import type { TensorFlow, TensorFlowTensor } from '../graph/op.ts'
import { AS_WRITTEN } from '../graph/rewrites.ts'
import type { Tensor, Tensors } from '../tensor.ts'
import { checkInputs, checkState } from './check-inputs.ts'
import type { Engine, Program, State } from './engine.ts'

/** State as TensorFlow tensors in the backend's memory. */
class TensorFlowState implements State {
  readonly #fromHost: (tensor: Tensor) => TensorFlowTensor
  readonly tensors = new Map<string, TensorFlowTensor>()

  constructor(fromHost: (tensor: Tensor) => TensorFlowTensor, tensors: Tensors) {
    this.#fromHost = fromHost
    this.put(tensors)
  }

  put(tensors: Tensors): void {
    this.drop(Object.keys(tensors))
    for (const [name, tensor] of Object.entries(tensors)) this.tensors.set(name, this.#fromHost(tensor))
  }

  drop(names: Iterable<string>): void {
    for (const name of names) {
      this.tensors.get(name)?.dispose()
      this.tensors.delete(name)
    }
  }

  async read(): Promise<Tensors> {
    return toHost(Object.fromEntries(this.tensors))
  }

  dispose(): void {
    for (const tensor of this.tensors.values()) tensor.dispose()
    this.tensors.clear()
  }
}

/**
 * Runs graphs node by node in TensorFlow.js, whose CUDA build supports GPUs that ONNX Runtime's no longer does.
 * @param tf any build that has a backend, such as `@tensorflow/tfjs-node-gpu`.
 */
export async function tensorFlow({ tf }: { readonly tf: TensorFlow }): Promise<Engine> {
  await tf.ready()
  const fromHost = ({ data, shape, dtype }: Tensor) => tf.tensor(data.slice(), [...shape], dtype)
  return {
    name: 'tensorflow',
    threads: 1,
    rewrites: AS_WRITTEN,
    state: (tensors) => new TensorFlowState(fromHost, tensors),
    async compile(graph): Promise<Program> {
      const constants = new Map(graph.constants.map(({ tensor, value }) => [value.id, fromHost(tensor)]))
      const lastUsed = lastUses(graph)
      return {
        async run(state, inputs, names = new Map()) {
          const { tensors } = state as TensorFlowState
          const inState = (name: string): string => names.get(name) ?? name
          checkInputs(graph, inputs)
          checkState(graph, (name) => tensors.get(inState(name))?.shape)
          const { outputs, updates } = tf.tidy(() => {
            const values = new Map(constants)
            for (const [name, { value }] of graph.parameters)
              values.set(value.id, tensors.get(inState(name))!)
            for (const [name, value] of graph.inputs) values.set(value.id, fromHost(inputs[name]!))
            evaluate(tf, graph, lastUsed, values)
            // A clone for every result: one value may be several outputs, or in the state as well.
            const named = (wanted: Graph['outputs']) =>
              Object.fromEntries([...wanted].map(([name, { id }]) => [name, tf.clone(values.get(id)!)]))
            return { outputs: named(graph.outputs), updates: named(graph.updates) }
          })
          for (const [name, tensor] of Object.entries(updates)) {
            tensors.get(inState(name))?.dispose()
            tensors.set(inState(name), tensor)
          }
          const results = await toHost(outputs)
          tf.dispose(outputs)
          return results
        },
        async dispose() {
          for (const tensor of constants.values()) tensor.dispose()
        },
      }
    },
  }
}

/** Runs all nodes, and disposes of each intermediate result after its last use. */
function evaluate(
  tf: TensorFlow,
  graph: Graph,
  lastUsed: readonly (readonly number[])[],
  values: Map<number, TensorFlowTensor>,
): void {
  graph.nodes.forEach((node, i) => {
    const types = { inputs: node.inputs.map((v) => v.type), outputs: node.outputs.map((v) => v.type) }
    const inputs = node.inputs.map(({ id }) => values.get(id)!)
    const outputs = tf.tidy(() => [...node.op.tensorflow(tf, inputs, node.attributes, types)])
    node.outputs.forEach(({ id }, j) => {
      values.set(id, outputs[j]!)
    })
    for (const id of lastUsed[i]!) {
      values.get(id)!.dispose()
      values.delete(id)
    }
  })
}

/** For each node, the intermediate results and inputs whose last use it is. */
function lastUses(graph: Graph): number[][] {
  const needed = new Set([
    ...[...graph.outputs.values(), ...graph.updates.values()].map(({ id }) => id),
    ...graph.constants.map(({ value }) => value.id),
    ...[...graph.parameters.values()].map(({ value }) => value.id),
  ])
  return graph.nodes
    .toReversed()
    .map(({ inputs, outputs }) => {
      const lastUsed = [...inputs, ...outputs].map(({ id }) => id).filter((id) => !needed.has(id))
      for (const id of lastUsed) needed.add(id)
      return [...new Set(lastUsed)]
    })
    .reverse()
}

/** Copies: the JavaScript backend returns its own memory. */
async function toHost(tensors: Readonly<Record<string, TensorFlowTensor>>): Promise<Tensors> {
  const read = async ([name, tensor]: readonly [string, TensorFlowTensor]) =>
    [
      name,
      { dtype: tensor.dtype, shape: tensor.shape, data: (await tensor.data()).slice() } as Tensor,
    ] as const
  return Object.fromEntries(await Promise.all(Object.entries(tensors).map(read)))
}
