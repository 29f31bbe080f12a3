import type { Cloud } from './cloud.ts'
import { isNamed } from './errors.ts'

/** As `reason` in pipelines/failures.ts writes it. */
const STREAM = /\(log stream (\S+)\)/

/**
 * The last line of the log of the job that a cause tells of: Batch knows that a container has exited, and the job itself has said why.
 * Undefined where the cause tells of none, or its log is gone.
 */
export async function lastWords(
  { deployed, services }: Pick<Cloud, 'deployed' | 'services'>,
  cause: string,
): Promise<string | undefined> {
  const stream = STREAM.exec(cause)?.[1]
  if (stream === undefined) return undefined
  const where = { logGroupName: deployed.JobLogs, logStreamName: stream }
  try {
    const { events = [] } = await (await services.logs()).getLogEvents({ ...where, limit: 1 })
    return events.at(-1)?.message?.trim()
  } catch (error) {
    if (isNamed(error, 'ResourceNotFoundException')) return undefined
    throw error
  }
}
