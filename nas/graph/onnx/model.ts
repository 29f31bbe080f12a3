import { TrellisError } from '../../errors.ts'
import { sizeOf, type Tensors, type TensorType } from '../../tensor.ts'
import type { Graph } from '../graph.ts'
import { type EmittedNode, OnnxEmitter, type OnnxTensor, rawBytes } from './emitter.ts'
import { fromNchwc, paddedChannels, toNchwc } from './nchwc.ts'
import { modelMessage } from './schema.ts'
import { simplified } from './simplify.ts'
import { EXPORTED, TARGETS, type TargetName } from './targets/index.ts'
import type { Target } from './targets/target.ts'
import { elementTypes } from './types.ts'

/** Names of the axes of a value that may have any length; null for one of fixed length. */
export type Axes = readonly (string | null)[]

/** The output of a training model that is a parameter's next value. */
export const updatedName = (parameter: string): string => `${parameter}:next`

interface Options {
  /** Values of initialisers, by parameter name. Other parameters are inputs of the model. */
  readonly parameters?: Tensors
  /** Metadata for readers of the model: genotype, score, run. */
  readonly metadata?: Readonly<Record<string, string>>
  /** Whose kernels run a model of this process; the CPU's by default. */
  readonly target?: TargetName
  /** Channels of an NCHWc block, for a model that runs in this process; 0 for one of standard operators only. */
  readonly block?: number
  /**
   * Of a model that others run: the axes of its inputs and outputs, by name. A value that is not there has fixed lengths. The
   * model has sizes computed as soon as one axis may have any length.
   */
  readonly exported?: Readonly<Record<string, Axes>>
}

/**
 * A graph as an ONNX model: inputs and outputs under their own names; parameters as inputs or initialisers; the
 * next value of an updated parameter under `updatedName`, in the layout that {@link storedType} describes.
 */
export function toOnnx(graph: Graph, options: Options = {}): Uint8Array {
  const { block = 0, metadata = {}, exported } = options
  const target = exported === undefined ? TARGETS[options.target ?? 'cpu'] : EXPORTED
  const dynamic = Object.values(exported ?? {}).some((axes) => axes.some((name) => name !== null))
  const { emit, names, initializers, inputs } = lower(graph, target, { block, dynamic }, options)
  const nchwc = nchwcKept(graph, block)
  const typeOf = storedType(graph, block)
  const outputs = [
    ...[...graph.outputs].map(([name, value]) => {
      emit.output(names.get(value.id)!, name)
      return valueInfo(name, value.type, exported?.[name])
    }),
    ...[...graph.updates].map(([name, value]) => {
      const plain = names.get(value.id)!
      emit.output(nchwc.has(name) ? toNchwc(emit, plain) : plain, updatedName(name))
      return valueInfo(updatedName(name), typeOf(name, value.type))
    }),
  ]
  const results = new Set([...graph.outputs.keys(), ...[...graph.updates.keys()].map(updatedName)])
  const nodes = exported === undefined ? simplified(emit.named(), results) : emit.named()
  return modelMessage
    .encode({
      irVersion: target.irVersion,
      producerName: 'trellis',
      opsetImport: [
        { domain: '', version: target.opset },
        ...ownDomains(nodes).map((domain) => ({ domain, version: 1 })),
      ],
      graph: {
        name: 'trellis',
        node: nodes,
        initializer: [...initializers, ...emit.initializers],
        input: inputs,
        output: outputs,
      },
      metadataProps: Object.entries(metadata).map(([key, value]) => ({ key, value })),
    })
    .finish()
}

/** Of operators that are ONNX Runtime's own. */
const ownDomains = (nodes: readonly EmittedNode[]): readonly string[] =>
  [...new Set(nodes.map(({ domain }) => domain))].filter((domain) => domain !== '')

/** The types of parameters and updates in a state: maps in NCHWc have their channels padded to whole blocks. */
export function storedType(graph: Graph, block: number): (name: string, type: TensorType) => TensorType {
  const nchwc = nchwcKept(graph, block)
  return (name, type) => {
    if (!nchwc.has(name)) return type
    const [n, c, ...size] = type.shape
    return { ...type, shape: [n!, paddedChannels(block, c!), ...size] }
  }
}

const nchwcValuesOf = new WeakMap<Graph, ReadonlySet<number>>()

/** Of the activations that the parts of a graph share: the names of those that are in NCHWc where the graph is not cut. */
function nchwcKept({ part, parameters, updates }: Graph, block: number): ReadonlySet<string> {
  if (part === undefined || block === 0) return new Set()
  const { of, saved } = part
  const known = nchwcValuesOf.get(of) ?? nchwcValues(of, block)
  nchwcValuesOf.set(of, known)
  const valueBy = (name: string) => (parameters.get(name)?.value ?? updates.get(name))!
  return new Set([...saved].filter((name) => known.has(valueBy(name).id)))
}

function nchwcValues(graph: Graph, block: number): ReadonlySet<number> {
  const { emit, names } = lower(graph, TARGETS.cpu, { block, dynamic: false }, {})
  return new Set([...names].filter(([, name]) => emit.nchwc.has(name)).map(([id]) => id))
}

/** Lowers a graph: its nodes, the names of its values, its initialisers and inputs. */
function lower(
  graph: Graph,
  { opset, rules }: Target,
  layout: Pick<OnnxEmitter, 'block' | 'dynamic'>,
  { parameters: initialised = {}, exported }: Pick<Options, 'parameters' | 'exported'>,
) {
  const { block } = layout
  const emit = new OnnxEmitter({ opset, ...layout })
  const nchwc = nchwcKept(graph, block)
  const typeOf = storedType(graph, block)
  const names = new Map<number, string>()
  const inputs: object[] = []
  for (const [name, value] of graph.inputs) {
    names.set(value.id, name)
    inputs.push(valueInfo(name, value.type, exported?.[name]))
  }
  const initializers: OnnxTensor[] = []
  for (const [name, { value }] of graph.parameters) {
    names.set(value.id, nchwc.has(name) ? fromNchwc(emit, name, value.type.shape) : name)
    const tensor = initialised[name]
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
    const lowered = rules[node.op.name] ?? node.op.onnx
    const outputs = lowered(
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

/** How often values are read, by nodes, outputs and updates. */
function readsOf({ nodes, outputs, updates }: Graph): ReadonlyMap<number, number> {
  const reads = new Map<number, number>()
  for (const { id } of [...nodes.flatMap(({ inputs }) => inputs), ...outputs.values(), ...updates.values()])
    reads.set(id, (reads.get(id) ?? 0) + 1)
  return reads
}

const valueInfo = (name: string, type: TensorType, axes: Axes = []): object => ({
  name,
  type: {
    tensorType: {
      elemType: elementTypes[type.dtype],
      shape: {
        dim: type.shape.map((dimValue, i) => (axes[i] == null ? { dimValue } : { dimParam: axes[i] })),
      },
    },
  },
})

function initializer(name: string, type: TensorType, data: Float32Array | Int32Array): OnnxTensor {
  const expected = sizeOf(type.shape)
  if (data.length !== expected)
    throw new TrellisError(
      'invalid-checkpoint',
      `parameter ${name} has ${data.length} numbers, the network needs ${expected}`,
    )
  return { name, dims: type.shape, dataType: elementTypes[type.dtype], rawData: rawBytes(data) }
}
