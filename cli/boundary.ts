import { type Command, CommanderError } from 'commander'
import { TrellisError } from '../nas/errors.ts'
import { Halted } from './halted.ts'
import { Interrupted } from './interrupted.ts'
import { checkOpenFiles } from './open-files.ts'
import { printable } from './printable.ts'
import { explainSystemError } from './system-error.ts'

/**
 * Exit statuses: what was asked for is done; the run failed, or what was asked for cannot be printed; the input is bad, and nothing
 * has begun; the store or the machine failed in the middle of a run, which `resume` goes on with; a defect (EX_SOFTWARE); Ctrl-C
 * (128 + SIGINT).
 */
export const STATUS = { done: 0, failed: 1, badInput: 2, halted: 3, defect: 70, interrupted: 130 } as const

/** Runs what the command line asks for, and turns whatever comes out of it into an exit status and at most a few lines. */
export async function runCommand(program: Command): Promise<void> {
  for (const command of [program, ...program.commands]) {
    command.exitOverride().configureOutput({
      outputError: (text, write) => write(text.replace(/^error: /, 'trellis: ')),
    })
  }
  watchOutput()
  program.hook('preAction', () => checkOpenFiles())
  try {
    await program.parseAsync()
  } catch (thrown) {
    const { status, lines } = exitReportOf(thrown)
    for (const line of lines) console.error(line)
    if (status !== STATUS.done) process.exitCode = status
  }
}

/**
 * A reader that has gone away, as `head` does, is no error. A disk that is full is one, but only of what is printed: a run that
 * is under way goes on. Where not even an error can be told, the exit status has to do.
 */
function watchOutput(): void {
  process.stderr.on('error', () => {})
  let told = false
  process.stdout.on('error', ({ code }: NodeJS.ErrnoException) => {
    if (code === 'EPIPE' || told) return
    told = true
    console.error(`trellis: cannot write to standard output: ${code}`)
    process.exitCode ||= STATUS.failed
  })
}

/** What a command ends with. */
export interface ExitReport {
  readonly status: number
  readonly lines: readonly string[]
}

export function exitReportOf(raw: unknown, debug = process.env.TRELLIS_DEBUG === '1'): ExitReport {
  const thrown = explainSystemError(raw)
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
  if (thrown instanceof TrellisError || thrown instanceof Halted) {
    return {
      status: statusOf(thrown),
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

function statusOf(error: TrellisError | Halted): number {
  if (error instanceof Halted) return STATUS.halted
  return error.code === 'job-failed' ? STATUS.failed : STATUS.badInput
}

const oneLine = (text: string): string => printable(text.replace(/\s*\n\s*/g, ' '))
