import { TrellisError } from '../../errors.ts'
import { sizeOf, type Tensors, type TensorType } from '../../tensor.ts'
import type { Graph } from '../graph.ts'
import { type EmittedNode, OnnxEmitter, type OnnxTensor, rawBytes } from './emitter.ts'
import { modelMessage } from './schema.ts'
import { simplified } from './simplify.ts'
import { cpu } from './targets/cpu/index.ts'
import { EXPORTED } from './targets/exported.ts'
import type { Layout, Target } from './targets/target.ts'
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
  /** Whose kernels run a model of this process; the CPU's, without a layout of their own, by default. */
  readonly target?: Target
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
  const { metadata = {}, exported } = options
  const target = exported === undefined ? (options.target ?? cpu(0)) : EXPORTED
  const dynamic = Object.values(exported ?? {}).some((axes) => axes.some((name) => name !== null))
  const { emit, names, initializers, inputs } = lower(graph, target, dynamic, options)
  const kept = keptInLayout(graph, target)
  const typeOf = storedType(graph, target)
  const outputs = [
    ...[...graph.outputs].map(([name, value]) => {
      emit.output(names.get(value.id)!, name)
      return valueInfo(name, value.type, exported?.[name])
    }),
    ...[...graph.updates].map(([name, value]) => {
      const plain = names.get(value.id)!
      emit.output(kept?.has(name) ? kept.layout.store(emit, plain) : plain, updatedName(name))
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

/** The types of parameters and updates in a state, some of which a target has in a layout of its own. */
export function storedType(graph: Graph, target: Target): (name: string, type: TensorType) => TensorType {
  const kept = keptInLayout(graph, target)
  return (name, type) => (kept?.has(name) ? kept.layout.typeOf(type) : type)
}

const valuesInLayout = new WeakMap<Layout, WeakMap<Graph, ReadonlySet<number>>>()

/** Of the activations that the parts of a graph share: those that are in the target's layout where the graph is not cut. */
function keptInLayout({ part, parameters, updates }: Graph, target: Target) {
  const { layout } = target
  if (part === undefined || layout === undefined) return undefined
  const { of, saved } = part
  const cache = valuesInLayout.get(layout) ?? new WeakMap<Graph, ReadonlySet<number>>()
  valuesInLayout.set(layout, cache)
  const known = cache.get(of) ?? valuesIn(layout, of, target)
  cache.set(of, known)
  const valueBy = (name: string) => (parameters.get(name)?.value ?? updates.get(name))!
  return { layout, has: (name: string) => saved.has(name) && known.has(valueBy(name).id) }
}

function valuesIn(layout: Layout, graph: Graph, target: Target): ReadonlySet<number> {
  const { emit, names } = lower(graph, target, false, {})
  return new Set([...names].filter(([, name]) => layout.has(emit, name)).map(([id]) => id))
}

/** Lowers a graph: its nodes, the names of its values, its initialisers and inputs. */
function lower(
  graph: Graph,
  target: Target,
  dynamic: boolean,
  { parameters: initialised = {}, exported }: Pick<Options, 'parameters' | 'exported'>,
) {
  const { opset, rules, layout } = target
  const emit = layout?.emitter({ opset, dynamic }) ?? new OnnxEmitter({ opset, dynamic })
  const kept = keptInLayout(graph, target)
  const typeOf = storedType(graph, target)
  const names = new Map<number, string>()
  const declared: object[] = []
  for (const [name, value] of graph.inputs) {
    names.set(value.id, name)
    declared.push(valueInfo(name, value.type, exported?.[name]))
  }
  const initializers: OnnxTensor[] = []
  for (const [name, { value }] of graph.parameters) {
    names.set(value.id, kept?.has(name) ? kept.layout.load(emit, name, value.type.shape) : name)
    const tensor = initialised[name]
    if (tensor === undefined) declared.push(valueInfo(name, typeOf(name, value.type)))
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
    const inputs = node.inputs.map(({ id }) => names.get(id)!)
    const outputs =
      rules[node.op.name]?.(emit, inputs, node.attributes, types) ??
      node.op.onnx(emit, inputs, node.attributes, types)
    node.outputs.forEach(({ id }, i) => {
      names.set(id, outputs[i]!)
      emit.noteReads(outputs[i]!, reads.get(id) ?? 0)
    })
  }
  emit.enter('')
  return { emit, names, initializers, inputs: declared }
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
