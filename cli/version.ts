import { readFileSync } from 'node:fs'

/** package.json lies one folder up, from the sources and from the bundle alike. */
const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string
}

/** The build defines it, as git describes it; the sources run without. */
declare const COMMIT: string | undefined

/** '0.1.0+74c6172' of a build; '0.1.0+74c6172-dirty' where files had been changed since that commit. */
export const code = typeof COMMIT === 'undefined' || COMMIT === '' ? version : `${version}+${COMMIT}`

export { version }
