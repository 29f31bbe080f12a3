import { storeLayout } from '../../nas/pipelines/layout.ts'
import type { Write } from './bucket/bucket.ts'
import type { Beginning, Observations, Sighting } from './observations.ts'
import { createPolicyCheck } from './policy-check.ts'
import type { SimulatedProcess } from './process.ts'
import type { MachineEvent, Watch } from './watch.ts'

/** Notes what the promises of a run are checked against. */
export function observe(log: Watch['log'], onEvent: Watch['onEvent']): { watch: Watch; seen: Observations } {
  const begun = new Map<string, Beginning[]>()
  const offered = new Map<string, Sighting[]>()
  const written = new Map<string, number>()
  const latest = new Map<string, number>()
  const refused = new Map<string, number>()
  const changed = new Set<string>()
  const forbidden: string[] = []
  const seen = {
    begun,
    offered,
    written,
    latest,
    refused,
    changed,
    forbidden,
    largest: { bytes: 0, where: '' },
    events: 0,
  }
  const policies = createPolicyCheck(storeLayout())

  const watch: Watch = {
    log,
    onTrial: (by, run, trial, at) => add(begun, trial, { by, run, at }),
    onWrite(write: Write, at) {
      const { by, key, kept, before, bytes } = write
      log(by.name, `${kept ? 'writes' : 'is too late for'} ${key}`)
      const trial = trialOfResult(key)
      if (trial !== undefined && isJob(by)) add(offered, trial, { by: by.name, at })
      if (!written.has(key)) written.set(key, at)
      if (kept) latest.set(key, at)
      if (kept && before !== undefined && Buffer.compare(before, bytes) !== 0) changed.add(key)
      const broken = policies.brokenBy(write)
      if (broken !== undefined) forbidden.push(broken)
    },
    onRefused(by, key, at) {
      log(by.name, `is refused ${key}`)
      refused.set(key, at)
    },
    onLost(key) {
      const trial = trialOfResult(key)
      if (trial !== undefined) offered.delete(trial)
    },
    onDenied: (by, operation, key) => forbidden.push(`${by.name} has no right to ${operation} ${key}`),
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

function add<S>(map: Map<string, S[]>, key: string, sighting: S): void {
  const known = map.get(key)
  if (known === undefined) map.set(key, [sighting])
  else known.push(sighting)
}

const trialOfResult = (key: string): string | undefined => /^trials\/(\w+)\/result\.json$/.exec(key)?.[1]

const isJob = ({ name }: SimulatedProcess) => name.startsWith('job')
