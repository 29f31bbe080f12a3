import { attributeTypes, elementTypes } from './types.ts'

type Attribute =
  | number
  | string
  | readonly number[]
  | { readonly float: number }
  | { readonly floats: readonly number[] }
export type OnnxAttributes = Readonly<Record<string, Attribute>>

export interface OnnxTensor {
  readonly name: string
  readonly dims: readonly number[]
  readonly dataType: number
  readonly rawData: Uint8Array
}

interface NodeOptions {
  /** Number of outputs; 1 by default. */
  readonly outputs?: number
  /** Operator set other than ONNX's own, e.g. `com.microsoft`. */
  readonly domain?: string
  /** The name of the output; a new name by default. */
  readonly as?: string
}

export const rawBytes = (data: Float32Array | Int32Array | BigInt64Array): Uint8Array =>
  new Uint8Array(data.buffer, data.byteOffset, data.byteLength)

interface EncodedAttribute {
  readonly name: string
  readonly type: number
  readonly [value: string]: unknown
}

export interface EmittedNode {
  readonly input: readonly string[]
  readonly output: readonly string[]
  readonly name: string
  readonly opType: string
  readonly attribute: EncodedAttribute[]
  readonly domain: string
}

/** Collects ONNX nodes while the operations of a graph are lowered. A number attribute is an integer unless given as `{float}`. */
export class OnnxEmitter {
  readonly nodes: EmittedNode[] = []
  readonly initializers: OnnxTensor[] = []
  readonly #constants = new Map<string, string>()
  /** The outputs of all nodes. */
  readonly #given = new Set<string>()
  /** Names of the graph's outputs, by value. */
  readonly #outputs = new Map<string, string>()
  readonly #lazy = new Map<string, (name: string) => void>()
  readonly #reads = new Map<string, number>()
  #scope = ''
  #names = 0
  /** Version of ONNX's operators. */
  readonly opset: number
  /** Whether the batch, height and width of maps may differ from those of the graph: constants must not hold them. */
  readonly dynamic: boolean

  constructor({ opset, dynamic }: Pick<OnnxEmitter, 'opset' | 'dynamic'>) {
    this.opset = opset
    this.dynamic = dynamic
  }

  /** Sets the scope in the names of the nodes that follow. */
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

  /** Adds a node with several outputs and returns their names. */
  multi(
    opType: string,
    inputs: readonly string[],
    attributes: OnnxAttributes,
    options: NodeOptions,
  ): string[] {
    for (const input of inputs) this.#make(input)
    const id = this.#names++
    const first = options.as ?? `v${id}`
    const output = Array.from({ length: options.outputs ?? 1 }, (_, i) => (i === 0 ? first : `${first}.${i}`))
    const name = `${this.#scope === '' ? '' : `${this.#scope}/`}${opType}.${id}`
    const attribute = Object.entries(attributes).map(([key, value]) => encodeAttribute(key, value))
    for (const value of output) this.#given.add(value)
    this.nodes.push({ input: inputs, output, name, opType, attribute, domain: options.domain ?? '' })
    return output
  }

  /** A value that may not be read. @param make adds its node, before the first node that reads it */
  lazy(make: (name: string) => void): string {
    const name = `v${this.#names++}`
    this.#lazy.set(name, make)
    return name
  }

  #make(value: string): void {
    const make = this.#lazy.get(value)
    this.#lazy.delete(value)
    make?.(value)
  }

  /** Adds to the count of reads of a value. One name may stand for several values of the graph. */
  noteReads(value: string, times: number): void {
    this.#reads.set(value, this.reads(value) + times)
  }

  reads(value: string): number {
    return this.#reads.get(value) ?? 0
  }

  /** Adds attributes to the node of a value. @returns false where it has another type, or one of the attributes */
  amend(value: string, opType: string, attributes: OnnxAttributes): boolean {
    const node = this.nodes.findLast(({ output }) => output.includes(value))
    if (node?.opType !== opType || node.attribute.some(({ name }) => name in attributes)) return false
    node.attribute.push(...Object.entries(attributes).map(([key, each]) => encodeAttribute(key, each)))
    return true
  }

  /** Makes a value an output of the graph by renaming it in its node: a copy would be a pass over memory. */
  output(value: string, name: string): void {
    this.#make(value)
    if (this.#given.has(value) && !this.#outputs.has(value)) this.#outputs.set(value, name)
    else
      this.nodes.push({ input: [value], output: [name], name, opType: 'Identity', attribute: [], domain: '' })
  }

  /** All nodes, with the names of the graph's outputs. */
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

  int64s(shape: readonly number[], values: readonly number[]): string {
    return this.#constant(elementTypes.int64, shape, rawBytes(BigInt64Array.from(values, BigInt)))
  }

  /** A 64-bit integer scalar. */
  int(value: number): string {
    return this.#constant(elementTypes.int64, [], rawBytes(BigInt64Array.of(BigInt(value))))
  }

  /** A float32 scalar. */
  float(value: number): string {
    return this.#constant(elementTypes.float32, [], rawBytes(Float32Array.of(value)))
  }

  floats(shape: readonly number[], values: Float32Array): string {
    return this.#constant(elementTypes.float32, shape, rawBytes(values))
  }

  /** A float32 constant that one node alone reads. */
  ownFloats(shape: readonly number[], values: Float32Array): string {
    const name = `v${this.#names++}`
    this.initializers.push({ name, dims: shape, dataType: elementTypes.float32, rawData: rawBytes(values) })
    return name
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

function encodeAttribute(name: string, value: Attribute): EncodedAttribute {
  if (typeof value === 'number') return { name, i: value, type: attributeTypes.int }
  if (typeof value === 'string') return { name, s: Buffer.from(value), type: attributeTypes.string }
  if (Array.isArray(value)) return { name, ints: value, type: attributeTypes.ints }
  if ('floats' in value) return { name, floats: value.floats, type: attributeTypes.floats }
  return { name, f: (value as { readonly float: number }).float, type: attributeTypes.float }
}
