import { TrellisError } from '../../nas/errors.ts'
import { operations } from './operations.ts'
import { phases } from './phases.ts'
import { resume } from './resume.ts'
import { search } from './search.ts'
import { say } from './setting.ts'
import { headSpeed, supernetSpeed } from './speed.ts'

/* One measurement, in a process of its own: what fails, or hangs, takes no other with it. */

const measurements = { operations, resume, headSpeed, supernetSpeed, phases, search }

try {
  await measurements[process.argv[2] as keyof typeof measurements]()
} catch (cause) {
  say(cause instanceof TrellisError ? cause.message : String(cause instanceof Error ? cause.stack : cause))
  process.exitCode = 1
}
process.exit()
