import type { FunctionDefinition } from '../pipelines/pipeline.ts'
import { type SharedFunction, sharedFunctions } from '../pipelines/shared.ts'
import { finalize } from './finalize.ts'
import { pipelines } from './index.ts'
import type { LambdaFunction, Services } from './lambda-function.ts'
import { recordFailure } from './record-failure.ts'

const shared: Readonly<Record<SharedFunction, LambdaFunction<unknown>>> = {
  RecordFailure: recordFailure,
  Finalize: finalize,
}

/** Functions as a state machine calls them, by the names that stand in its definition. */
export type Handlers = Readonly<Record<string, (event: unknown) => Promise<unknown>>>

/** All that the machines of a pipeline can call. */
export function handlersOf(pipeline: string, services: Services): Handlers {
  const all = Object.entries({ ...shared, ...pipelines.of(pipeline).handlers })
  return Object.fromEntries(all.map(([name, make]) => [name, make(services)]))
}

/** A function by where it is deployed: `Finalize` for all pipelines, `dpc/Propose` for one. Undefined where there is none. */
export function functionAt(
  address: string,
): { readonly make: LambdaFunction<unknown>; readonly definition: FunctionDefinition } | undefined {
  const [first, name, ...others] = address.split('/') as [string, ...string[]]
  if (others.length > 0) return undefined
  const { handlers, functions } =
    name === undefined
      ? { handlers: shared, functions: sharedFunctions }
      : { ...pipelines.of(first), functions: pipelines.of(first).definition.functions }
  const make = new Map<string, LambdaFunction<unknown>>(Object.entries(handlers)).get(name ?? first)
  const definition = new Map<string, FunctionDefinition>(Object.entries(functions)).get(name ?? first)
  return make && definition && { make, definition }
}
