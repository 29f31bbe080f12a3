import type { Tensors } from '../../tensor.ts'
import type { State } from '../engine.ts'
import type { Backend, HostValue, Value } from './backend.ts'
import { Pool } from './pool.ts'

/** State in the memory of a backend. Runs write to pooled memory; tensors that they replace return to the pool. */
export class PooledState implements State {
  readonly #values = new Map<string, Value>()
  readonly pool: Pool<Value>
  /** What runs write for the host. */
  readonly results: Pool<HostValue>

  constructor({ host, memory }: Backend, tensors: Tensors) {
    this.results = new Pool(host)
    this.pool = memory === host ? this.results : new Pool(memory)
    try {
      this.put(tensors)
    } catch (cause) {
      this.dispose()
      throw cause
    }
  }

  get(name: string): Value | undefined {
    return this.#values.get(name)
  }

  replace(name: string, value: Value): void {
    this.drop([name])
    this.#values.set(name, value)
  }

  put(tensors: Tensors): void {
    for (const [name, tensor] of Object.entries(tensors)) this.replace(name, this.pool.memory.place(tensor))
  }

  drop(names: Iterable<string>): void {
    for (const name of names) {
      const value = this.#values.get(name)
      this.#values.delete(name)
      if (value) this.pool.release(value)
    }
  }

  async read(): Promise<Tensors> {
    const read = [...this.#values].map(
      async ([name, value]) => [name, await this.pool.memory.read(value)] as const,
    )
    return Object.fromEntries(await Promise.all(read))
  }

  dispose(): void {
    this.drop([...this.#values.keys()])
    this.pool.dispose()
    this.results.dispose()
  }
}
