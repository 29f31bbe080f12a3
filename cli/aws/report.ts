import { findRunIn } from '../find-run.ts'
import { type ReportOptions, writeReport } from '../report.ts'
import { inCloud } from './cloud.ts'
import { type DeployedOptions, machinesOf } from './deployed.ts'
import { latestExecution } from './executions.ts'
import { INSTEAD, onAwsRun } from './local-run.ts'

/** Writes the report of a run on AWS as it is now, and prints where it is. */
export const report = (name: string, { json, ...options }: ReportOptions & DeployedOptions): Promise<void> =>
  onAwsRun(name, INSTEAD.withoutAws, () =>
    inCloud(options, async ({ deployed, store, services }) => {
      const record = await findRunIn(store, name)
      const { Search } = machinesOf(deployed, record.config)
      const execution = await latestExecution(await services.sfn(), Search, record.run)
      await writeReport(store, record, {
        isRunning: execution?.status === 'RUNNING',
        again: `trellis resume ${record.run} --aws`,
        json,
      })
    }),
  )
