import type { Write } from './bucket.ts'
import type { SimulatedProcess } from './process.ts'
import type { MachineEvent, Watch } from './world.ts'

/** A result as it reached the store. */
interface Offer {
  readonly by: string
  readonly at: number
}

/** All of a simulated run that cannot be seen in its store afterwards. */
export interface Observations {
  /** By trial: when which process began to train it. */
  readonly begun: ReadonlyMap<string, readonly Offer[]>
  /** By trial: results that jobs offered, kept or dropped. */
  readonly offered: ReadonlyMap<string, readonly Offer[]>
  /** Objects that are written once, and were written again. */
  readonly overwritten: readonly string[]
  /** When each verdict was taken, by its key. */
  readonly verdicts: ReadonlyMap<string, number>
  /** The largest payload of all states, in bytes, and where it was. */
  readonly largest: { readonly bytes: number; readonly where: string }
  /** The most events of one execution. */
  readonly events: number
}

/** What is put if absent: the first that is written stays. */
const WRITTEN_ONCE =
  /\/result\.json$|\/rounds\/\d+(\.results|\.verdict)?\.json$|\/rerank\/\w+\/candidates\.json$/

export function observe(log: Watch['log'], onEvent: Watch['onEvent']): { watch: Watch; seen: Observations } {
  const begun = new Map<string, Offer[]>()
  const offered = new Map<string, Offer[]>()
  const overwritten: string[] = []
  const verdicts = new Map<string, number>()
  const seen = { begun, offered, overwritten, verdicts, largest: { bytes: 0, where: '' }, events: 0 }
  const add = (map: Map<string, Offer[]>, key: string, offer: Offer) => {
    const known = map.get(key)
    if (known === undefined) map.set(key, [offer])
    else known.push(offer)
  }
  const isJob = ({ name }: SimulatedProcess) => name.startsWith('job')

  const watch: Watch = {
    log,
    onTrial: (by, trial, at) => add(begun, trial, { by, at }),
    onWrite({ by, key, kept, before }: Write, at) {
      log(by.name, `${kept ? 'writes' : 'is too late for'} ${key}`)
      const trial = /^trials\/(\w+)\/result\.json$/.exec(key)?.[1]
      if (trial !== undefined && isJob(by)) add(offered, trial, { by: by.name, at })
      if (kept && before !== undefined && WRITTEN_ONCE.test(key)) overwritten.push(key)
      if (kept && key.endsWith('.verdict.json')) verdicts.set(key, at)
    },
    onEvent(event: MachineEvent) {
      const { input, output, error } = event.detail
      const payload = input ?? output
      const bytes = payload === undefined ? 0 : Buffer.byteLength(JSON.stringify(payload))
      if (bytes > seen.largest.bytes) seen.largest = { bytes, where: `${event.type} ${event.state}` }
      seen.events = Math.max(seen.events, event.id)
      log(
        `execution${event.execution}${event.path}`,
        `${event.type} ${event.state ?? ''}${error === undefined ? '' : ` ${error}`}`,
      )
      onEvent(event)
    },
  }
  return { watch, seen }
}
