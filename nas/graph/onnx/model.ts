import { TrellisError } from '../../errors.ts'
import type { Tensors, TensorType } from '../../tensor.ts'
import type { Graph, Value } from '../graph.ts'
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
  /** Whether to use operators of ONNX Runtime's CPU library that no other runtime knows. */
  readonly blocked?: boolean
}

/**
 * A graph as an ONNX model (opset 20): inputs and outputs under their own names; parameters as inputs or baked in;
 * the next value of an updated parameter under `updatedName`.
 */
export function toOnnx(graph: Graph, options: Options = {}): Uint8Array {
  const baked = options.parameters ?? {}
  const emit = new OnnxEmitter({ blocked: options.blocked ?? false })
  const names = new Map<number, string>()
  const nameOf = (value: Value) => names.get(value.id)!

  const inputs: object[] = []
  for (const [name, value] of graph.inputs) {
    names.set(value.id, name)
    inputs.push(valueInfo(name, value.type))
  }
  const initializers: OnnxTensor[] = []
  for (const [name, { value }] of graph.parameters) {
    names.set(value.id, name)
    const tensor = baked[name]
    if (tensor === undefined) inputs.push(valueInfo(name, value.type))
    else initializers.push(initializer(name, value.type, tensor.data))
  }
  graph.constants.forEach(({ tensor, value }, i) => {
    const name = `constant.${i}`
    names.set(value.id, name)
    initializers.push(initializer(name, value.type, tensor.data))
  })

  for (const node of graph.nodes) {
    emit.enter(node.scope)
    const types = { inputs: node.inputs.map((v) => v.type), outputs: node.outputs.map((v) => v.type) }
    const outputs = node.op.onnx(emit, node.inputs.map(nameOf), node.attributes, types)
    node.outputs.forEach((value, i) => {
      names.set(value.id, outputs[i]!)
    })
  }

  emit.enter('')
  const outputs = [
    ...graph.outputs,
    ...[...graph.updates].map(([name, value]) => [updatedName(name), value] as const),
  ].map(([name, value]) => {
    emit.output(nameOf(value), name)
    return valueInfo(name, value.type)
  })

  return modelMessage
    .encode({
      irVersion,
      producerName: 'trellis',
      opsetImport: [
        { domain: '', version: opset },
        ...(options.blocked ? [{ domain: 'com.microsoft.nchwc', version: 1 }] : []),
      ],
      graph: {
        name: 'trellis',
        node: emit.named(),
        initializer: [...initializers, ...emit.initializers],
        input: inputs,
        output: outputs,
      },
      metadataProps: Object.entries(options.metadata ?? {}).map(([key, value]) => ({ key, value })),
    })
    .finish()
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
