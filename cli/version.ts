import { readFileSync } from 'node:fs'

/** package.json lies one folder up, from the sources and from the bundle alike. */
const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string
}

export { version }
