import type { DType } from '../../tensor.ts'
import { modelMessage } from './schema.ts'
import { elementTypes } from './types.ts'

/** A model that copies a tensor of any shape, from `x` to `y`: between the memories of two devices, if they lie in two. */
export function copyModel(dtype: DType): Uint8Array {
  const value = (name: string) => ({ name, type: { tensorType: { elemType: elementTypes[dtype] } } })
  return modelMessage
    .encode({
      irVersion: 7,
      opsetImport: [{ domain: '', version: 13 }],
      graph: {
        name: 'copy',
        node: [{ input: ['x'], output: ['y'], name: 'copy', opType: 'Identity', domain: '' }],
        input: [value('x')],
        output: [value('y')],
      },
    })
    .finish()
}
