import { readFileSync } from 'node:fs'
import { TrellisError } from '../nas/errors.ts'

/** What a search opens at once, most of it modules that are loaded. Where one cannot be opened, Node says that it is not there. */
const LEAST = 256

/** @throws TrellisError `unsupported` where this process may not open as many files as a command does */
export function checkOpenFiles(limits = limitsOfProcess()): void {
  const [, most] = /^Max open files +(\d+)/m.exec(limits) ?? []
  if (most === undefined || Number(most) >= LEAST) return
  throw new TrellisError(
    'unsupported',
    `this process may open ${most} files, and a search takes up to ${LEAST}`,
    {
      fix: 'let it open more: ulimit -n 1024',
    },
  )
}

/** See proc_pid_limits(5); Linux only. */
function limitsOfProcess(): string {
  try {
    return readFileSync('/proc/self/limits', 'utf8')
  } catch {
    return ''
  }
}
