import { EXIT } from '../../nas/runs/job.ts'

/** What Node prints around the message of an uncaught error: source, stack, fields, version. */
const afterthought = /^(\s|[}\]]|Node\.js v\d|$)/

/**
 * Why a process ended, as one line: what it said last, or by which signal or code it went. The code of a failure that a job has told
 * in its own words is for Batch, and would pass for the exit status of the command.
 */
export function reasonFor(exitCode: number | null, signal: NodeJS.Signals | null, stderr: string): string {
  if (exitCode === 0) return ''
  const said = stderr
    .split('\n')
    .findLast((line) => !afterthought.test(line))
    ?.trim()
  const ended = signal ? `killed by ${signal}` : `exit code ${exitCode}`
  if (said && exitCode === EXIT.permanentFailure) return said
  return said ? `${said} (${ended})` : ended
}
