import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { build } from 'esbuild'

/** Bundles into a folder, and removes the files of it that an earlier build has left: images and functions are made of all. */
export async function bundle(options) {
  const { metafile } = await build({ ...options, metafile: true })
  keepOnly(
    options.outdir,
    Object.keys(metafile.outputs).map((path) => basename(path)),
    'isFile',
  )
}

/** Removes the files (`isFile`) or the folders (`isDirectory`) in a folder whose names are not given. */
export function keepOnly(folder, names, kind) {
  mkdirSync(folder, { recursive: true })
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry[kind]() && !names.includes(entry.name)) rmSync(join(folder, entry.name), { recursive: true })
  }
}
