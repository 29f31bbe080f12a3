import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect, test, vi } from 'vitest'
import { HANG_MS } from '../hang.ts'

test('the first Ctrl-C asks to stop, the second ends the process', async () => {
  const script = fileURLToPath(new URL('interrupted.ts', import.meta.url))
  const child = spawn(process.execPath, ['--import', 'tsx', script], { stdio: ['ignore', 'pipe', 'ignore'] })
  let said = ''
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk
  })
  const until = (text: string) => vi.waitFor(() => expect(said).toBe(text), { timeout: HANG_MS })
  await until('ready\n')
  child.kill('SIGINT')
  await until('ready\nstopping\n')
  expect(child.exitCode).toBeNull()
  const ended = once(child, 'exit')
  child.kill('SIGINT')
  expect(await ended).toEqual([null, 'SIGINT'])
})
