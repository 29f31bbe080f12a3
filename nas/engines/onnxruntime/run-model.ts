import { type DType, sizeOf, type Tensor, type Tensors } from '../../tensor.ts'
import { type CApi, cApi, cStrings, type Pointer } from './c-api.ts'
import { ELEMENT, hostMemory, hostMemoryInfo } from './host.ts'
import { createEnvironment, ERROR } from './session.ts'

/**
 * Runs an exported ONNX model once, with ONNX Runtime's defaults, as its users will.
 * @param inputs may have more than the model reads
 */
export async function runModel(model: Uint8Array, inputs: Tensors): Promise<Tensors> {
  const api = cApi()
  const options = api.make('createSessionOptions')
  api.call('setSeverity', options, ERROR)
  const session = await api.createSession(createEnvironment(api), model, model.byteLength, options)
  const [inputNames, names] = [namesOf(api, session, 'Input'), namesOf(api, session, 'Output')]
  const memory = hostMemory(api, hostMemoryInfo(api))
  const values = inputNames.map((name) => memory.place(inputs[name]!))
  const given = { names: cStrings(inputNames), values: BigUint64Array.from(values, (v) => v.pointer) }
  // ONNX Runtime allocates results whose pointers are null: their shapes may depend on the inputs.
  const results = { names: cStrings(names), values: new BigUint64Array(names.length) }
  await api.run(
    session,
    null,
    given.names.addresses,
    given.values,
    values.length,
    results.names.addresses,
    names.length,
    results.values,
  )
  const tensors = names.map((name, i) => [name, tensorOf(api, results.values[i]!)] as const)
  for (const value of values) memory.release(value)
  for (const pointer of results.values) api.call('releaseTensor', pointer)
  api.call('releaseSession', session)
  api.call('releaseSessionOptions', options)
  return Object.fromEntries(tensors)
}

function namesOf(api: CApi, session: Pointer, kind: 'Input' | 'Output'): readonly string[] {
  const allocator = api.make('defaultAllocator')
  return Array.from({ length: Number(api.make(`count${kind}s`, session)) }, (_, i) => {
    const name = api.make(kind === 'Input' ? 'inputName' : 'outputName', session, i, allocator)
    const text = api.text(name)
    api.call('free', allocator, name)
    return text
  })
}

/** A copy of a tensor that ONNX Runtime has allocated. */
function tensorOf(api: CApi, pointer: Pointer): Tensor {
  const info = api.make('tensorInfo', pointer)
  const type = Number(api.make('elementType', info))
  const dimensions = new BigInt64Array(Number(api.make('rank', info)))
  api.call('dimensions', info, dimensions, dimensions.length)
  api.call('releaseTensorInfo', info)
  const shape = [...dimensions].map(Number)
  const dtype = (Object.keys(ELEMENT) as DType[]).find((each) => ELEMENT[each] === type)
  if (dtype === undefined)
    throw new Error(`a result has the data type ${type}, which no output of a network has`)
  const bytes = api.memory(api.make('tensorData', pointer), 4 * sizeOf(shape))
  return { dtype, shape, data: new (dtype === 'float32' ? Float32Array : Int32Array)(bytes).slice() }
}
