import { showShape, type Tensor, type TensorType } from '../../tensor.ts'
import type { Memory, Value } from './backend.ts'

/** Memory for reuse: a run needs what the one before has left. */
export class Pool<V extends Value> {
  readonly memory: Memory<V>
  /** Values that were allocated here; others belong to the caller. */
  readonly #own = new WeakSet<V>()
  /** By data type and shape. */
  readonly #free = new Map<string, V[]>()

  constructor(memory: Memory<V>) {
    this.memory = memory
  }

  /** What a run can write to. Must be released. */
  allocate(type: TensorType): V {
    const pooled = this.#free.get(keyOf(type))?.pop()
    if (pooled) return pooled
    const allocated = this.memory.allocate({ dtype: type.dtype, shape: type.shape })
    this.#own.add(allocated)
    return allocated
  }

  /** Keeps memory for reuse, or releases the value of a tensor of the caller. */
  release(released: V): void {
    if (!this.#own.has(released)) {
      this.memory.release(released)
      return
    }
    const key = keyOf(released.type)
    const free = this.#free.get(key) ?? []
    this.#free.set(key, free)
    free.push(released)
  }

  dispose(): void {
    for (const value of [...this.#free.values()].flat()) this.memory.release(value)
    this.#free.clear()
  }
}

export const copy = (tensor: Tensor): Tensor => ({ ...tensor, data: tensor.data.slice() })

const keyOf = ({ dtype, shape }: TensorType): string => `${dtype}${showShape(shape)}`
