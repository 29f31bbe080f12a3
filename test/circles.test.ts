import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { expect, test } from 'vitest'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const PRODUCT = ['cli', 'local', 'functions', 'containers', 'pipelines', 'report', 'infra', 'nas']

const filesOf = (folder: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name))

/**
 * The files whose code runs before the file's own: its static imports and re-exports, other than `import type`. A dynamic
 * import runs later, so it closes no circle.
 */
function valueImports(file: string, text: string): string[] {
  const { statements } = ts.createSourceFile(file, text, ts.ScriptTarget.Latest)
  return statements.flatMap((statement) => {
    const isImport = ts.isImportDeclaration(statement)
    if (!isImport && !ts.isExportDeclaration(statement)) return []
    const isTypeOnly = isImport ? statement.importClause?.isTypeOnly : statement.isTypeOnly
    const { moduleSpecifier } = statement
    if (isTypeOnly || !moduleSpecifier || !ts.isStringLiteral(moduleSpecifier)) return []
    const { text: target } = moduleSpecifier
    return target.startsWith('.') ? [normalize(join(dirname(file), target))] : []
  })
}

/** Strongly connected components of more than one node (Tarjan 1972), each as its sorted nodes. */
function circles(edges: ReadonlyMap<string, readonly string[]>): string[][] {
  const found: string[][] = []
  const index = new Map<string, number>()
  const low = new Map<string, number>()
  const path: string[] = []
  const visit = (node: string) => {
    index.set(node, index.size)
    low.set(node, index.get(node)!)
    path.push(node)
    for (const next of edges.get(node) ?? []) {
      if (!index.has(next)) visit(next)
      if (path.includes(next)) low.set(node, Math.min(low.get(node)!, low.get(next)!))
    }
    if (low.get(node) !== index.get(node)) return
    const component = path.splice(path.indexOf(node))
    if (component.length > 1) found.push(component.sort())
  }
  for (const node of edges.keys()) if (!index.has(node)) visit(node)
  return found
}

test('circles are found through any number of files, and type imports are no part of one', () => {
  const files = {
    'nas/a.ts': "import { b } from './b.ts'\nimport { e } from './e.ts'",
    'nas/b.ts': "export { c } from './in/c.ts'",
    'nas/in/c.ts': "import {\n  type A,\n  a,\n} from '../a.ts'",
    'nas/d.ts': "import { e } from './e.ts'\nexport type { A } from './a.ts'",
    'nas/e.ts': "import type { D } from './d.ts'\nconst later = () => import('./a.ts')",
  }
  const edges = new Map(Object.entries(files).map(([file, text]) => [file, valueImports(file, text)]))
  expect(circles(edges)).toEqual([['nas/a.ts', 'nas/b.ts', 'nas/in/c.ts']])
})

test('no files of the product import values of each other in a circle', () => {
  const edges = new Map(
    PRODUCT.flatMap(filesOf).map((file) => [
      file,
      valueImports(file, readFileSync(join(root, file), 'utf8')),
    ]),
  )
  expect(edges.size).toBeGreaterThan(400)
  expect(circles(edges).map((files) => files.join(' '))).toEqual([])
})
