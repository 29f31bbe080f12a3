import type { Graph } from '../../../../../nas/graph/graph.ts'
import { toOnnx } from '../../../../../nas/graph/onnx/model.ts'
import { modelMessage } from '../../../../../nas/graph/onnx/schema.ts'
import { cuda } from '../../../../../nas/graph/onnx/targets/cuda/index.ts'
import { CUDA_KERNELS } from './cuda-kernels.ts'

interface Decoded {
  readonly opsetImport: readonly { readonly domain?: string; readonly version: number }[]
  readonly graph: {
    readonly node: readonly {
      readonly opType: string
      readonly domain?: string
      readonly input: readonly string[]
      readonly output: readonly string[]
      readonly attribute?: readonly { readonly name: string; readonly i?: number }[]
    }[]
    readonly input: readonly {
      readonly name: string
      readonly type: { readonly tensorType: { readonly elemType: number } }
    }[]
    readonly initializer?: readonly { readonly name: string; readonly dataType: number }[]
  }
}

/** TensorProto.DataType, by the letters of the table. */
const LETTERS: Readonly<Record<number, string>> = { 1: 'f', 6: 'i', 7: 'l', 9: 'b' }

const OF_BOOL = ['Equal', 'Greater', 'GreaterOrEqual', 'Less', 'LessOrEqual', 'And', 'Not']
const OF_INDICES = ['ArgMax', 'Shape', 'NonMaxSuppression']
/** Their second output has indices. */
const WITH_INDICES = ['TopK', 'MaxPool']

/** Nodes of a graph that is lowered for CUDA for which ONNX Runtime has no CUDA kernel: operator and type, each once. */
export function missingKernels(graph: Graph): readonly string[] {
  const bytes = toOnnx(graph, { target: cuda })
  const model = modelMessage.toObject(modelMessage.decode(bytes), { longs: Number, arrays: true })
  const { opsetImport, graph: lowered } = model as Decoded
  if (opsetImport.length !== 1 || opsetImport[0]!.version !== 17)
    return ['an operator set that is not ONNX 17']
  const types = new Map([
    ...lowered.input.map(({ name, type }) => [name, LETTERS[type.tensorType.elemType]!] as const),
    ...lowered.initializer!.map(({ name, dataType }) => [name, LETTERS[dataType]!] as const),
  ])
  const missing = new Set<string>()
  for (const { opType, domain, input, output, attribute } of lowered.node) {
    const type = types.get(input[opType === 'Where' ? 1 : 0]!)!
    const result = resultType(opType, type, attribute)
    output.forEach((name, i) => {
      types.set(name, i === 1 && WITH_INDICES.includes(opType) ? 'l' : result)
    })
    if (domain || !hasKernel(opType, type)) missing.add(`${opType} of ${type}`)
  }
  return [...missing]
}

function resultType(opType: string, type: string, attributes: Decoded['graph']['node'][number]['attribute']) {
  if (OF_BOOL.includes(opType)) return 'b'
  if (OF_INDICES.includes(opType)) return 'l'
  if (opType !== 'Cast') return type
  return LETTERS[attributes!.find(({ name }) => name === 'to')!.i!]!
}

function hasKernel(opType: string, type: string): boolean {
  const known = CUDA_KERNELS[opType]
  if (!known?.types.includes(type)) return false
  const { since, versions } = known
  const [from, to] = versions
  return to === undefined ? since === from : from <= since && since <= to
}
