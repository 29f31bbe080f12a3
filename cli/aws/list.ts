import { searchesOf } from '../../infra/outputs.ts'
import { type ListOptions, listRuns, printRuns } from '../list.ts'
import { inCloud } from './cloud.ts'
import type { DeployedOptions } from './deployed.ts'
import { executionsOf, parseExecutionName } from './executions.ts'

/** Prints the runs of a deployment, the latest first. */
export const list = ({ json, ...options }: ListOptions & DeployedOptions): Promise<void> =>
  inCloud(options, async ({ deployed, store, services }) => {
    const sfn = await services.sfn()
    const running = new Set<string>()
    for (const machine of Object.values(deployed.cards).flatMap(searchesOf)) {
      for await (const { name } of executionsOf(sfn, machine, 'RUNNING'))
        running.add(parseExecutionName(name!).run)
    }
    printRuns(store, await listRuns(store, async (run) => running.has(run)), json)
  })
