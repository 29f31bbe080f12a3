import { readRun, runRecordSchema, UNKNOWN } from '../nas/pipelines/run.ts'
import { type Verified, verifyRun } from '../nas/pipelines/verify.ts'
import { runKeys } from '../nas/runs/keys.ts'
import { inspectJson } from '../nas/store/json.ts'
import { openStore } from '../nas/store/open.ts'
import type { ObjectStore } from '../nas/store/store.ts'
import { count, counted } from '../report/format.ts'
import { STATUS } from './boundary.ts'
import { DEFAULT_STORE, nameOfRun, type RunOptions } from './find-run.ts'
import { printJson, verifyJson } from './json.ts'
import { table } from './table.ts'

interface VerifyOptions extends RunOptions {
  readonly json?: boolean
}

/** Reads all that a run refers to, and tells what is sound, and what to do about the rest. Ends with 1 where there is a rest. */
export async function verify(
  name: string,
  { store: location = DEFAULT_STORE, json }: VerifyOptions,
): Promise<void> {
  const store = openStore(location)
  const run = await nameOfRun(store, name)
  const verified = await verifiedIn(store, run)
  if (json) printJson(verifyJson, { run, sound: verified.sound, lost: [...verified.lost] })
  else console.log(inWords(run, store, verified))
  if (verified.lost.length > 0) process.exitCode = STATUS.failed
}

/** Without its record, nothing tells what else a run refers to. */
async function verifiedIn(store: ObjectStore, run: string): Promise<Verified> {
  const { config: key } = runKeys(run)
  const record = await inspectJson(store, key, runRecordSchema)
  if (record !== undefined && 'flaw' in record)
    return { sound: {}, lost: [{ key, flaw: 'is not what was written there', remedy: UNKNOWN }] }
  return verifyRun(store, await readRun(store, run))
}

function inWords(run: string, { location }: ObjectStore, { sound, lost }: Verified): string {
  const kinds = Object.entries(sound)
  const total = kinds.reduce((sum, [, n]) => sum + n, 0)
  return [
    `Run ${run}: ${counted(total, 'sound object')}, ${count(lost.length)} missing or damaged`,
    ...(kinds.length === 0 ? [] : [table(kinds.map(([kind, n]) => [`  ${kind}`, count(n)]))]),
    ...lost.flatMap(({ key, flaw, remedy }) => [`${location}/${key} ${flaw}`, `  fix: ${remedy}`]),
  ].join('\n')
}
