import { type Document, isAlias, isMap, isNode, isScalar, LineCounter, parseDocument, visit } from 'yaml'
import { TrellisError } from '../errors.ts'

/**
 * The value that YAML text stands for, as JSON could write it: there are no tags for dates, sets or bytes, and keys are text.
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
    const [problem] = [
      ...controlsIn(text),
      ...document.errors.map(inWords),
      ...document.warnings,
      ...flawsOf(document),
    ]
    // Too many aliases are found only by `toJS`.
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

/** Those that are no `c-printable` (YAML 1.2.2, section 5.1). */
const CONTROL = /[^\P{Cc}\t\n\r\x85]/u

function controlsIn(text: string): readonly Problem[] {
  const found = CONTROL.exec(text)
  if (found === null) return []
  const number = found[0].codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')
  return [{ message: `a control character, U+${number}`, pos: [found.index, found.index + 1] }]
}

const inWords = ({ code, message, pos }: Document.Parsed['errors'][number]): Problem =>
  code === 'MULTIPLE_DOCS'
    ? { message: 'a second document begins here, and one is read', pos }
    : { message, pos }

/** What the parser lets pass: the first key that is no text or comes twice, and the first alias of nothing. */
function flawsOf(document: Document.Parsed): readonly Problem[] {
  const anchors = new Set<string>()
  const problems: Problem[] = []
  const add = (message: string, [from, to]: readonly number[]) => {
    problems.push({ message, pos: [from!, to!] })
    return visit.BREAK
  }
  visit(document, (_, node) => {
    if (isAlias(node) && !anchors.has(node.source))
      return add(`*${node.source} stands for nothing: no &${node.source} is above it`, node.range!)
    if (isNode(node) && !isAlias(node) && node.anchor !== undefined) anchors.add(node.anchor)
    if (!isMap(node)) return undefined
    const seen = new Set<string>()
    for (const { key } of node.items) {
      const place = (isNode(key) ? key : node).range!
      if (!isScalar(key)) return add('a key must be text', place)
      if (seen.has(String(key.value))) return add('a key comes twice', place)
      seen.add(String(key.value))
    }
    return undefined
  })
  return problems
}

const notYaml = (place: string, cause: Problem | Error): TrellisError =>
  new TrellisError('invalid-config', `${place}: ${cause.message}`, { fix: 'correct the YAML there', cause })
