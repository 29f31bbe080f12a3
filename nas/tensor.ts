export type DType = 'float32' | 'int32'

/** A tensor without its numbers. A scalar has shape []. */
export interface TensorType {
  readonly dtype: DType
  readonly shape: readonly number[]
}

/** A tensor in host memory, row-major. */
export interface Tensor extends TensorType {
  readonly data: Float32Array | Int32Array
}

/** Tensors by name: a state, a batch, a checkpoint. */
export type Tensors = Readonly<Record<string, Tensor>>

export const sizeOf = (shape: readonly number[]): number => shape.reduce((size, length) => size * length, 1)

export const sameShape = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((length, i) => length === b[i])

export const showShape = (shape: readonly number[]): string => `[${shape.join('x')}]`

export const float32 = (shape: readonly number[], data: Float32Array | readonly number[]): Tensor => ({
  dtype: 'float32',
  shape,
  data: data instanceof Float32Array ? data : Float32Array.from(data),
})

export const int32 = (shape: readonly number[], data: Int32Array | readonly number[]): Tensor => ({
  dtype: 'int32',
  shape,
  data: data instanceof Int32Array ? data : Int32Array.from(data),
})
