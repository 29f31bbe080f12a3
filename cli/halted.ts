import { TrellisError } from '../nas/errors.ts'
import type { ObjectStore } from '../nas/store/store.ts'
import { probeStore } from './probe-store.ts'
import { explainSystemError } from './system-error.ts'

/** The store or the machine failed in the middle of a run, which goes on where it was once that is mended. */
export class Halted extends Error {
  readonly fix: string

  /** @param again what follows `trellis` to go on */
  constructor({ message, fix = 'mend that' }: TrellisError, again: string, cause: unknown) {
    super(message, { cause })
    this.fix = `${fix}; then go on with: trellis ${again}`
  }
}

/** About as much as a checkpoint. */
const PROBE_BYTES = 4 * 2 ** 20

/** What is told of a run that has failed. Where its store cannot be written, that is why, whatever it has led to. */
export async function causeOf(thrown: unknown, store: ObjectStore, again: string): Promise<unknown> {
  const failure = explainSystemError(thrown)
  if (!(failure instanceof TrellisError)) return failure
  if (failure.code === 'store-failed' || failure.code === 'service-failed')
    return new Halted(failure, again, thrown)
  if (failure.code !== 'job-failed') return failure
  try {
    await probeStore(store, PROBE_BYTES)
    return failure
  } catch (refused) {
    if (!(refused instanceof TrellisError)) return failure
    const { code, message, fix } = refused
    const both = new TrellisError(code, `the store fails: ${message} (${failure.message})`, {
      ...(fix && { fix }),
    })
    return new Halted(both, again, thrown)
  }
}
