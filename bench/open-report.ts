import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { median } from 'simple-statistics'

/*
 * How long a browser takes to open and draw a report, in turns with an empty page: `tsx bench/open-report.ts report.html`;
 * `CHROMIUM` names another browser.
 */

const TURNS = 5
const folder = mkdtempSync(join(tmpdir(), 'trellis-open-'))
const empty = join(folder, 'empty.html')
writeFileSync(empty, '<!doctype html><title>empty</title>')

function open(page: string): number {
  const startedAt = performance.now()
  const screenshot = `--screenshot=${join(folder, 'page.png')}`
  const { status, stderr } = spawnSync(
    process.env.CHROMIUM ?? 'chromium',
    ['--headless', '--no-sandbox', '--disable-gpu', '--window-size=1280,4000', screenshot, `file://${page}`],
    { encoding: 'utf8' },
  )
  if (status !== 0) throw new Error(`the browser ended with ${status}: ${stderr}`)
  return performance.now() - startedAt
}

const report = resolve(process.argv[2] ?? 'report.html')
const times = Array.from({ length: TURNS }, () => open(report) - open(empty))
rmSync(folder, { recursive: true })
console.log(`${report} opens in ${median(times).toFixed(0)} ms more than an empty page (median of ${TURNS})`)
