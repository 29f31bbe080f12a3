import { attributeTypes, elementTypes } from './schema.ts'

type Attribute = number | string | readonly number[] | { readonly float: number }
export type OnnxAttributes = Readonly<Record<string, Attribute>>

export interface OnnxTensor {
  readonly name: string
  readonly dims: readonly number[]
  readonly dataType: number
  readonly rawData: Uint8Array
}

interface NodeOptions {
  /** Number of outputs, 1 unless told. */
  readonly outputs?: number
  /** Operator set other than ONNX's own, e.g. `com.microsoft`. */
  readonly domain?: string
}

export const rawBytes = (data: Float32Array | Int32Array | BigInt64Array): Uint8Array =>
  new Uint8Array(data.buffer, data.byteOffset, data.byteLength)

interface EmittedNode {
  readonly input: readonly string[]
  readonly output: readonly string[]
  readonly name: string
  readonly opType: string
  readonly attribute: readonly object[]
  readonly domain: string
}

/** Collects ONNX nodes while the operations of a graph lower themselves. A number attribute is an integer unless given as `{float}`. */
export class OnnxEmitter {
  readonly nodes: EmittedNode[] = []
  readonly initializers: OnnxTensor[] = []
  readonly #constants = new Map<string, string>()
  readonly #shared = new Map<string, string>()
  /** All that nodes give. */
  readonly #given = new Set<string>()
  /** Names of outputs, by the values that they name. */
  readonly #outputs = new Map<string, string>()
  #scope = ''
  #names = 0
  /** Whether ONNX Runtime's own blocked operators may be used: to run here and now, not to be taken away. */
  readonly blocked: boolean

  constructor(options: { readonly blocked: boolean }) {
    this.blocked = options.blocked
  }

  /** Names the nodes that follow, for people who open the model. */
  enter(scope: string): void {
    this.#scope = scope
  }

  /** Adds a node with one output and returns its name. An input '' is an omitted optional one. */
  node(
    opType: string,
    inputs: readonly string[],
    attributes: OnnxAttributes = {},
    options: NodeOptions = {},
  ): string {
    return this.multi(opType, inputs, attributes, options)[0]!
  }

  /** The same node again where it was added before: ONNX Runtime unites only nodes of ONNX's own operator set. */
  shared(opType: string, inputs: readonly string[], options: NodeOptions = {}): string {
    const key = `${opType}:${inputs}`
    const known = this.#shared.get(key)
    if (known !== undefined) return known
    const output = this.node(opType, inputs, {}, options)
    this.#shared.set(key, output)
    return output
  }

  /** Adds a node with several outputs and returns their names. */
  multi(
    opType: string,
    inputs: readonly string[],
    attributes: OnnxAttributes,
    options: NodeOptions,
  ): string[] {
    const id = this.#names++
    const output = Array.from({ length: options.outputs ?? 1 }, (_, i) => `v${id}${i === 0 ? '' : `.${i}`}`)
    const name = `${this.#scope === '' ? '' : `${this.#scope}/`}${opType}.${id}`
    const attribute = Object.entries(attributes).map(([key, value]) => encodeAttribute(key, value))
    for (const value of output) this.#given.add(value)
    this.nodes.push({ input: inputs, output, name, opType, attribute, domain: options.domain ?? '' })
    return output
  }

  /** Makes a value an output of the graph. The node that gives it gives it by that name: a copy would cost a walk over memory. */
  output(value: string, name: string): void {
    if (this.#given.has(value) && !this.#outputs.has(value)) this.#outputs.set(value, name)
    else
      this.nodes.push({ input: [value], output: [name], name, opType: 'Identity', attribute: [], domain: '' })
  }

  /** All nodes, by the names that outputs have. */
  named(): readonly EmittedNode[] {
    const nameOf = (value: string) => this.#outputs.get(value) ?? value
    return this.nodes.map((node) => ({
      ...node,
      input: node.input.map(nameOf),
      output: node.output.map(nameOf),
    }))
  }

  /** A 64-bit integer constant: shapes, axes, indices. */
  ints(values: readonly number[]): string {
    return this.#constant(elementTypes.int64, [values.length], rawBytes(BigInt64Array.from(values, BigInt)))
  }

  /** A float32 scalar. */
  float(value: number): string {
    return this.#constant(elementTypes.float32, [], rawBytes(Float32Array.of(value)))
  }

  floats(shape: readonly number[], values: Float32Array): string {
    return this.#constant(elementTypes.float32, shape, rawBytes(values))
  }

  int32s(shape: readonly number[], values: Int32Array): string {
    return this.#constant(elementTypes.int32, shape, rawBytes(values))
  }

  #constant(dataType: number, dims: readonly number[], rawData: Uint8Array): string {
    const key = `${dataType}:${dims}:${Buffer.from(rawData).toString('base64')}`
    const known = this.#constants.get(key)
    if (known !== undefined) return known
    const name = `c${this.#constants.size}`
    this.#constants.set(key, name)
    this.initializers.push({ name, dims, dataType, rawData })
    return name
  }
}

function encodeAttribute(name: string, value: Attribute): object {
  if (typeof value === 'number') return { name, i: value, type: attributeTypes.int }
  if (typeof value === 'string') return { name, s: Buffer.from(value), type: attributeTypes.string }
  if (Array.isArray(value)) return { name, ints: value, type: attributeTypes.ints }
  return { name, f: (value as { readonly float: number }).float, type: attributeTypes.float }
}
