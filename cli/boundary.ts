import { type Command, CommanderError } from 'commander'
import { TrellisError } from '../nas/errors.ts'
import { Interrupted } from './interrupted.ts'

/** Exit statuses: what was asked for is done; the run failed; the input is bad; a defect (EX_SOFTWARE); Ctrl-C (128 + SIGINT). */
export const STATUS = { done: 0, failed: 1, badInput: 2, defect: 70, interrupted: 130 } as const

/** Runs what the command line asks for, and turns whatever comes out of it into an exit status and at most a few lines. */
export async function runCommand(program: Command): Promise<void> {
  for (const command of [program, ...program.commands]) {
    command.exitOverride().configureOutput({
      outputError: (text, write) => write(text.replace(/^error: /, 'trellis: ')),
    })
  }
  try {
    await program.parseAsync()
  } catch (thrown) {
    const { status, lines } = exitReportOf(thrown)
    for (const line of lines) console.error(line)
    process.exitCode = status
  }
}

/** What a command ends with. */
export interface ExitReport {
  readonly status: number
  readonly lines: readonly string[]
}

export function exitReportOf(thrown: unknown, debug = process.env.TRELLIS_DEBUG === '1'): ExitReport {
  if (thrown instanceof CommanderError) {
    // Commander has printed its message, or the help that was asked for.
    return { status: thrown.exitCode === 0 ? STATUS.done : STATUS.badInput, lines: [] }
  }
  const stack = debug && thrown instanceof Error && thrown.stack ? [thrown.stack] : []
  if (thrown instanceof Interrupted) {
    return {
      status: STATUS.interrupted,
      lines: [`interrupted; continue with: trellis ${thrown.again}`],
    }
  }
  if (thrown instanceof TrellisError) {
    return {
      status: thrown.code === 'job-failed' ? STATUS.failed : STATUS.badInput,
      lines: [
        `trellis: ${oneLine(thrown.message)}`,
        ...(thrown.fix ? [`  fix: ${oneLine(thrown.fix)}`] : []),
        ...stack,
      ],
    }
  }
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  return {
    status: STATUS.defect,
    lines: [
      `trellis: ${oneLine(message)} (this is a defect of Trellis; TRELLIS_DEBUG=1 shows where)`,
      ...stack,
    ],
  }
}

const oneLine = (text: string): string => text.replace(/\s*\n\s*/g, ' ')
