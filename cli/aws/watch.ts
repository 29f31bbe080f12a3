import { setTimeout } from 'node:timers/promises'
import { nameOfRun } from '../find-run.ts'
import { type Printing, printRun } from '../summary.ts'
import { createTerminal, type Terminal } from '../terminal.ts'
import { type Cloud, inCloud } from './cloud.ts'
import type { DeployedOptions } from './deployed.ts'
import { INSTEAD, onAwsRun } from './local-run.ts'
import { checkSucceeded, takeSnapshot, viewOfSnapshot } from './snapshot.ts'

/** Often enough to see a round go by; a day of it costs cents in requests. */
const EVERY_MS = 15_000

/** Shows how a run gets on until it ends, or until Ctrl-C, which the run does not notice. */
export const watch = (name: string, { json, ...options }: DeployedOptions & Printing): Promise<void> =>
  onAwsRun(name, INSTEAD.look, () =>
    inCloud(options, async (cloud) => watchIn(cloud, await nameOfRun(cloud.store, name), { json })),
  )

export interface WatchOptions extends Printing {
  readonly terminal?: Terminal
  readonly wait?: () => Promise<unknown>
}

/** @throws TrellisError `job-failed` when the run ends without success */
export async function watchIn(
  cloud: Cloud,
  run: string,
  { terminal = createTerminal(), wait = () => setTimeout(EVERY_MS), json }: WatchOptions = {},
): Promise<void> {
  const { record, execution } = await untilEnd()
  if (execution !== undefined) await checkSucceeded(cloud, run, execution)
  await printRun(cloud.store, record, { json })

  async function untilEnd() {
    try {
      for (;;) {
        const snapshot = await takeSnapshot(cloud, run)
        if (snapshot.execution?.status !== 'RUNNING') return snapshot
        terminal.show(viewOfSnapshot(snapshot))
        await wait()
      }
    } finally {
      terminal.close()
    }
  }
}
