import { type DType, sizeOf, type Tensor } from '../../tensor.ts'
import type { HostValue, Memory, Value } from './backend.ts'
import type { CApi, Pointer } from './c-api.ts'
import { ELEMENT } from './host.ts'
import type { BlockingSession } from './session.ts'

interface Access {
  /** OrtAllocator of the memory. Must outlive all values. */
  readonly allocator: Pointer
  readonly host: Memory<HostValue>
  /** Models that copy from x to y, wherever these lie. */
  readonly copies: Readonly<Record<DType, BlockingSession>>
}

export interface DeviceMemory extends Memory {
  /** As `place`, on another thread. */
  copy(tensor: Tensor): Promise<Value>
}

/** Memory of a device. */
export function deviceMemory(api: CApi, { allocator, host, copies }: Access): DeviceMemory {
  const allocate = (type: Value['type']): Value => {
    const { dtype, shape } = type
    const dimensions = BigInt64Array.from(shape, BigInt)
    const pointer = api.make('createTensorIn', allocator, dimensions, shape.length, ELEMENT[dtype])
    return { type, pointer }
  }
  return {
    allocate,
    async copy({ dtype, shape, data }) {
      const [from, to] = [host.place({ dtype, shape, data }), allocate({ dtype, shape })]
      await copies[dtype].run([from], [to])
      host.release(from)
      return to
    },
    place({ dtype, shape, data }) {
      const [from, to] = [host.place({ dtype, shape, data }), allocate({ dtype, shape })]
      copies[dtype].runNow([from], [to])
      host.release(from)
      return to
    },
    async read(value) {
      const result = host.allocate(value.type)
      // At once, so that all of a state is of one moment: runs reuse the memory of what they replace.
      copies[value.type.dtype].runNow([value], [result])
      host.release(result)
      return result.tensor
    },
    release: ({ pointer }) => api.call('releaseTensor', pointer),
  }
}

export const bytesOf = ({ type: { shape } }: Value): number => 4 * sizeOf(shape)
