import { type Document, isScalar, LineCounter, parseDocument, visit } from 'yaml'
import { TrellisError } from '../errors.ts'

/**
 * The value that YAML text stands for, as JSON could write it: there are no tags for dates, sets or bytes.
 * @param source of it, for errors
 * @throws TrellisError `invalid-config` naming the line and the column
 */
export function parseYaml(text: string, source: string): unknown {
  const lineCounter = new LineCounter()
  try {
    // The parser's own look for keys that come twice compares each with each.
    const options = { lineCounter, prettyErrors: false, resolveKnownTags: false, uniqueKeys: false }
    const document = parseDocument(text, options)
    // A tag that is unknown is a warning, after which its value is taken for text.
    const [problem] = [...document.errors, ...document.warnings, ...repeatedKeys(document)]
    // An alias without an anchor is found only by `toJS`, and so are too many of them.
    if (problem === undefined) return document.toJS()
    const { line, col } = lineCounter.linePos(problem.pos[0])
    throw notYaml(`${source}:${line}:${col}`, problem)
  } catch (error) {
    // Sections within sections by the thousand are too much for the parser.
    throw error instanceof TrellisError ? error : notYaml(source, error as Error)
  }
}

interface Problem {
  readonly message: string
  readonly pos: readonly [from: number, to: number]
}

function repeatedKeys(document: Document.Parsed): readonly Problem[] {
  const problems: Problem[] = []
  visit(document, {
    Map(_, { items }) {
      const seen = new Set<string>()
      for (const { key } of items) {
        if (!isScalar(key)) continue
        if (seen.has(String(key.value)) && problems.length === 0)
          problems.push({ message: 'a key comes twice', pos: [key.range![0], key.range![1]] })
        seen.add(String(key.value))
      }
    },
  })
  return problems
}

const notYaml = (place: string, cause: Problem | Error): TrellisError =>
  new TrellisError('invalid-config', `${place}: ${cause.message}`, { fix: 'correct the YAML there', cause })
