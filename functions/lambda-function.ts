import { z } from 'zod'
import { TrellisError } from '../nas/errors.ts'
import { runNameSchema } from '../nas/runs/config.ts'
import { LARGEST_NUMBER } from '../nas/runs/keys.ts'
import type { ObjectStore, VersionedStore } from '../nas/store/store.ts'
import { checkAnswer } from './answer.ts'

/** All that a function knows of the world. */
export interface Services {
  readonly store: ObjectStore
  /** Where a dataset lies that is made of files; the store at that path unless said otherwise. */
  readonly openDataset?: (path: string) => Pick<VersionedStore, 'versions'>
}

/** A step of a state machine: payload in, payload out. Called twice, or by two at once, it comes to the same. */
export type LambdaFunction<Output> = (services: Services) => (event: unknown) => Promise<Output>

export const runEvent = { run: runNameSchema }

/** A round reads all rounds before it: a number that none has would exhaust memory. */
export const roundEvent = {
  ...runEvent,
  round: z.int().nonnegative().max(LARGEST_NUMBER, `rounds have numbers up to ${LARGEST_NUMBER}`),
}

/** @throws (when called) TrellisError `invalid-pipeline` for a payload of another form, and for an answer that is too long */
export const lambdaFunction =
  <Event, Output>(
    name: string,
    schema: z.ZodType<Event>,
    body: (event: Event, services: Services) => Promise<Output>,
  ): LambdaFunction<Output> =>
  (services) =>
  async (event) => {
    const parsed = schema.safeParse(event)
    if (parsed.success) return checkAnswer(name, await body(parsed.data, services))
    const { path, message } = parsed.error.issues[0]!
    throw new TrellisError('invalid-pipeline', `wrong payload for ${name}: ${path.join('.')}: ${message}`, {
      fix: 'ARCHITECTURE.md lists what each function takes',
      cause: parsed.error,
    })
  }
