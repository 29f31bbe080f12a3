import type { Session, SessionNames, Value } from './backend.ts'
import { type CApi, cStrings, type Pointer } from './c-api.ts'

/** OrtLoggingLevel */
export const WARNING = 2
export const ERROR = 3

export const createEnvironment = (api: CApi): Pointer => api.make('createEnvironment', WARNING, 'trellis')

/** A session that also runs on the calling thread, for what is short and cannot wait. */
export interface BlockingSession extends Session {
  runNow(inputs: readonly Value[], results: readonly Value[]): void
}

/** @param configure sets options beside the number of threads */
export function createSession(
  api: CApi,
  environment: Pointer,
  model: Uint8Array,
  { inputs, results }: SessionNames,
  threads: number,
  configure: (options: Pointer) => void,
): BlockingSession & { readonly pointer: Pointer } {
  const options = api.make('createSessionOptions')
  try {
    api.call('setThreads', options, threads)
    api.call('setSeverity', options, ERROR)
    configure(options)
    const session = api.make('createSession', environment, model, model.byteLength, options)
    return { pointer: session, ...sessionOf(api, session, cStrings(inputs), cStrings(results)) }
  } finally {
    api.call('releaseSessionOptions', options)
  }
}

function sessionOf(
  api: CApi,
  session: Pointer,
  inputNames: ReturnType<typeof cStrings>,
  resultNames: ReturnType<typeof cStrings>,
): BlockingSession {
  /** Arrays that ONNX Runtime reads during a run: references protect them from the garbage collector. */
  const inUse = new Set<unknown>()
  const pointersOf = (values: readonly Value[]) => BigUint64Array.from(values, ({ pointer }) => pointer)
  const parameters = (inputs: BigUint64Array, results: BigUint64Array) =>
    [
      session,
      null,
      inputNames.addresses,
      inputs,
      inputs.length,
      resultNames.addresses,
      results.length,
      results,
    ] as const
  return {
    async run(inputs, results) {
      const tensors = { inputs: pointersOf(inputs), results: pointersOf(results) }
      inUse.add(tensors)
      try {
        await api.run(...parameters(tensors.inputs, tensors.results))
      } finally {
        inUse.delete(tensors)
      }
    },
    runNow: (inputs, results) => api.call('run', ...parameters(pointersOf(inputs), pointersOf(results))),
    dispose: async () => api.call('releaseSession', session),
  }
}
