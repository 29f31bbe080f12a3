import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { encode } from 'fast-png'
import { onTestFinished } from 'vitest'
import { HANG_MS } from '../hang.ts'
import { TINY } from './tiny.ts'

/** The command as users run it: bundled. */
export const bundle = fileURLToPath(new URL('../../dist/trellis.js', import.meta.url))
if (!existsSync(bundle)) throw new Error(`${bundle} is missing: npm run build`)

export interface Ended {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Starts `trellis` in a folder. `ended` resolves with what it printed. */
export function startTrellis(
  cwd: string,
  args: readonly string[],
): { child: ChildProcess; ended: Promise<Ended> } {
  const child = spawn(process.execPath, [bundle, ...args], { cwd, timeout: HANG_MS })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text) => {
    stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text
  })
  const ended = new Promise<Ended>((resolve) => {
    child.on('close', (status) => resolve({ status, stdout, stderr }))
  })
  return { child, ended }
}

export const trellis = (cwd: string, ...args: string[]): Promise<Ended> => startTrellis(cwd, args).ended

/** A command, and when it is killed. */
export interface Kill {
  readonly args: readonly string[]
  /** Killed soon after there is this file or folder, which is a little way into what writes it. */
  readonly after: string
}

/** Milliseconds in which a step that has begun gets on. */
const INTO_A_STEP = 500

/** Starts one command after another in a folder, and kills each. */
export async function killEach(folder: string, kills: readonly Kill[]): Promise<void> {
  for (const { args, after } of kills) {
    const { child, ended } = startTrellis(folder, args)
    while (!existsSync(after) && child.exitCode === null) await setTimeout(20)
    await setTimeout(INTO_A_STEP)
    child.kill('SIGKILL')
    await ended
  }
}

/** An empty folder, for one test unless it says when it is done with. */
export function emptyFolder(whenDone: (remove: () => void) => void = onTestFinished): string {
  const folder = mkdtempSync(join(tmpdir(), 'trellis-cli-'))
  whenDone(() => rmSync(folder, { recursive: true }))
  return folder
}

export function writeConfig(folder: string, text: string = TINY): string {
  const file = join(folder, 'search.yaml')
  writeFileSync(file, text)
  return file
}

/** An image, or a mask, of one value, or of several in turn. */
export function writePng(
  path: string,
  [height, width]: [number, number],
  channels: 1 | 3,
  ...values: readonly number[]
): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(
    path,
    encode({
      width,
      height,
      channels,
      data: Uint8Array.from({ length: height * width * channels }, (_, i) => values[i % values.length]!),
    }),
  )
}
