/*
 * The first file of the command line. It imports nothing before it has looked at the version of Node: an older one fails at an import,
 * with a stack trace that does not say why.
 */

const LEAST = [20, 9] as const

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major > LEAST[0] || (major === LEAST[0] && minor >= LEAST[1])) import('./trellis.ts')
else {
  console.error(
    `trellis: this is Node ${process.versions.node}, and Trellis needs ${LEAST.join('.')} or newer`,
  )
  console.error('  fix: install a newer one, from https://nodejs.org or with nvm install 22')
  process.exitCode = 2
}
