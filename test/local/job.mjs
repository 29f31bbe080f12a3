// A job of the run tests: leaves a result for each of its trials. What else it does, a trial says by its name.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const { TRELLIS_JOB, TRELLIS_STORE, TRELLIS_INPUT, AWS_BATCH_JOB_ATTEMPT } = process.env
const put = (key, text) => {
  const path = join(TRELLIS_STORE, key)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}

process.on('disconnect', () => process.exit(75))
process.channel?.unref()

if (TRELLIS_JOB === 'pretrain' || TRELLIS_JOB === 'features') put(`made/${TRELLIS_JOB}`, 'done')
for (const trial of JSON.parse(TRELLIS_INPUT).trials ?? []) {
  if (trial === 'impossible') {
    console.error('no such trial')
    process.exit(2)
  }
  if (trial === 'dies-once' && AWS_BATCH_JOB_ATTEMPT === '1') process.kill(process.pid, 'SIGKILL')
  if (trial === 'waits' && !existsSync(join(TRELLIS_STORE, 'go'))) {
    process.on('SIGTERM', () => {
      put(`trials/${trial}/checkpoint`, 'half')
      process.exit(75)
    })
    put('waiting', '')
    setInterval(() => {}, 1000)
    break
  }
  process.send({ kind: 'progress', trial, step: 1, steps: 1, loss: 0.5 })
  put(`trials/${trial}/${TRELLIS_JOB}.txt`, 'done')
}
