import type { Tensor, Tensors } from '../../tensor.ts'
import type { Uploaded } from '../engine.ts'
import type { Value } from './backend.ts'
import type { DeviceMemory } from './device-memory.ts'

/** Copies of tensors of the host, which runs read in their place until they are released. */
export class Uploads {
  readonly #memory: DeviceMemory
  readonly #copies = new WeakMap<Tensor, Value>()

  constructor(memory: DeviceMemory) {
    this.#memory = memory
  }

  get(tensor: Tensor): Value | undefined {
    return this.#copies.get(tensor)
  }

  /** Copies while programs run. */
  async upload(tensors: Tensors): Promise<Uploaded> {
    const copied: (readonly [Tensor, Value])[] = []
    const release = () => {
      for (const [tensor, copy] of copied) {
        // A later upload of the same tensor has another copy.
        if (this.#copies.get(tensor) === copy) this.#copies.delete(tensor)
        this.#memory.release(copy)
      }
    }
    try {
      for (const tensor of Object.values(tensors)) {
        const copy = await this.#memory.copy(tensor)
        copied.push([tensor, copy])
        this.#copies.set(tensor, copy)
      }
    } catch (cause) {
      release()
      throw cause
    }
    return { release }
  }
}
