import { TrellisError } from '../../errors.ts'
import type { Tensors, TensorType } from '../../tensor.ts'
import type { Graph } from '../graph.ts'
import { blocksDomain, filled, fromBlocks, toBlocks } from './nchwc.ts'
import { OnnxEmitter, type OnnxTensor, rawBytes } from './emitter.ts'
import { elementTypes, modelMessage } from './schema.ts'

const opset = 20
const irVersion = 9

/** Where the updated value of a parameter leaves a training model. */
export const updatedName = (parameter: string): string => `${parameter}:next`

interface Options {
  /** Values to bake in as initialisers, by parameter name. Parameters that are not baked in are inputs of the model. */
  readonly parameters?: Tensors
  /** Free text for people who open the model: genotype, score, run. */
  readonly metadata?: Readonly<Record<string, string>>
  /** Channels in a block of the CPU library's own layout: the model is to run here and now, and may use operators of that. */
  readonly block?: number
}

/**
 * A graph as an ONNX model (opset 20): inputs and outputs under their own names; parameters as inputs or baked in;
 * the next value of an updated parameter under `updatedName`. Of a graph that was cut, {@link storedType} says how it has what is kept.
 */
export function toOnnx(graph: Graph, options: Options = {}): Uint8Array {
  const { block = 0, parameters = {}, metadata = {} } = options
  const { emit, names, initializers, inputs } = lower(graph, block, parameters)
  const blocks = keptInBlocks(graph, block)
  const typeOf = storedType(graph, block)
  const outputs = [
    ...[...graph.outputs].map(([name, value]) => {
      emit.output(names.get(value.id)!, name)
      return valueInfo(name, value.type)
    }),
    ...[...graph.updates].map(([name, value]) => {
      const plain = names.get(value.id)!
      emit.output(blocks.has(name) ? toBlocks(emit, plain) : plain, updatedName(name))
      return valueInfo(updatedName(name), typeOf(name, value.type))
    }),
  ]
  return modelMessage
    .encode({
      irVersion,
      producerName: 'trellis',
      opsetImport: [
        { domain: '', version: opset },
        ...(block > 0 ? [{ domain: blocksDomain, version: 1 }] : []),
      ],
      graph: {
        name: 'trellis',
        node: emit.named(),
        initializer: [...initializers, ...emit.initializers],
        input: inputs,
        output: outputs,
      },
      metadataProps: Object.entries(metadata).map(([key, value]) => ({ key, value })),
    })
    .finish()
}

/** How a model has what a state keeps of a graph's parameters and updates: maps in blocks have whole blocks of channels. */
export function storedType(graph: Graph, block: number): (name: string, type: TensorType) => TensorType {
  const blocks = keptInBlocks(graph, block)
  return (name, type) => {
    if (!blocks.has(name)) return type
    const [n, c, ...size] = type.shape
    return { ...type, shape: [n!, filled(block, c!), ...size] }
  }
}

const inBlocks = new WeakMap<Graph, ReadonlySet<number>>()

/** Of what the parts of a graph leave for each other: the names of what is in blocks where the graph is not cut. */
function keptInBlocks({ part, parameters, updates }: Graph, block: number): ReadonlySet<string> {
  if (part === undefined || block === 0) return new Set()
  const { of, kept } = part
  const known = inBlocks.get(of) ?? valuesInBlocks(of, block)
  inBlocks.set(of, known)
  const valueBy = (name: string) => (parameters.get(name)?.value ?? updates.get(name))!
  return new Set([...kept].filter((name) => known.has(valueBy(name).id)))
}

function valuesInBlocks(graph: Graph, block: number): ReadonlySet<number> {
  const { emit, names } = lower(graph, block, {})
  return new Set([...names].filter(([, name]) => emit.blocks.has(name)).map(([id]) => id))
}

/** The nodes of a graph, what their values are called, and what goes into the model. */
function lower(graph: Graph, block: number, baked: Tensors) {
  const emit = new OnnxEmitter({ block })
  const blocks = keptInBlocks(graph, block)
  const typeOf = storedType(graph, block)
  const names = new Map<number, string>()
  const inputs: object[] = []
  for (const [name, value] of graph.inputs) {
    names.set(value.id, name)
    inputs.push(valueInfo(name, value.type))
  }
  const initializers: OnnxTensor[] = []
  for (const [name, { value }] of graph.parameters) {
    names.set(value.id, blocks.has(name) ? fromBlocks(emit, name, value.type.shape) : name)
    const tensor = baked[name]
    if (tensor === undefined) inputs.push(valueInfo(name, typeOf(name, value.type)))
    else initializers.push(initializer(name, value.type, tensor.data))
  }
  graph.constants.forEach(({ tensor, value }, i) => {
    const name = `constant.${i}`
    names.set(value.id, name)
    initializers.push(initializer(name, value.type, tensor.data))
  })

  const reads = readsOf(graph)
  for (const node of graph.nodes) {
    emit.enter(node.scope)
    const types = { inputs: node.inputs.map((v) => v.type), outputs: node.outputs.map((v) => v.type) }
    const outputs = node.op.onnx(
      emit,
      node.inputs.map(({ id }) => names.get(id)!),
      node.attributes,
      types,
    )
    node.outputs.forEach(({ id }, i) => {
      names.set(id, outputs[i]!)
      emit.noteReads(outputs[i]!, reads.get(id) ?? 0)
    })
  }
  emit.enter('')
  return { emit, names, initializers, inputs }
}

/** How often values are read, by nodes and at the end. */
function readsOf({ nodes, outputs, updates }: Graph): ReadonlyMap<number, number> {
  const reads = new Map<number, number>()
  for (const { id } of [...nodes.flatMap(({ inputs }) => inputs), ...outputs.values(), ...updates.values()])
    reads.set(id, (reads.get(id) ?? 0) + 1)
  return reads
}

const valueInfo = (name: string, type: TensorType): object => ({
  name,
  type: {
    tensorType: {
      elemType: elementTypes[type.dtype],
      shape: { dim: type.shape.map((dimValue) => ({ dimValue })) },
    },
  },
})

function initializer(name: string, type: TensorType, data: Float32Array | Int32Array): OnnxTensor {
  const expected = type.shape.reduce((size, length) => size * length, 1)
  if (data.length !== expected)
    throw new TrellisError(
      'invalid-checkpoint',
      `parameter ${name} has ${data.length} numbers, the network needs ${expected}`,
    )
  return { name, dims: type.shape, dataType: elementTypes[type.dtype], rawData: rawBytes(data) }
}
