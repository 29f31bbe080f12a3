// A job that does what ACT says, and leaves a trace of each attempt in FOLDER.
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const { ACT, FOLDER, AWS_BATCH_JOB_ID: id, AWS_BATCH_JOB_ATTEMPT: attempt } = process.env
const trace = (line) => appendFileSync(join(FOLDER, 'trace'), `${line}\n`)
const lines = () => readFileSync(join(FOLDER, 'trace'), 'utf8').split('\n')

// What every job has to do: exit when the lifeline is cut, without being kept alive by listening for that.
process.on('disconnect', () => {
  trace('disconnect')
  process.exit(75)
})
process.channel?.unref()

const hang = () => setInterval(() => {}, 1000)
const acts = {
  ok: () => trace(`ok ${id} ${attempt}`),
  progress: () => process.send({ kind: 'progress', trial: 't', step: 1, steps: 2, loss: 0.5 }),
  gossip: () => process.send({ kind: 'gossip' }),
  // Fails until its third attempt.
  flaky: () => {
    if (attempt < 3) process.exitCode = 75
    trace(`flaky ${attempt}`)
  },
  impossible: () => {
    console.error('first line\nthe input is bad')
    process.exitCode = 2
  },
  throws: () => {
    throw new TypeError('a defect')
  },
  killed: () => process.kill(process.pid, 'SIGKILL'),
  polite: () => {
    process.on('SIGTERM', () => {
      trace('checkpoint')
      process.exit(75)
    })
    trace('started')
    hang()
  },
  stubborn: () => {
    process.on('SIGTERM', () => {})
    trace('started')
    hang()
  },
  nap: () => {
    trace('begin')
    setTimeout(() => trace('end'), 150)
  },
  // Ends only beside another that does the same.
  meet: () => {
    trace('here')
    const look = () =>
      lines().filter((line) => line === 'here').length < 2 ? setTimeout(look, 20) : undefined
    look()
  },
}
if (ACT) acts[ACT]()
else {
  writeFileSync(join(FOLDER, 'pid'), String(process.pid))
  hang()
}
