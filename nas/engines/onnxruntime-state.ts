import type { Tensor as OrtTensor } from 'onnxruntime-node'
import { sizeOf, type Tensor, type Tensors, type TensorType } from '../tensor.ts'
import type { State } from './engine.ts'

/**
 * State as ONNX Runtime tensors over host memory. A run writes into memory that is spare by then, and what it replaces is
 * spare for the next: left to itself, ONNX Runtime's library hands every result over as a copy in new memory.
 */
export class OrtState implements State {
  readonly #fromHost: (tensor: Tensor) => OrtTensor
  readonly #tensors = new Map<string, OrtTensor>()
  /** Made here, and so free to be written again. */
  readonly #own = new WeakSet<OrtTensor>()
  /** By data type and number of elements. */
  readonly #spare = new Map<string, (Float32Array | Int32Array)[]>()

  constructor(fromHost: (tensor: Tensor) => OrtTensor, tensors: Tensors) {
    this.#fromHost = fromHost
    this.put(tensors)
  }

  get(name: string): OrtTensor | undefined {
    return this.#tensors.get(name)
  }

  /** Memory for a run to write to. */
  spare({ dtype, shape }: TensorType): OrtTensor {
    const size = sizeOf(shape)
    const data =
      this.#spare.get(`${dtype}:${size}`)?.pop() ??
      new (dtype === 'float32' ? Float32Array : Int32Array)(size)
    const tensor = this.#fromHost({ dtype, shape, data })
    this.#own.add(tensor)
    return tensor
  }

  replace(name: string, tensor: OrtTensor): void {
    this.drop([name])
    this.#tensors.set(name, tensor)
  }

  put(tensors: Tensors): void {
    for (const [name, tensor] of Object.entries(tensors)) this.replace(name, this.#fromHost(tensor))
  }

  drop(names: Iterable<string>): void {
    for (const name of names) {
      const tensor = this.#tensors.get(name)
      this.#tensors.delete(name)
      if (tensor === undefined || !this.#own.has(tensor)) continue
      const key = `${tensor.type}:${tensor.size}`
      const spare = this.#spare.get(key) ?? []
      this.#spare.set(key, spare)
      spare.push(tensor.data as Float32Array | Int32Array)
    }
  }

  async read(): Promise<Tensors> {
    return Object.fromEntries([...this.#tensors].map(([name, tensor]) => [name, toHost(tensor, true)]))
  }

  dispose(): void {
    this.#tensors.clear()
    this.#spare.clear()
  }
}

export function toHost(tensor: OrtTensor, copied: boolean): Tensor {
  const data = tensor.data as Float32Array | Int32Array
  return { dtype: tensor.type as Tensor['dtype'], shape: tensor.dims, data: copied ? data.slice() : data }
}
