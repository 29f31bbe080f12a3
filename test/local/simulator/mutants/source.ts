import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { relative } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build, type Plugin } from 'esbuild'
import type { Odds } from '../../../../local/simulator/faults.ts'
import type { Simulated, simulate as simulateAsIs } from '../../../../local/simulator/simulate.ts'

/** A text of a source, and what stands there instead. */
export interface Edit {
  /** From the root of the repository. */
  readonly file: string
  readonly from: string
  readonly to: string
}

export type Simulator = (pipeline: string, seed: number) => Promise<Simulated>

const root = fileURLToPath(new URL('../../../../', import.meta.url))

/** The simulator over sources that were edited: bundled, since a module that was imported stays as it was. */
export async function simulatorWith(edits: readonly Edit[], odds: Odds | undefined): Promise<Simulator> {
  const name = createHash('sha256').update(JSON.stringify(edits)).digest('hex').slice(0, 16)
  const outfile = `${root}node_modules/.cache/mutants/${name}.mjs`
  await build({
    entryPoints: [`${root}local/simulator/simulate.ts`],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    plugins: [editing(edits)],
  })
  const { simulate } = (await import(pathToFileURL(outfile).href)) as {
    readonly simulate: typeof simulateAsIs
  }
  return (pipeline, seed) => simulate(pipeline, seed, { odds })
}

const editing = (edits: readonly Edit[]): Plugin => ({
  name: 'editing',
  setup: ({ onLoad }) =>
    onLoad({ filter: /\.ts$/ }, ({ path }) => {
      const own = edits.filter(({ file }) => file === relative(root, path))
      if (own.length === 0) return undefined
      return { loader: 'ts', contents: own.reduce(edited, readFileSync(path, 'utf8')) }
    }),
})

function edited(text: string, { file, from, to }: Edit): string {
  const [before, after, ...others] = text.split(from)
  if (after === undefined || others.length > 0)
    throw new Error(
      `"${from}" stands in ${file} ${others.length + (after === undefined ? 0 : 1)} times, not once`,
    )
  return before + to + after
}
