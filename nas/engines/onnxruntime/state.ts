import { showShape, sizeOf, type Tensor, type Tensors, type TensorType } from '../../tensor.ts'
import type { State } from '../engine.ts'
import type { Backend } from './backend.ts'

/** A tensor in host memory, and ONNX Runtime's view of it. */
export interface HostTensor<View> {
  readonly tensor: Tensor
  readonly view: View
}

/** State in host memory. Runs write to pooled memory; tensors that they replace return to the pool. */
export class HostState<View> implements State {
  readonly #backend: Backend<View>
  readonly #tensors = new Map<string, HostTensor<View>>()
  /** Tensors that were allocated here; others belong to the caller. */
  readonly #own = new WeakSet<HostTensor<View>>()
  /** Memory for reuse, by data type and shape. */
  readonly #pool = new Map<string, HostTensor<View>[]>()

  constructor(backend: Backend<View>, tensors: Tensors) {
    this.#backend = backend
    this.put(tensors)
  }

  get(name: string): HostTensor<View> | undefined {
    return this.#tensors.get(name)
  }

  /** A view of a tensor of the caller. Must be released. */
  view(tensor: Tensor): HostTensor<View> {
    return { tensor, view: this.#backend.view(tensor) }
  }

  /** Memory that a run can write to. Must be released, or put in the state by `replace`. */
  allocate(type: TensorType): HostTensor<View> {
    const pooled = this.#pool.get(keyOf(type))?.pop()
    if (pooled) return pooled
    const { dtype, shape } = type
    const data = new (dtype === 'float32' ? Float32Array : Int32Array)(sizeOf(shape))
    const allocated = this.view({ dtype, shape, data })
    this.#own.add(allocated)
    return allocated
  }

  replace(name: string, tensor: HostTensor<View>): void {
    this.drop([name])
    this.#tensors.set(name, tensor)
  }

  put(tensors: Tensors): void {
    for (const [name, tensor] of Object.entries(tensors)) this.replace(name, this.view(tensor))
  }

  drop(names: Iterable<string>): void {
    for (const name of names) {
      const tensor = this.#tensors.get(name)
      this.#tensors.delete(name)
      if (tensor) this.release(tensor)
    }
  }

  /** Returns memory to the pool, or releases the view of a tensor of the caller. */
  release(released: HostTensor<View>): void {
    if (!this.#own.has(released)) {
      this.#backend.release(released.view)
      return
    }
    const key = keyOf(released.tensor)
    const pool = this.#pool.get(key) ?? []
    this.#pool.set(key, pool)
    pool.push(released)
  }

  async read(): Promise<Tensors> {
    return Object.fromEntries([...this.#tensors].map(([name, { tensor }]) => [name, copy(tensor)]))
  }

  dispose(): void {
    this.drop([...this.#tensors.keys()])
    for (const { view } of [...this.#pool.values()].flat()) this.#backend.release(view)
    this.#pool.clear()
  }
}

export const copy = (tensor: Tensor): Tensor => ({ ...tensor, data: tensor.data.slice() })

const keyOf = ({ dtype, shape }: TensorType): string => `${dtype}${showShape(shape)}`
