import { showShape, sizeOf, type Tensor, type Tensors, type TensorType } from '../../tensor.ts'
import type { State } from '../engine.ts'
import type { Backend } from './backend.ts'

/** A tensor in host memory, as we and as ONNX Runtime see it. */
export interface Kept<View> {
  readonly tensor: Tensor
  readonly view: View
}

/**
 * State in host memory. A run writes into memory that is spare by then, and what it replaces is spare for the next.
 */
export class HostState<View> implements State {
  readonly #backend: Backend<View>
  readonly #kept = new Map<string, Kept<View>>()
  /** Made here, and so free to be written again. */
  readonly #own = new WeakSet<Kept<View>>()
  /** By data type and shape. */
  readonly #spare = new Map<string, Kept<View>[]>()

  constructor(backend: Backend<View>, tensors: Tensors) {
    this.#backend = backend
    this.put(tensors)
  }

  get(name: string): Kept<View> | undefined {
    return this.#kept.get(name)
  }

  /** The memory of a tensor that others made. To be freed. */
  view(tensor: Tensor): Kept<View> {
    return { tensor, view: this.#backend.view(tensor) }
  }

  /** Memory for a run to write to. To be freed, or kept. */
  spare(type: TensorType): Kept<View> {
    const known = this.#spare.get(keyOf(type))?.pop()
    if (known) return known
    const { dtype, shape } = type
    const data = new (dtype === 'float32' ? Float32Array : Int32Array)(sizeOf(shape))
    const made = this.view({ dtype, shape, data })
    this.#own.add(made)
    return made
  }

  replace(name: string, kept: Kept<View>): void {
    this.drop([name])
    this.#kept.set(name, kept)
  }

  put(tensors: Tensors): void {
    for (const [name, tensor] of Object.entries(tensors)) this.replace(name, this.view(tensor))
  }

  drop(names: Iterable<string>): void {
    for (const name of names) {
      const kept = this.#kept.get(name)
      this.#kept.delete(name)
      if (kept) this.free(kept)
    }
  }

  /** What was kept, or spare, is spare again; views of the memory of others are let go. */
  free(kept: Kept<View>): void {
    if (!this.#own.has(kept)) {
      this.#backend.release(kept.view)
      return
    }
    const key = keyOf(kept.tensor)
    const spare = this.#spare.get(key) ?? []
    this.#spare.set(key, spare)
    spare.push(kept)
  }

  async read(): Promise<Tensors> {
    return Object.fromEntries([...this.#kept].map(([name, { tensor }]) => [name, copy(tensor)]))
  }

  dispose(): void {
    this.drop([...this.#kept.keys()])
    for (const { view } of [...this.#spare.values()].flat()) this.#backend.release(view)
    this.#spare.clear()
  }
}

export const copy = (tensor: Tensor): Tensor => ({ ...tensor, data: tensor.data.slice() })

const keyOf = ({ dtype, shape }: TensorType): string => `${dtype}${showShape(shape)}`
