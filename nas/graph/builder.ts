import { TrellisError } from '../errors.ts'
import { showShape, type Tensor, type TensorType } from '../tensor.ts'
import type { Graph, Node, Parameter, Value } from './graph.ts'
import { type Op, ShapeMismatch } from './op.ts'

const show = (type: TensorType): string =>
  `${type.dtype === 'float32' ? '' : type.dtype}${showShape(type.shape)}`

/** Builds a graph node by node. Every shape is checked when its node is added. */
export class GraphBuilder {
  readonly #inputs = new Map<string, Value>()
  readonly #parameters = new Map<string, { readonly parameter: Parameter; readonly value: Value }>()
  readonly #constants: { readonly tensor: Tensor; readonly value: Value }[] = []
  readonly #scalars = new Map<number, Value>()
  readonly #nodes: Node[] = []
  readonly #updates = new Map<string, Value>()
  #scope = ''
  #values = 0

  /** All nodes so far, in order. */
  get nodes(): readonly Node[] {
    return this.#nodes
  }

  get scope(): string {
    return this.#scope
  }

  get parameters(): ReadonlyMap<string, { readonly parameter: Parameter; readonly value: Value }> {
    return this.#parameters
  }

  /** A value that every run is given: a batch, a learning rate. */
  input(name: string, type: TensorType): Value {
    if (this.#inputs.has(name)) throw this.#invalid(`input ${name} is declared twice`)
    const value = this.#value(type)
    this.#inputs.set(name, value)
    return value
  }

  /** A parameter, by its full name in the current scope. The same name is the same parameter. */
  parameter(name: string, declared: Omit<Parameter, 'name'>): Value {
    const fullName = this.scoped(name)
    const known = this.#parameters.get(fullName)
    if (known !== undefined) {
      if (show(known.parameter) !== show(declared))
        throw this.#invalid(
          `parameter ${fullName} is ${show(known.parameter)} and cannot also be ${show(declared)}`,
        )
      return known.value
    }
    const value = this.#value(declared)
    this.#parameters.set(fullName, { parameter: { ...declared, name: fullName }, value })
    return value
  }

  constant(tensor: Tensor): Value {
    const value = this.#value({ dtype: tensor.dtype, shape: tensor.shape })
    this.#constants.push({ tensor, value })
    return value
  }

  scalar(number: number): Value {
    const known = this.#scalars.get(number)
    if (known !== undefined) return known
    const value = this.constant({ dtype: 'float32', shape: [], data: Float32Array.of(number) })
    this.#scalars.set(number, value)
    return value
  }

  /** What parameters are after a run, so far. */
  get updates(): ReadonlyMap<string, Value> {
    return this.#updates
  }

  /** Adds a node and returns its outputs. */
  add<A>(op: Op<A>, inputs: readonly Value[], attributes: A): readonly Value[] {
    const types = inputs.map((value) => value.type)
    let outputs: readonly Value[]
    try {
      outputs = op.infer(types, attributes).map((type) => this.#value(type))
    } catch (error) {
      if (!(error instanceof ShapeMismatch)) throw error
      throw this.#invalid(`${op.name} of ${types.map(show).join(' and ')}: ${error.message}`, error)
    }
    // Attributes are read by their own operation alone.
    this.#nodes.push({ op: op as Op<unknown>, attributes, inputs, outputs, scope: this.#scope })
    return outputs
  }

  /**
   * Puts nodes in the place of others, as early as a value of these is computed that is read elsewhere.
   * @param values those values @param build adds the nodes, and returns what is then read in place of each value
   */
  replace(replaced: readonly Node[], values: readonly Value[], build: () => readonly Value[]): void {
    const isRead = ({ outputs }: Node) => outputs.some((value) => values.includes(value))
    const place = this.#nodes.findIndex((node) => replaced.includes(node) && isRead(node))
    const [{ scope }, later] = [this.#nodes[place]!, this.#nodes.splice(place)]
    const earlier = this.#nodes.splice(0).filter((node) => !replaced.includes(node))
    const outer = this.#scope
    this.#scope = scope
    const computed = build()
    this.#scope = outer
    // They take over the names of the values, so that nothing that reads these is to be changed.
    const renamed = new Map(computed.map(({ id }, i) => [id, values[i]!]))
    const named = (value: Value) => renamed.get(value.id) ?? value
    const built = this.#nodes
      .splice(0)
      .map((node) => ({ ...node, inputs: node.inputs.map(named), outputs: node.outputs.map(named) }))
    this.#nodes.push(...earlier, ...built, ...later.filter((node) => !replaced.includes(node)))
  }

  /** Sets the value of a parameter after a run of the graph. */
  update(name: string, value: Value): void {
    this.#updates.set(name, value)
  }

  scoped(name: string): string {
    return this.#scope === '' ? name : `${this.#scope}/${name}`
  }

  /** Runs `build` in an inner scope: `cell`, then `cell/branch3`. */
  within<T>(scope: string, build: () => T): T {
    const outer = this.#scope
    this.#scope = this.scoped(scope)
    try {
      return build()
    } finally {
      this.#scope = outer
    }
  }

  /** The graph of all nodes that the outputs and updates depend on. Unused inputs stay. */
  build(outputs: Readonly<Record<string, Value>>): Graph {
    for (const name of Object.keys(outputs))
      if (this.#inputs.has(name) || this.#parameters.has(name))
        throw this.#invalid(
          `output ${name} has the name of ${this.#inputs.has(name) ? 'an input' : 'a parameter'}`,
        )
    const live = new Set([...Object.values(outputs), ...this.#updates.values()].map((value) => value.id))
    const nodes: Node[] = []
    for (let i = this.#nodes.length - 1; i >= 0; i--) {
      const node = this.#nodes[i]!
      if (!node.outputs.some((value) => live.has(value.id))) continue
      for (const value of node.inputs) live.add(value.id)
      nodes.push(node)
    }
    return {
      inputs: new Map(this.#inputs),
      parameters: new Map([...this.#parameters].filter(([, { value }]) => live.has(value.id))),
      constants: this.#constants.filter(({ value }) => live.has(value.id)),
      nodes: nodes.reverse(),
      outputs: new Map(Object.entries(outputs)),
      updates: new Map(this.#updates),
    }
  }

  #value(type: TensorType): Value {
    return { id: this.#values++, type: { dtype: type.dtype, shape: type.shape } }
  }

  #invalid(problem: string, cause?: unknown): TrellisError {
    return new TrellisError('invalid-graph', `${this.#scope === '' ? 'graph' : this.#scope}: ${problem}`, {
      cause,
    })
  }
}
