import type { Session, SessionNames, Value } from './backend.ts'
import { type CApi, cStrings, type Pointer } from './c-api.ts'

/** OrtLoggingLevel */
const WARNING = 2
export const ERROR = 3

export const createEnvironment = (api: CApi): Pointer => api.make('createEnvironment', WARNING, 'trellis')

/** A session that also runs on the calling thread, for what is short and cannot wait. */
export interface BlockingSession extends Session {
  runNow(inputs: readonly Value[], results: readonly Value[]): void
}

/** @param configure sets options beside the number of threads */
export async function createSession(
  api: CApi,
  environment: Pointer,
  model: Uint8Array,
  { inputs, results }: SessionNames,
  threads: number,
  configure: (options: Pointer) => void,
): Promise<BlockingSession & { readonly pointer: Pointer }> {
  const options = api.make('createSessionOptions')
  try {
    api.call('setThreads', options, threads)
    api.call('setSeverity', options, ERROR)
    configure(options)
    const session = await api.createSession(environment, model, model.byteLength, options)
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
  const runOf = (inputs: readonly Value[], results: readonly Value[]) =>
    [
      session,
      null,
      inputNames.addresses,
      pointersOf(inputs),
      inputs.length,
      resultNames.addresses,
      results.length,
      pointersOf(results),
    ] as const
  return {
    run: (inputs, results) => api.run(...runOf(inputs, results)),
    runNow(inputs, results) {
      api.call('run', ...runOf(inputs, results))
    },
    dispose: async () => api.call('releaseSession', session),
  }
}

/** A loop, as a function for each element takes a part of a short run. */
function pointersOf(values: readonly Value[]): BigUint64Array {
  const pointers = new BigUint64Array(values.length)
  for (let i = 0; i < values.length; i++) pointers[i] = values[i]!.pointer
  return pointers
}
