import type { Handlers } from '../../../../functions/handlers.ts'
import type { Odds } from '../../../../local/simulator/faults.ts'
import { type Product, product } from '../../../../local/simulator/product.ts'
import { simulate } from '../../../../local/simulator/simulate.ts'
import { jsonBytes, parseJson } from '../../../../nas/store/json.ts'
import type { ObjectStore } from '../../../../nas/store/store.ts'
import type { StateMachine } from '../../../../pipelines/asl.ts'
import { type Edit, type Simulator, simulatorWith } from './source.ts'

/** The product with a defect that was made by hand: in what it is made of, or deep in a source of its own. */
export type Mutant = ({ readonly product: Product } | { readonly source: readonly Edit[] }) & {
  /** The violation that finds it. */
  readonly breaks: RegExp
  /** Of faults that must come together for it to show. */
  readonly odds?: Odds
}

/** How a mutant is simulated. */
export const simulatorOf = async (mutant: Mutant): Promise<Simulator> =>
  'source' in mutant
    ? simulatorWith(mutant.source, mutant.odds)
    : (pipeline, seed) => simulate(pipeline, seed, { product: mutant.product, odds: mutant.odds })

/** Defects by what is wrong, each with a seed that finds it: see find-mutants.ts. */
export type Found = Readonly<Record<string, Mutant & { readonly seed: number }>>

export type Wrap = (store: ObjectStore) => ObjectStore

/** The store as all jobs see it. */
export const inJobs = (wrap: Wrap): Product => ({
  ...product,
  runJob: (variables, environment) =>
    product.runJob(variables, { ...environment, store: wrap(environment.store) }),
})

/** The store as jobs of one kind see it. */
export const inJobsOf = (kind: string, wrap: Wrap): Product => ({
  ...product,
  runJob: (variables, environment) =>
    product.runJob(
      variables,
      variables.TRELLIS_JOB === kind ? { ...environment, store: wrap(environment.store) } : environment,
    ),
})

/** The store as jobs and functions see it. */
export const everywhere = (wrap: Wrap): Product => ({
  ...inJobs(wrap),
  handlers: (pipeline, services) => product.handlers(pipeline, { ...services, store: wrap(services.store) }),
})

/** The store as one function sees it. */
export const inFunction = (name: string, wrap: Wrap): Product => ({
  ...product,
  handlers: (pipeline, services) => ({
    ...product.handlers(pipeline, services),
    [name]: product.handlers(pipeline, { ...services, store: wrap(services.store) })[name]!,
  }),
})

type Handler = Handlers[string]

/** One function, changed. */
export const withFunction = (
  name: string,
  change: (handler: Handler, store: ObjectStore) => Handler,
): Product => ({
  ...product,
  handlers: (pipeline, services) => {
    const handlers = product.handlers(pipeline, services)
    return { ...handlers, [name]: change(handlers[name]!, services.store) }
  },
})

/** All machines, changed. */
export const withMachines = (change: (machine: StateMachine) => StateMachine): Product => ({
  ...product,
  definition: (pipeline) => {
    const { machines, ...definition } = product.definition(pipeline)
    const { Search, ...others } = machines
    return {
      ...definition,
      machines: {
        ...Object.fromEntries(Object.entries(others).map(([name, machine]) => [name, change(machine)])),
        Search: change(Search),
      },
    }
  },
})

/** The bytes of an object, changed as JSON when they are written. */
export const rewriting =
  <T>(isMeant: (key: string) => boolean, change: (value: T) => object): Wrap =>
  (store) => {
    const rewrite = (key: string, bytes: Uint8Array): Uint8Array =>
      isMeant(key) ? jsonBytes(change(parseJson(bytes) as T)) : bytes
    return {
      ...store,
      put: (key, bytes) => store.put(key, rewrite(key, bytes)),
      putIfAbsent: (key, bytes) => store.putIfAbsent(key, rewrite(key, bytes)),
    }
  }

/** A store without some of its objects. */
export const hiding =
  (isMeant: (key: string) => boolean): Wrap =>
  (store) => ({
    ...store,
    get: async (key) => (isMeant(key) ? undefined : store.get(key)),
    list: async function* (prefix) {
      for await (const key of store.list(prefix)) if (!isMeant(key)) yield key
    },
  })
