import { homedir } from 'node:os'
import { join } from 'node:path'

/** Where this user's deployments and prices are noted: `trellis/` in the XDG configuration folder. */
export const configFolder = (environment: NodeJS.ProcessEnv = process.env): string =>
  join(environment.XDG_CONFIG_HOME || join(homedir(), '.config'), 'trellis')
