import { mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { bundle, keepOnly } from '../../scripts/bundle.mjs'

it('leaves what this build has written and nothing of an earlier one', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'trellis-bundle-'))
  const outdir = join(folder, 'dist')
  const build = async (text: string) => {
    writeFileSync(join(folder, 'later.ts'), `export const text = '${text}'`)
    writeFileSync(join(folder, 'main.ts'), "console.log((await import('./later.ts')).text)")
    await bundle({
      entryPoints: [join(folder, 'main.ts')],
      outdir,
      bundle: true,
      splitting: true,
      format: 'esm',
      sourcemap: true,
    })
    return readdirSync(outdir)
  }
  mkdirSync(join(outdir, 'functions'), { recursive: true })
  const [first, second] = [await build('first'), await build('second')]
  expect(second).toHaveLength(5)
  expect(second).toEqual(expect.arrayContaining(['functions', 'main.js', 'main.js.map']))
  expect(second.filter((file) => first.includes(file)).sort()).toEqual([
    'functions',
    'main.js',
    'main.js.map',
  ])
  keepOnly(outdir, [], 'isDirectory')
  expect(readdirSync(outdir)).not.toContain('functions')
})
