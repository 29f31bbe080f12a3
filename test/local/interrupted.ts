import { PassThrough } from 'node:stream'
import { interruptSignal } from '../../local/interrupt.ts'

/** Says what becomes of it on stdout, and ends only by a signal; interrupt.test.ts sends them. */
interruptSignal().addEventListener('abort', () => console.log('stopping'))
setInterval(() => {}, 1000)
// On a terminal, what draws progress hides the cursor, and listens for signals to restore it.
process.stderr.isTTY = true
const { createLogUpdate } = await import('log-update')
const terminal = Object.assign(new PassThrough(), { isTTY: true, columns: 80, rows: 24 })
createLogUpdate(terminal as never)('progress')
console.log('ready')
