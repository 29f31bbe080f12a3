import { readFileSync } from 'node:fs'
import { expect } from 'vitest'
import { modelMessage } from '../../nas/graph/onnx/schema.ts'

/** Operators of exported networks: convolutions and what stands around them, as any framework has them. */
const NETWORK = [
  ...['Conv', 'MatMul', 'BatchNormalization', 'Relu', 'Clip', 'Softmax', 'MaxPool', 'Resize'],
  ...['Add', 'Sub', 'Mul', 'Div', 'ReduceMean', 'ReduceSum', 'Sqrt', 'ArgMax', 'Cast'],
  ...['Concat', 'Slice', 'Reshape', 'Transpose', 'Shape', 'Gather', 'Range'],
  ...['And', 'Less', 'Greater', 'GreaterOrEqual', 'LessOrEqual', 'Where'],
]

/** Of what a detector does with boxes. */
const BOXES = [
  ...['NonMaxSuppression', 'TopK', 'GatherND', 'ScatterND', 'Compress', 'Expand', 'ReduceMax'],
  ...['Abs', 'Exp', 'Max', 'Min'],
]

interface Model {
  readonly irVersion: number
  readonly opsetImport: readonly object[]
  readonly graph: { readonly node: readonly { readonly domain: string; readonly opType: string }[] }
}

/** The model at a path needs a runtime of 2020, and nothing that only ONNX Runtime has (docs/model.md). */
export function expectPortable(path: string): void {
  const decoded = modelMessage.decode(readFileSync(path))
  const model = modelMessage.toObject(decoded, { longs: Number, arrays: true, defaults: true }) as Model
  expect(model.irVersion).toBe(7)
  expect(model.opsetImport).toEqual([{ domain: '', version: 13 }])
  const isPortable = (opType: string) => [...NETWORK, ...BOXES].includes(opType)
  const others = model.graph.node.filter(({ domain, opType }) => domain !== '' || !isPortable(opType))
  expect([...new Set(others.map(({ opType }) => opType))]).toEqual([])
}
